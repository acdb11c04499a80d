"""Telegram's own checkout: this bot issues no invoices yet, so the question is answered with a polite no, in time."""

from __future__ import annotations

from aiogram import Router
from aiogram.methods import AnswerPreCheckoutQuery
from aiogram.types import PreCheckoutQuery

from lumenpay.telegram.errors import TelegramRejectedError
from lumenpay.users.service import find_locale
from tenants_worker.bot.conversation import Conversation

router = Router(name="checkout_queries")
_REFUSAL = {
    "ru": "Этот счёт больше не действует. Откройте /buy и выберите тариф.",
    "en": "This invoice is no longer valid. Open /buy and choose a plan.",
}


@router.pre_checkout_query()
async def refuse(query: PreCheckoutQuery, conversation: Conversation) -> None:
    """Refuse an invoice that we did not issue; nobody is charged."""
    async with conversation.unit() as session:
        text = _REFUSAL[await find_locale(session, query.from_user.language_code)]
    method = AnswerPreCheckoutQuery(pre_checkout_query_id=query.id, ok=False, error_message=text)
    try:
        await conversation.worker.telegram.call(conversation.bot.token, method)
    except TelegramRejectedError:
        return
