"""Changing the plan of a running subscription: what it comes to, and the order that carries it out.

The old subscription ends, and one to the new plan begins: nothing of either is written over. What is carried over is
decided in `change_rules`, kept with the order, and taken from the old plan when that order is granted
(`change_applying`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from lumenpay.bots.repository import get_bot
from lumenpay.db.session import TenantSession
from lumenpay.models.autopays import AutopayStatus
from lumenpay.models.payments import Payment
from lumenpay.models.plan_changes import ChangeKind
from lumenpay.models.plans import PeriodUnit, Plan
from lumenpay.models.subscriptions import Subscription, SubscriptionStatus
from lumenpay.models.users import User
from lumenpay.payments.checkout import start_checkout
from lumenpay.payments.consents import find_consent, record_consent
from lumenpay.payments.errors import TermsChangedError
from lumenpay.payments.providers.stars.facts import STARS_SHOP, XTR
from lumenpay.payments.terms import Credit, can_renew_by_itself
from lumenpay.plans.offers import decide_offer, list_offers
from lumenpay.plans.repository import get_plan
from lumenpay.plans.rules import end_of_period
from lumenpay.subscriptions.autopay import find_autopay
from lumenpay.subscriptions.change_records import changed_lately, is_being_charged, list_stretches, store_change
from lumenpay.subscriptions.change_rules import (
    OWN_CHANGES_APART,
    QUOTE_LASTS,
    ChangeQuote,
    ChangeRefusal,
    NewTerms,
    Stretch,
    decide_carried,
    decide_change,
)
from lumenpay.subscriptions.change_tags import tag_change
from lumenpay.subscriptions.errors import PlanChangeRefusedError, SubscriptionNotFoundError
from lumenpay.subscriptions.repository import get_subscription
from lumenpay.users.repository import lock_user


@dataclass(frozen=True, slots=True)
class Change:
    """What changing to a plan comes to."""

    old: Subscription
    plan: Plan
    quote: ChangeQuote
    at: datetime
    """As of when it is quoted, to the second."""

    @property
    def tag(self) -> str:
        """A short mark of the quote, to tell later whether it is still so."""
        return tag_change(self.plan, self.quote, at=self.at)


@dataclass(frozen=True, slots=True)
class Pressed:
    """What the person was shown and agreed to."""

    quoted_at: datetime
    tag: str
    consent: str = ""
    """The words about autopay, where the person agreed to them."""


async def find_own_refusal(session: TenantSession, subscription: Subscription, *, now: datetime) -> str:
    """Return why a person may not change the plan of their subscription, whichever to; empty when they may."""
    plan = await get_plan(session, subscription.plan_id)
    if refusal := decide_standing(subscription, now=now):
        return refusal
    if not plan.allows_changes:
        return ChangeRefusal.NOT_OFFERED
    autopay = await find_autopay(session, subscription.id)
    if autopay is not None and autopay.status == AutopayStatus.ON and autopay.shop_id == STARS_SHOP:
        return ChangeRefusal.RENEWED_IN_STARS
    if await is_being_charged(session, subscription.id):
        return ChangeRefusal.BEING_CHARGED
    if await changed_lately(session, subscription.user_id, since=now - OWN_CHANGES_APART):
        return ChangeRefusal.CHANGED_LATELY
    return ""


def decide_standing(subscription: Subscription, *, now: datetime) -> ChangeRefusal | None:
    """Return why nothing of a subscription can be carried over at all; nothing when it can."""
    if subscription.status == SubscriptionStatus.PAUSED:
        return ChangeRefusal.PAUSED
    if subscription.status != SubscriptionStatus.ACTIVE:
        return ChangeRefusal.NOT_RUNNING
    if subscription.ends_at is None:
        return ChangeRefusal.HAS_NO_END
    return ChangeRefusal.NOT_RUNNING if subscription.ends_at <= now else None


async def list_changes(
    session: TenantSession, user: User, subscription: Subscription, *, now: datetime
) -> list[Change]:  # fmt: skip
    """Return what a person can change their subscription to, in the owner's order."""
    if await find_own_refusal(session, subscription, now=now):
        return []
    at = now.replace(microsecond=0)
    stretches = await list_stretches(session, subscription)
    old_length = await count_old_length(session, subscription, stretches, at=at)
    found = []
    for offer in await list_offers(session, user, now=now):
        if offer.refusal is None and _is_offered(offer.plan, subscription):
            shares = decide_carried(stretches, currency=offer.plan.currency, at=at)
            quote = decide_change(shares, new_terms(offer.plan, at=at), old_length=old_length)
            if isinstance(quote, ChangeQuote):
                found.append(Change(subscription, offer.plan, quote, at))
    return found


async def quote_change(
    session: TenantSession, user: User, *, subscription_id: UUID, plan_id: UUID, at: datetime, now: datetime
) -> Change:
    """Return what changing a person's own subscription to a plan comes to, as of a moment of the last hour.

    Raises:
        SubscriptionNotFoundError: It is somebody else's, or unknown.
        PlanNotFoundError: Unknown to this tenant.
        PlanChangeRefusedError: It cannot be done now; `reason` says why.
    """
    subscription = await get_subscription(session, subscription_id)
    if subscription.user_id != user.id:
        raise SubscriptionNotFoundError
    plan = await get_plan(session, plan_id)
    if refusal := await find_own_refusal(session, subscription, now=now):
        raise PlanChangeRefusedError(refusal)
    if plan.id == subscription.plan_id:
        raise PlanChangeRefusedError(ChangeRefusal.SAME_PLAN)
    offer = await decide_offer(session, user, plan, now=now)
    if not _is_offered(plan, subscription) or plan.bot_id != user.bot_id:
        raise PlanChangeRefusedError(ChangeRefusal.NOT_OFFERED)
    if offer.refusal is not None:
        raise PlanChangeRefusedError(offer.refusal.value)
    stretches = await list_stretches(session, subscription)
    shares = decide_carried(stretches, currency=plan.currency, at=at)
    old_length = await count_old_length(session, subscription, stretches, at=at)
    quote = decide_change(shares, new_terms(plan, at=at), old_length=old_length)
    if isinstance(quote, ChangeRefusal):
        raise PlanChangeRefusedError(quote)
    return Change(subscription, plan, quote, at)


async def start_change(
    session: TenantSession, *, user: User, subscription_id: UUID, plan_id: UUID, pressed: Pressed,
    chat_message_id: int | None, now: datetime,
) -> Payment:  # fmt: skip
    """Return the order that changes a plan on the shown terms, made on the first tap and the same on every further one.

    What it carries over is kept with it and honoured for an hour, whatever time passes; afterwards, and where less of
    the old plan is left by then, it gives as much time as its money and what is left are worth.

    Raises:
        TermsChangedError: It would be on other terms than the shown ones, or they are older than an hour.
        PlanChangeRefusedError: It cannot be done now.
        SubscriptionNotFoundError: It is somebody else's, or unknown.
        LumenError: Whatever `start_checkout` raises.
    """
    await lock_user(session, user.id)
    if not now - QUOTE_LASTS <= pressed.quoted_at <= now:
        raise TermsChangedError
    change = await quote_change(
        session, user, subscription_id=subscription_id, plan_id=plan_id, at=pressed.quoted_at, now=now
    )
    if change.tag != pressed.tag:
        raise TermsChangedError
    quote = change.quote
    payment = await start_checkout(
        session, user=user, plan_id=plan_id, promo_code=None, chat_message_id=chat_message_id,
        consent=pressed.consent if quote.amount_minor else "", credit=Credit(quote.credit_minor, quote.turned), now=now,
    )  # fmt: skip
    renews = bool(pressed.consent) and not quote.amount_minor and await can_carry_autopay(session, change)
    await store_change(
        session, payment, old=change.old, kind=ChangeKind.PAID if quote.amount_minor else ChangeKind.TURNED,
        quote=quote, renews=renews, quoted_at=change.at, now=now,
    )  # fmt: skip
    if renews and await find_consent(session, payment.id) is None:
        record_consent(session, payment=payment, plan=change.plan, user=user, text=pressed.consent, now=now)
    await session.flush()
    return payment


async def can_carry_autopay(session: TenantSession, change: Change) -> bool:
    """Tell whether the method that renews the old plan could renew the new one, where nothing is paid for it now."""
    autopay = await find_autopay(session, change.old.id)
    bot = await get_bot(session, change.plan.bot_id)
    is_on = autopay is not None and autopay.status == AutopayStatus.ON and autopay.shop_id == bot.shop_id
    return is_on and can_renew_by_itself(change.plan, bot)


def new_terms(plan: Plan, *, at: datetime) -> NewTerms:
    """Return what a plan costs and how long it lasts from a moment."""
    length: timedelta | None = None
    if plan.fixed_end_at is None and plan.period_unit != PeriodUnit.LIFETIME:
        ends_at = end_of_period(at, PeriodUnit(plan.period_unit), plan.period_count)
        length = None if ends_at is None else ends_at - at
    return NewTerms(plan.price_minor, plan.currency, length)


async def count_old_length(
    session: TenantSession, subscription: Subscription, stretches: Sequence[Stretch], *, at: datetime
) -> timedelta:
    """Return for how long the plan of a subscription is sold; of one that ends on a date, its longest period."""
    length = new_terms(await get_plan(session, subscription.plan_id), at=at).length
    periods = (stretch.ends_at - stretch.starts_at for stretch in stretches if stretch.ends_at is not None)
    return length if length is not None else max(periods, default=timedelta())


def _is_offered(plan: Plan, subscription: Subscription) -> bool:
    is_sold_for_money = plan.price_minor > 0 and not plan.is_trial and plan.currency != XTR
    return plan.allows_changes and is_sold_for_money and plan.id != subscription.plan_id
