"""Calls to the Bot API about Telegram Stars."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar

from aiogram.methods import (
    AnswerPreCheckoutQuery,
    CreateInvoiceLink,
    EditUserStarSubscription,
    RefundStarPayment,
    Response,
)
from pydantic import BaseModel, ConfigDict

from lumenpay.kit.crypto import Secret
from lumenpay.telegram.client import TelegramClient
from lumenpay.telegram.errors import TelegramRejectedError
from lumenpay.telegram.lean import LeanMethod

MOST_LISTED = 100
"""As many transactions as Telegram lists at most in one answer."""
_INVOICE_PAYMENT = "invoice_payment"


@dataclass(frozen=True, slots=True)
class StarTransaction:
    """Stars that came to a bot, or left it, as Telegram lists them.

    Attributes:
        id: Of the charge; Stars that went back carry the id of the charge that they are from.
        is_invoice: A person paid an invoice, or got the Stars of one back; `payload` and `payer_id` tell which and who.
        stars: What came or left.
        commission_stars: What whoever brought the payer got of a payment, where there is a programme of affiliates.
        is_recurring: A charge of a subscription.
    """

    id: str
    at: datetime
    is_incoming: bool
    is_invoice: bool
    stars: int
    commission_stars: int = 0
    payload: str = ""
    payer_id: int | None = None
    is_recurring: bool = False


async def create_invoice_link(telegram: TelegramClient, token: Secret, request: Mapping[str, Any]) -> str:
    """Return a link by which an invoice is paid; each call makes another one."""
    return await telegram.call(token, CreateInvoiceLink.model_validate(request))


async def answer_pre_checkout(telegram: TelegramClient, token: Secret, *, query_id: str, refusal: str) -> bool:
    """Let a payment happen, or have the person read why not; False when it is too late, and nothing is charged."""
    method = AnswerPreCheckoutQuery(
        pre_checkout_query_id=query_id, ok=not refusal, error_message=refusal or None
    )  # fmt: skip
    try:
        await telegram.call(token, method)
    except TelegramRejectedError:
        return False
    return True


async def refund_stars(telegram: TelegramClient, token: Secret, *, payer_id: int, charge_id: str) -> None:
    """Leave the payer with the Stars of a charge back; ones that went back already are fine.

    Raises:
        TelegramRejectedError: The bot took no such charge from the person.
    """
    method = RefundStarPayment(user_id=payer_id, telegram_payment_charge_id=charge_id)
    try:
        await telegram.call(token, method)
    except TelegramRejectedError as error:
        if "charge_already_refunded" not in error.description.lower():
            raise


async def end_subscription(telegram: TelegramClient, token: Secret, *, payer_id: int, charge_id: str) -> None:
    """Have Telegram charge nothing more for a subscription; what is paid stays paid.

    Raises:
        TelegramRejectedError: There is no such subscription any more.
    """
    method = EditUserStarSubscription(user_id=payer_id, telegram_payment_charge_id=charge_id, is_canceled=True)
    await telegram.call(token, method)


async def list_transactions(
    telegram: TelegramClient, token: Secret, *, offset: int, limit: int = MOST_LISTED
) -> list[StarTransaction]:
    """Return what Telegram lists of a bot's Stars, oldest first, after leaving out `offset` of them."""
    page = await telegram.call(token, _ListTransactions(offset=offset, limit=limit))
    return [_read(one) for one in page.transactions]


def _read(listed: _Listed) -> StarTransaction:
    partner = listed.source or listed.receiver
    at, is_incoming = datetime.fromtimestamp(listed.date, UTC), listed.source is not None
    if partner is None or (partner.type, partner.transaction_type) != ("user", _INVOICE_PAYMENT):
        return StarTransaction(listed.id, at, is_incoming=is_incoming, is_invoice=False, stars=listed.amount)
    return StarTransaction(
        listed.id, at, is_incoming=is_incoming, is_invoice=True, stars=listed.amount,
        commission_stars=0 if partner.affiliate is None else partner.affiliate.amount,
        payload=partner.invoice_payload, payer_id=None if partner.user is None else partner.user.id,
        is_recurring=bool(partner.subscription_period),
    )  # fmt: skip


class _Read(BaseModel):
    # Read leniently, unlike aiogram's own types: a kind of partner that is new to us must not hide the others.
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Person(_Read):
    id: int


class _Commission(_Read):
    amount: int


class _Partner(_Read):
    type: str
    transaction_type: str = ""
    user: _Person | None = None
    invoice_payload: str = ""
    subscription_period: int | None = None
    affiliate: _Commission | None = None


class _Listed(_Read):
    id: str
    amount: int
    date: int
    source: _Partner | None = None
    receiver: _Partner | None = None


class _Page(_Read):
    transactions: list[_Listed]


class _ListTransactions(LeanMethod[_Page]):
    __returning__: ClassVar[type] = _Page
    __api_method__: ClassVar[str] = "getStarTransactions"

    offset: int
    limit: int


# As with the other lean methods: pydantic forgets a generic model that nobody holds.
_ANSWER = Response[_Page]
