"""Orders in Stars: whether one may be paid now, what its charges do, and when it is too old.

An invoice's link can be followed by anybody, and twice. Before each payment Telegram asks, and waits ten seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from lumenpay.audit.service import SYSTEM, record
from lumenpay.billing.limits import is_selling
from lumenpay.bots.repository import plan_star_reconciliation
from lumenpay.db.session import TenantSession
from lumenpay.kit.ids import new_uuid7
from lumenpay.kit.money import Money
from lumenpay.models.channels import ChannelStatus
from lumenpay.models.ids import BotId, PaymentId
from lumenpay.models.payments import OPEN_STATUSES, DeliveryState, Payment, PaymentStatus
from lumenpay.models.subscriptions import SubscriptionStatus
from lumenpay.payments.providers.stars.facts import STARS, StarCharge, as_gateway_payment
from lumenpay.payments.repository import find_by_provider_id, find_payment, get_payment
from lumenpay.payments.transitions import move_payment
from lumenpay.plans.repository import list_channels_of_plan
from lumenpay.subscriptions.repository import find_of_plan
from lumenpay.subscriptions.settlement import SettlementOutcome, abandon_payment, settle_payment
from lumenpay.tenants.repository import get_own_tenant
from lumenpay.users.repository import get_user

LINK_LIFETIME: Final = timedelta(hours=1)
"""As long as a link of the other gateway can be paid, so that a place of a full plan is kept as long."""
EXPIRED: Final = "expired_on_confirmation"
ANOTHER_PAYER: Final = "payer"
NOT_OURS: Final = "not_ours"


class InvoiceRefusal(StrEnum):
    """Why an invoice cannot be paid now."""

    GONE = "gone"
    """Not ours, too old, or another order took its place."""
    PAID = "paid"
    SOMEBODY_ELSE = "somebody_else"
    """It was made for another person."""
    OWNED_FOR_EVER = "owned_for_ever"
    CLOSED = "closed"
    """Nobody can be let in now."""


@dataclass(frozen=True, slots=True)
class InvoiceQuestion:
    """What Telegram asks before it takes Stars."""

    payload: str
    amount: Money
    payer_id: int


async def find_order(session: TenantSession, payload: str, *, bot_id: UUID) -> Payment | None:
    """Return the order whose id stands in an invoice; nothing for an invoice that this bot did not make."""
    try:
        payment = await find_payment(session, UUID(payload))
    except ValueError:
        return None
    is_ours = payment is not None and payment.provider == STARS and payment.bot_id == bot_id
    return payment if is_ours else None


async def decide_invoice(
    session: TenantSession, question: InvoiceQuestion, *, bot_id: UUID, now: datetime
) -> InvoiceRefusal | None:
    """Return why an invoice cannot be paid now; nothing when its order is honoured. Price and period stand in it."""
    order = await find_order(session, question.payload, bot_id=bot_id)
    if order is None or question.amount != Money(order.amount_minor, order.currency):
        return InvoiceRefusal.GONE
    if (await get_user(session, order.user_id)).telegram_id != question.payer_id:
        return InvoiceRefusal.SOMEBODY_ELSE
    if order.status == PaymentStatus.SUCCEEDED:
        return InvoiceRefusal.PAID
    is_young = now - order.created_at < LINK_LIFETIME
    if order.status not in OPEN_STATUSES or order.superseded_at is not None or not is_young:
        return InvoiceRefusal.GONE
    return await _find_obstacle(session, order)


async def _find_obstacle(session: TenantSession, order: Payment) -> InvoiceRefusal | None:
    owned = await find_of_plan(session, user_id=order.user_id, plan_id=order.plan_id)
    if not order.is_gift and owned is not None and owned.status == SubscriptionStatus.ACTIVE and owned.ends_at is None:
        return InvoiceRefusal.OWNED_FOR_EVER
    channels = await list_channels_of_plan(session, order.plan_id)
    is_open = bool(channels) and all(channel.status == ChannelStatus.ACTIVE for channel in channels)
    is_sold = is_open and is_selling(await get_own_tenant(session))
    return None if is_sold else InvoiceRefusal.CLOSED


async def store_invoice_link(session: TenantSession, payment_id: UUID, *, url: str, now: datetime) -> bool:
    """Have an order wait for its payer behind a link; False when it has one, or is settled. Safe to repeat."""
    payment = await get_payment(session, payment_id, is_locked=True)
    if payment.status != PaymentStatus.CREATED:
        return False
    await move_payment(
        session, payment, PaymentStatus.PENDING, now=now, confirmation_url=url,
        next_check_at=payment.created_at + LINK_LIFETIME,
    )  # fmt: skip
    # Before anybody can pay: the first charge of a bot may be the very one that nobody tells us of.
    await plan_star_reconciliation(session, payment.bot_id, now=now)
    return True


async def close_old_order(session: TenantSession, payment: Payment, *, now: datetime) -> str:
    """Close an order that nobody paid in time; Stars that come all the same are honoured."""
    if now - payment.created_at < LINK_LIFETIME or payment.status not in OPEN_STATUSES:
        return SettlementOutcome.STILL_OPEN
    await abandon_payment(session, payment_id=payment.id, reason=EXPIRED, now=now)
    return SettlementOutcome.CANCELED


async def settle_charge(session: TenantSession, charge: StarCharge, *, bot_id: UUID, now: datetime) -> str:
    """Grant what was paid in Stars, as any other payment is. Safe to repeat, in any order: a charge counts once.

    The first charge of an order is the order's; each further one, which Telegram makes when it renews, or a person who
    paid twice at one moment, becomes a payment of its own on the same terms.
    """
    order = await find_order(session, charge.payload, bot_id=bot_id)
    if order is None:
        return NOT_OURS
    order = await get_payment(session, order.id, is_locked=True)
    known = await find_by_provider_id(session, provider=STARS, provider_payment_id=charge.id)
    if known is not None and known.status == PaymentStatus.SUCCEEDED:
        return SettlementOutcome.ALREADY_SETTLED
    payment = known or order
    if payment.provider_payment_id not in (None, charge.id):
        payment = await _add_payment(session, order, charge, now=now)
    payment.provider_payment_id = charge.id
    await session.flush()
    if (await get_user(session, payment.user_id)).telegram_id != charge.payer_id:
        return await _set_aside(session, payment, now=now)
    observed = as_gateway_payment(charge, payment)
    return await settle_payment(session, payment_id=payment.id, observed=observed, now=now)


async def _add_payment(session: TenantSession, order: Payment, charge: StarCharge, *, now: datetime) -> Payment:
    payment = Payment(
        tenant_id=session.tenant_id, id=PaymentId(new_uuid7()), bot_id=BotId(order.bot_id), user_id=order.user_id,
        plan_id=order.plan_id, provider=STARS, shop_id=order.shop_id, status=PaymentStatus.CREATED,
        delivery_state=DeliveryState.NOT_PAID, amount_minor=order.amount_minor,
        list_price_minor=order.list_price_minor, currency=order.currency, period_unit=order.period_unit,
        period_count=order.period_count, fixed_end_at=order.fixed_end_at, description=order.description,
        idempotence_key=str(new_uuid7()), provider_payment_id=charge.id, is_test=order.is_test, is_gift=order.is_gift,
        terms_version=order.terms_version,
        is_autopay=charge.is_recurring and not charge.is_first, created_at=now,
        # It does not stand in the way of an order that the person has open.
        superseded_at=now,
    )  # fmt: skip
    session.add(payment)
    await session.flush()
    return payment


async def _set_aside(session: TenantSession, payment: Payment, *, now: datetime) -> str:
    # Every question of another person is refused, so nobody knows how this came about.
    if payment.status != PaymentStatus.QUARANTINED:
        await move_payment(session, payment, PaymentStatus.QUARANTINED, now=now, quarantine_reason=ANOTHER_PAYER)
        record(
            session, actor=SYSTEM, action="payment.quarantined", subject_id=payment.id, now=now,
            details={"mismatch": ANOTHER_PAYER},
        )  # fmt: skip
    return SettlementOutcome.QUARANTINED
