"""Taking a gift: the receiver's order costs nothing and is granted on the way of every order, once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lumenpay.audit.service import Actor, record
from lumenpay.db.session import TenantSession
from lumenpay.gifts.repository import find_by_token, get_gift, is_being_refunded, move_gift
from lumenpay.gifts.rules import GiftRefusal, decide_refusal
from lumenpay.gifts.service import CLAIMED, note_opened, tell
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.gifts import Gift, GiftStatus
from lumenpay.models.ids import BotId, PaymentId, PlanId, UserId
from lumenpay.models.payments import DeliveryState, Payment, PaymentStatus
from lumenpay.models.plans import PeriodUnit
from lumenpay.models.users import User
from lumenpay.payments.repository import advance_delivery, get_payment
from lumenpay.payments.terms import GIFT
from lumenpay.subscriptions.repository import find_of_plan
from lumenpay.subscriptions.rules import decide_period
from lumenpay.subscriptions.settlement import settle_free_order
from lumenpay.users.repository import lock_user


@dataclass(frozen=True, slots=True)
class FoundGift:
    """What a link opens for one person: the gift, and why they cannot take it; nothing when they can or did."""

    gift: Gift | None
    order: Payment | None
    refusal: GiftRefusal | None
    is_theirs: bool = False
    """This person took it."""


async def look_at_gift(session: TenantSession, user: User, token: str, *, now: datetime) -> FoundGift:
    """Return what a link opens for a person, and keep that it was opened."""
    gift = await find_by_token(session, token, bot_id=user.bot_id)
    if gift is None:
        return FoundGift(None, None, GiftRefusal.UNKNOWN)
    if user.id != gift.giver_id:
        # The order before the gift, as everybody does who locks both.
        await advance_delivery(session, [gift.payment_id], DeliveryState.LINK_OPENED)
        await note_opened(session, gift, now=now)
    return await _decide(session, gift, user, now=now)


async def claim_gift(session: TenantSession, user: User, token: str, *, now: datetime) -> FoundGift:
    """Give a person what a link opens, if they are the first. Safe to repeat and to race: one person gets it, once.

    What the plan costs, allows or sells by now does not matter: the period is the one that was paid for.
    """
    gift = await find_by_token(session, token, bot_id=user.bot_id)
    if gift is None:
        return FoundGift(None, None, GiftRefusal.UNKNOWN)
    # The order before the gift, as its refund does: whichever comes first, the other one sees what it did.
    await get_payment(session, gift.payment_id, is_locked=True)
    gift = await get_gift(session, gift.id, is_locked=True)
    await lock_user(session, user.id)
    found = await _decide(session, gift, user, now=now)
    if found.order is None or found.refusal is not None or found.is_theirs:
        return found
    claim = await _order(session, gift, found.order, user, now=now)
    await move_gift(session, gift, GiftStatus.CLAIMED, receiver_id=user.id, claim_payment_id=claim.id, claimed_at=now)
    # Granted last: the place that the gift kept has become the receiver's.
    await settle_free_order(session, payment_id=claim.id, now=now)
    claim.superseded_at = None
    await session.flush()
    await advance_delivery(session, [gift.payment_id], DeliveryState.LINK_OPENED)
    details = {"payment_id": str(gift.payment_id), "claim_payment_id": str(claim.id), "giver_id": str(gift.giver_id)}
    record(session, actor=Actor("user", user.id), action="gift.claimed", subject_id=gift.id, now=now, details=details)
    if user.id != gift.giver_id:
        await tell(session, gift, CLAIMED, now=now)
    return FoundGift(gift, found.order, None, is_theirs=True)


async def _decide(session: TenantSession, gift: Gift, user: User, *, now: datetime) -> FoundGift:
    order = await get_payment(session, gift.payment_id)
    if gift.status == GiftStatus.CLAIMED and gift.receiver_id == user.id:
        return FoundGift(gift, order, None, is_theirs=True)
    present = await find_of_plan(session, user_id=user.id, plan_id=gift.plan_id)
    period = decide_period(
        last_end=present.ends_at if present is not None else None,
        is_lifetime=present is not None and present.ends_at is None, unit=PeriodUnit(order.period_unit),
        count=order.period_count, extra_days=order.extra_days, now=now, fixed_end_at=order.fixed_end_at,
    )  # fmt: skip
    refusal = decide_refusal(
        GiftStatus(gift.status), expires_at=gift.expires_at,
        is_being_refunded=await is_being_refunded(session, gift), adds_nothing=period is None, now=now,
    )  # fmt: skip
    return FoundGift(gift, order, refusal)


async def _order(session: TenantSession, gift: Gift, order: Payment, user: User, *, now: datetime) -> Payment:
    claim = Payment(
        tenant_id=session.tenant_id, id=PaymentId(new_uuid7()), bot_id=BotId(gift.bot_id), user_id=UserId(user.id),
        plan_id=PlanId(gift.plan_id), provider=GIFT, status=PaymentStatus.CREATED,
        delivery_state=DeliveryState.NOT_PAID, amount_minor=0, list_price_minor=0, currency=order.currency,
        period_unit=order.period_unit, period_count=order.period_count, extra_days=order.extra_days,
        fixed_end_at=order.fixed_end_at, description=order.description, idempotence_key=f"gift-{gift.id}",
        is_test=order.is_test, created_at=now,
        # It does not stand in the way of an order that the person has open.
        superseded_at=now,
    )  # fmt: skip
    session.add(claim)
    await session.flush()
    return claim
