"""Telegram's own checkout: the question before a payment in Stars, the payment, its way back, and renewals."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import BotSubscriptionUpdated, Message, PreCheckoutQuery

from lumenpay.kit.logs import get_logger
from lumenpay.kit.money import Money
from lumenpay.payments.providers.stars.facts import STARS, StarCharge
from lumenpay.payments.repository import find_by_provider_id
from lumenpay.refunds.star_refunds import settle_star_refund
from lumenpay.subscriptions.star_payments import (
    NOT_OURS,
    InvoiceQuestion,
    decide_invoice,
    find_order,
    settle_charge,
)
from lumenpay.subscriptions.star_renewals import StarState, follow_star_state
from lumenpay.telegram.stars import answer_pre_checkout
from lumenpay.users.service import find_locale
from tenants_worker.bot.conversation import Conversation
from tenants_worker.bot.filters import HasBeenRefunded, HasPaid
from tenants_worker.bot.texts.captions import INVOICE_REFUSALS

router = Router(name="stars")
_log = get_logger(__name__)


@router.pre_checkout_query()
async def decide_payment(query: PreCheckoutQuery, conversation: Conversation) -> None:
    """Let the payment of an order happen that is still honoured; of any other, nobody is charged."""
    question = InvoiceQuestion(
        query.invoice_payload, Money(query.total_amount, query.currency), query.from_user.id
    )  # fmt: skip
    async with conversation.unit() as session:
        refusal = await decide_invoice(
            session, question, bot_id=conversation.bot.bot_id, now=conversation.worker.clock.now()
        )
        locale = await find_locale(session, query.from_user.language_code)
    await answer_pre_checkout(
        conversation.worker.telegram, conversation.bot.token, query_id=query.id,
        refusal=INVOICE_REFUSALS[locale][refusal] if refusal else "",
    )  # fmt: skip


@router.message(HasPaid())
async def take_payment(message: Message, conversation: Conversation) -> None:
    """Settle a charge; a job lets the payer in."""
    paid = message.successful_payment
    assert paid is not None  # noqa: S101 - the filter
    charge = StarCharge(
        id=paid.telegram_payment_charge_id, payload=paid.invoice_payload,
        amount=Money(paid.total_amount, paid.currency), payer_id=message.chat.id,
        is_recurring=bool(paid.is_recurring), is_first=bool(paid.is_first_recurring),
    )  # fmt: skip
    async with conversation.unit() as session:
        outcome = await settle_charge(
            session, charge, bot_id=conversation.bot.bot_id, now=conversation.worker.clock.now()
        )
    if outcome == NOT_OURS:
        _log.warning("stars_of_another_system", bot_id=str(conversation.bot.bot_id))


@router.message(HasBeenRefunded())
async def take_refund(message: Message, conversation: Conversation) -> None:
    """Settle that Stars went back, whoever gave them."""
    refunded = message.refunded_payment
    assert refunded is not None  # noqa: S101 - the filter
    charge_id = refunded.telegram_payment_charge_id
    async with conversation.unit() as session:
        payment = await find_by_provider_id(session, provider=STARS, provider_payment_id=charge_id)
        if payment is not None:
            await settle_star_refund(session, payment, now=conversation.worker.clock.now())


@router.subscription()
async def follow_subscription(event: BotSubscriptionUpdated, conversation: Conversation) -> None:
    """Keep what became of a subscription that Telegram renews; a state that is new to us changes nothing."""
    if event.state not in tuple(StarState):
        return
    async with conversation.unit() as session:
        order = await find_order(session, event.invoice_payload, bot_id=conversation.bot.bot_id)
        if order is not None:
            await follow_star_state(session, order, StarState(event.state), now=conversation.worker.clock.now())
