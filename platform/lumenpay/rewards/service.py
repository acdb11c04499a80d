"""Giving the reward for an invited person's first purchase, and taking it back when that purchase is refunded."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import select

from lumenpay.audit.service import SYSTEM, record
from lumenpay.db.session import TenantSession
from lumenpay.jobs.catalogue import TellReferral
from lumenpay.jobs.outbox import enqueue
from lumenpay.models.ids import BotId
from lumenpay.models.payments import Payment
from lumenpay.models.promo_codes import PromoCode
from lumenpay.models.referrals import Referral, ReferralState, RewardKind
from lumenpay.models.subscriptions import Subscription, SubscriptionStatus
from lumenpay.payments.repository import get_payment
from lumenpay.promo_codes.personal import REWARD_PREFIX, PersonalTerms, make_personal_code, withdraw_code
from lumenpay.referrals import repository
from lumenpay.referrals.invitations import DISCOUNTS
from lumenpay.referrals.rules import PurchaseFacts, begin_of_month, decide_pass
from lumenpay.referrals.settings import find_settings
from lumenpay.refunds.taking_back import take_back_access
from lumenpay.subscriptions.manual import add_days, get_given
from lumenpay.tenants.repository import get_own_tenant
from lumenpay.users.repository import get_user, lock_user

REWARDED, TAKEN_BACK = "rewarded", "taken_back"
USED: Final = "used"
"""Why a code could not be taken back: the inviter has bought with it."""


class RewardOutcome(StrEnum):
    """What a look at a referral changed."""

    REWARDED = "rewarded"
    PASSED = "passed"
    TAKEN_BACK = "taken_back"
    UNCHANGED = "unchanged"


async def settle_referral(session: TenantSession, invited_id: UUID, *, now: datetime) -> RewardOutcome:
    """Give the reward for an invited person's first purchase, or take it back when the purchase was refunded.

    Safe to repeat and to run from many places at once: the inviter is locked, and a referral is rewarded once.
    """
    found = await repository.find_referral(session, invited_id)
    if found is None:
        return RewardOutcome.UNCHANGED
    # Locked before it is counted how many rewards the inviter has this month.
    await lock_user(session, found.inviter_id)
    referral = await repository.find_referral(session, invited_id, is_locked=True)
    if referral is None or referral.payment_id is None:
        return RewardOutcome.UNCHANGED
    payment = await get_payment(session, referral.payment_id)
    is_refunded = payment.refunded_minor >= payment.amount_minor
    if referral.state == ReferralState.BOUGHT:
        return await _decide(session, referral, payment, is_refunded=is_refunded, now=now)
    if referral.state == ReferralState.REWARDED and is_refunded:
        return await _take_back(session, referral, now=now)
    return RewardOutcome.UNCHANGED


async def _decide(
    session: TenantSession, referral: Referral, payment: Payment, *, is_refunded: bool, now: datetime
) -> RewardOutcome:
    settings, tenant = await find_settings(session, referral.bot_id), await get_own_tenant(session)
    kind = RewardKind(referral.reward_kind) if referral.reward_kind else None
    facts = PurchaseFacts(
        is_refunded=is_refunded,
        has_earlier=await repository.has_earlier_purchase(session, payment),
        rewards_this_month=await repository.count_rewards(
            session, referral.inviter_id, since=begin_of_month(now, time_zone=tenant.time_zone)
        ),
    )
    reason = decide_pass(kind, facts, rewards_a_month=settings.rewards_a_month)
    if reason:
        await _move(session, referral, ReferralState.PASSED, now=now, reason=reason)
        return RewardOutcome.PASSED
    await _give(session, referral, now=now)
    return RewardOutcome.REWARDED


async def _give(session: TenantSession, referral: Referral, *, now: datetime) -> None:
    kind, value = RewardKind(referral.reward_kind or ""), referral.reward_value or 0
    running = await _find_running(session, referral.inviter_id) if kind is RewardKind.DAYS else None
    if running is not None:
        key = f"referral-{referral.invited_id.hex}"
        await add_days(session, subscription_id=running.id, days=value, key=key, actor=SYSTEM, now=now)
        order = await get_given(session, key=key)
        # The order's delivery tells the inviter of it.
        await _move(session, referral, ReferralState.REWARDED, now=now, rewarded_at=now, reward_payment_id=order.id)
        return
    # Percent wait for the next payment, and so do days where nothing runs that they could be added to.
    inviter = await get_user(session, referral.inviter_id)
    terms = PersonalTerms(DISCOUNTS[kind], value, prefix=REWARD_PREFIX)
    code = await make_personal_code(
        session, bot_id=inviter.bot_id, user_id=inviter.id, terms=terms, now=now
    )  # fmt: skip
    await _move(session, referral, ReferralState.REWARDED, now=now, rewarded_at=now, reward_promo_code_id=code.id)
    await _tell(session, referral, REWARDED, now=now)


async def _take_back(session: TenantSession, referral: Referral, *, now: datetime) -> RewardOutcome:
    is_taken, reason = True, ""
    if referral.reward_payment_id is not None:
        order = await get_payment(session, referral.reward_payment_id)
        await take_back_access(session, order, now=now)
    elif referral.reward_promo_code_id is not None:
        is_taken = await withdraw_code(session, referral.reward_promo_code_id)
        reason = "" if is_taken else USED
    await _move(session, referral, ReferralState.TAKEN_BACK, now=now, taken_back_at=now, reason=reason)
    if is_taken:
        await _tell(session, referral, TAKEN_BACK, now=now)
    return RewardOutcome.TAKEN_BACK


async def _find_running(session: TenantSession, user_id: UUID) -> Subscription | None:
    """Return the longest running subscription with an end: what an extension would add to."""
    query = (
        select(Subscription)
        .where(
            Subscription.tenant_id == session.tenant_id,
            Subscription.user_id == user_id,
            Subscription.status == SubscriptionStatus.ACTIVE,
            Subscription.ends_at.is_not(None),
        )
        .order_by(Subscription.ends_at.desc(), Subscription.id)
        .limit(1)
    )
    return (await session.execute(query)).scalar_one_or_none()


async def _move(
    session: TenantSession, referral: Referral, state: ReferralState, *, now: datetime, **values: object
) -> None:  # fmt: skip
    old = ReferralState(referral.state)
    await repository.move_referral(session, referral.invited_id, old, state, **values)
    details = {
        "invited_id": str(referral.invited_id), "inviter_id": str(referral.inviter_id),
        "kind": referral.reward_kind and str(referral.reward_kind), "value": referral.reward_value,
        "reason": values.get("reason") or None,
    }  # fmt: skip
    for subject_id in (referral.inviter_id, referral.invited_id):
        record(session, actor=SYSTEM, action=f"referral.{state}", subject_id=subject_id, now=now, details=details)


async def _tell(session: TenantSession, referral: Referral, about: str, *, now: datetime) -> None:
    job = TellReferral(referral.invited_id, about)
    key = f"{referral.invited_id}-{about}"
    await enqueue(session, job, now=now, bot_id=BotId(referral.bot_id), dedupe_key=key)


async def find_reward_code(session: TenantSession, referral: Referral) -> PromoCode | None:
    """Return the personal code that a reward is; None where days were added."""
    if referral.reward_promo_code_id is None:
        return None
    query = select(PromoCode).where(
        PromoCode.tenant_id == session.tenant_id, PromoCode.id == referral.reward_promo_code_id
    )
    return (await session.execute(query)).scalar_one_or_none()
