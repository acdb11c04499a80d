"""Rows of what brings people in, back, on and out: gifts, campaigns, referrals, win-backs, pauses, plan changes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from lumenpay.kit.ids import new_uuid7
from lumenpay.models.billing import PlatformRefund, PlatformSubscription
from lumenpay.models.campaigns import Campaign
from lumenpay.models.erasures import Erasure, ForgettingRule
from lumenpay.models.features import TenantFeature
from lumenpay.models.gifts import Gift, GiftLink
from lumenpay.models.pauses import Leaving, LeavingReason, LeavingRules, OfferKind, PausedBy, SubscriptionPause
from lumenpay.models.plan_changes import ChangeKind, PlanChange
from lumenpay.models.promo_codes import DiscountKind
from lumenpay.models.referrals import Referral, ReferralSettings, ReferralState, RewardKind
from lumenpay.models.users import User
from lumenpay.models.win_backs import WinBack, WinBackOffer, WinBackOptOut, WinBackSeries, WinBackStep

if TYPE_CHECKING:
    from tests.isolation.cast import Side


def offers_of(side: Side, now: datetime) -> list[list[Any]]:
    """Return the rows in the order in which they need one another; people, plans and orders are there already."""
    ids, mark, at, month = side.ids, side.mark, {"created_at": now}, now + timedelta(days=30)
    tenant = {"tenant_id": ids["tenant_id"]}
    bot, user, plan, paid = ({**tenant, name: ids[name]} for name in ("bot_id", "user_id", "plan_id", "payment_id"))
    subscribed = {**tenant, "subscription_id": ids["subscription_id"]}
    return [
        [
            SubscriptionPause(
                **subscribed, id=new_uuid7(), started_by=PausedBy.TEAM, started_at=now, until_at=month, ended_at=now,
                ended_by=PausedBy.TEAM,
            ),
            LeavingRules(**plan, offer_kind=OfferKind.PROMO_CODE, offer_promo_code_id=ids["promo_code_id"]),
            Leaving(
                **plan, id=ids["leaving_id"], subscription_id=ids["subscription_id"], user_id=ids["user_id"],
                reason=LeavingReason.OTHER, offer_kind=OfferKind.PROMO_CODE,
                offer_promo_code_id=ids["promo_code_id"], **at,
            ),
        ],
        [
            WinBackSeries(**tenant, id=new_uuid7(), is_on=True, changed_at=now),
            WinBackStep(
                **tenant, number=1, after_days=3, discount_kind=DiscountKind.PERCENT, discount_value=10, valid_days=3,
                plan_ids=[ids["plan_id"]],
            ),
            WinBackOptOut(**user, **at),
            WinBack(
                **plan, id=ids["win_back_id"], bot_id=ids["bot_id"], subscription_id=ids["subscription_id"],
                user_id=ids["user_id"], ended_at=now, stopped_at=now,
            ),
            PlatformSubscription(
                **tenant, id=new_uuid7(), plan_code=mark, stripe_subscription_id=f"sub_{mark}", next_look_at=month, **at
            ),
            PlatformRefund(
                **tenant, id=new_uuid7(), stripe_invoice_id="in_1", invoice_number="A-1",
                stripe_payment_intent_id="pi_1", amount_minor=100, currency="USD", reason=mark,
                request_key="key-key-key", **at,
            ),
            TenantFeature(**tenant, feature="retired", is_on=True, changed_at=now),
            Gift(
                **plan, id=ids["gift_id"], bot_id=ids["bot_id"], payment_id=ids["payment_id"],
                giver_id=ids["user_id"], expires_at=month, next_step_at=month, **at,
            ),
            Campaign(
                **plan, id=ids["campaign_id"], bot_id=ids["bot_id"], name=mark, source=mark,
                promo_code_id=ids["promo_code_id"], **at,
            ),
            ReferralSettings(**bot, is_on=True, reward_kind=RewardKind.DAYS, reward_value=7, changed_at=now),
            User(**bot, id=ids["invited_id"], telegram_id=4343, first_name=mark, last_seen_at=now, **at),
        ],
        [
            WinBackOffer(
                **user, id=new_uuid7(), win_back_id=ids["win_back_id"], step=1, promo_code_id=ids["promo_code_id"],
                valid_until_at=month, **at,
            ),
            Erasure(
                **tenant, id=new_uuid7(), user_id=ids["user_id"], asked_by="admin", asked_by_id=ids["actor_id"],
                asked_at=now, due_at=month, next_step_at=month,
            ),
            ForgettingRule(
                **tenant, id=new_uuid7(), months=12, starts_at=month, next_step_at=month, changed_at=now
            ),
            GiftLink(**tenant, gift_id=ids["gift_id"], token_hash=mark.encode().ljust(32), **at),
            Referral(
                **tenant, invited_id=ids["invited_id"], inviter_id=ids["user_id"], bot_id=ids["bot_id"],
                state=ReferralState.BOUGHT, reward_kind=RewardKind.DAYS, reward_value=7,
                payment_id=ids["payment_id"], bought_at=now, **at,
            ),
            PlanChange(
                **paid, subscription_id=ids["subscription_id"], user_id=ids["user_id"], from_plan_id=ids["plan_id"],
                to_plan_id=ids["plan_id"], kind=ChangeKind.PAID, credit_minor=0, currency="RUB", kept_seconds=0,
                sources=[{"mark": mark}], quoted_at=now, **at,
            ),
        ],
    ]  # fmt: skip
