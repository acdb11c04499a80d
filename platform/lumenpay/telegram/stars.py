"""Calls to the Bot API about Telegram Stars."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiogram.methods import AnswerPreCheckoutQuery, CreateInvoiceLink, EditUserStarSubscription, RefundStarPayment

from lumenpay.kit.crypto import Secret
from lumenpay.telegram.client import TelegramClient
from lumenpay.telegram.errors import TelegramRejectedError


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
