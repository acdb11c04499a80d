"""Payments as the portal sees them."""

from __future__ import annotations

from uuid import UUID

from control_plane.schemas import Moment, MoneyOut, Output
from lumenpay.access.rules import MissingReason
from lumenpay.models.fiscal_receipts import ReceiptState
from lumenpay.models.payments import DeliveryState, Payment, PaymentStatus
from lumenpay.models.users import User
from lumenpay.payments.directory import PaymentRow


class PaymentOut(Output):
    """A payment; `delivery_state` tells how far the order got: paid, granted, link sent, link opened, joined.

    `refunded` is what went back to the payer, in part or all of it: a payment that succeeded stays so.

    `credit` is what of an order that changes a plan was paid with unused time of the plan before, in the currency of
    `list_price`: as quoted while the order is open, as honoured once it is granted.

    `provider` is `yookassa`, `stars` (Telegram took Stars, in the currency `XTR`), `free` (a promo code left nothing to
    pay), `manual` (the tenant gave access), `import` (a list of the tenant's gave it) or `gift` (somebody else paid);
    `method` is the gateway's own word for how it was paid: `bank_card`, …

    With `is_gift` the money was for somebody else: see `gifts` for who took it. It opens nothing to the payer, and its
    `delivery_state` tells how far the link to the gift got: `link_sent` to the payer, `link_opened` by somebody else.

    `quarantine_reason` tells why a human has to look: what contradicts the order, or `nothing_to_add` for a paid order
    of somebody who had access for ever already.

    `check_result` tells what came of asking the gateway last, at `checked_at`: what it changed (`granted`, `canceled`,
    `quarantined`), that nothing did (`still_open`, `already_settled`, `nothing_to_ask`), or why nothing could be learnt
    (`unknown_to_the_gateway`, `keys_refused`, `keys_gone`, `gateway_unavailable` and others).

    `terms_version` names the words of the terms that held when it was made.

    `receipt_state` is how far the fiscal receipt is, empty where none is due; `receipt_sent_at` is about the message of
    the bot.
    """

    id: UUID
    bot_id: UUID
    user_id: UUID
    plan_id: UUID
    promo_code_id: UUID | None
    provider: str
    method: str | None
    provider_payment_id: str | None
    status: PaymentStatus
    delivery_state: DeliveryState
    amount: MoneyOut
    refunded: MoneyOut
    list_price: MoneyOut
    credit: MoneyOut
    is_gift: bool
    is_test: bool
    terms_version: str | None
    description: str
    cancellation_reason: str | None
    quarantine_reason: str | None
    checked_at: Moment | None
    check_result: str | None
    receipt_sent_at: Moment | None
    receipt_state: ReceiptState | None
    created_at: Moment
    settled_at: Moment | None


class PayerOut(Output):
    """Who ordered."""

    id: UUID
    telegram_id: int
    first_name: str
    last_name: str
    username: str | None


class PaymentRowOut(PaymentOut):
    """A payment as the list shows it."""

    plan_title: str
    user: PayerOut


class PaymentSumOut(Output):
    """How many payments succeeded in one currency, and what they come to; test payments stand apart."""

    is_test: bool
    count: int
    total: MoneyOut


class PaymentSumsOut(Output):
    """Sums of the list by currency, and how many payments these are; orders that cost nothing are left out."""

    items: list[PaymentSumOut]
    total: int


class MissingPlaceOut(Output):
    """A channel in which the payer is missing."""

    channel_id: UUID
    channel_title: str
    has_left: bool


class UndeliveredOut(Output):
    """A paid order whose person is missing in a channel.

    `reason`: `bot_lacks_rights` (give the bot its rights, then check them again), `bot_blocked` (write to the person
    yourself), `bot_not_started` (send them the bot's link), `link_not_sent`, `link_not_opened` and `left` (send the
    links again), `not_let_in` (check again).
    """

    payment: PaymentRowOut
    reason: MissingReason
    places: list[MissingPlaceOut]
    age_seconds: int


def show_payment(row: Payment) -> PaymentOut:
    """Return a payment as it is sent."""
    return PaymentOut(**_values(row))


def show_row(row: PaymentRow) -> PaymentRowOut:
    """Return a payment with its payer and plan as it is sent."""
    return PaymentRowOut(**_values(row.payment), plan_title=row.plan_title, user=show_payer(row.user))


def show_payer(user: User) -> PayerOut:
    """Return who ordered as it is sent."""
    return PayerOut.model_validate(user)


def _values(row: Payment) -> dict[str, object]:
    names = [name for name in PaymentOut.model_fields if name not in {"amount", "refunded", "list_price", "credit"}]
    return {
        **{name: getattr(row, name) for name in names},
        "amount": MoneyOut(amount_minor=row.amount_minor, currency=row.currency),
        "refunded": MoneyOut(amount_minor=row.refunded_minor, currency=row.currency),
        "list_price": MoneyOut(amount_minor=row.list_price_minor, currency=row.currency),
        "credit": MoneyOut(amount_minor=row.credit_minor, currency=row.currency),
    }
