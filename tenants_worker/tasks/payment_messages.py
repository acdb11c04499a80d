"""What a payer reads of an order: the link, a delay, a failure, and the end of the link."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from lumenpay.db.session import TenantSession
from lumenpay.jobs.catalogue import ClosePayLink, TellPaymentFailed
from lumenpay.kit.logs import get_logger
from lumenpay.messages import callbacks
from lumenpay.messages.catalogue import MessageKey
from lumenpay.messages.formatting import format_money
from lumenpay.messages.service import render
from lumenpay.models.payments import Payment, PaymentStatus
from lumenpay.models.users import User
from lumenpay.payments import repository
from lumenpay.payments.checks import NEVER_CREATED
from lumenpay.plans.repository import get_plan
from lumenpay.telegram.errors import TelegramRejectedError, TelegramUnreachableUserError
from lumenpay.telegram.facts import Button, Buttons
from lumenpay.users.repository import get_user
from tenants_worker.context import JobContext
from tenants_worker.tasks.plan_buttons import is_sold_to, plan_button
from tenants_worker.tasks.telling import open_active_token, pausing_revoked, tell_user

DELAY_WORTH_TELLING = timedelta(seconds=30)
_BACK = {"ru": "← К тарифам", "en": "← Plans"}
_log = get_logger(__name__)


async def show_link(ctx: JobContext, payment_id: UUID) -> None:
    """Leave the payer with the button that pays, in the message that promised it; nothing to show is fine."""
    async with ctx.unit() as session:
        payment = await repository.get_payment(session, payment_id)
        if payment.status != PaymentStatus.PENDING or not payment.confirmation_url or payment.superseded_at:
            return
        user = await get_user(session, payment.user_id)
        html = await _write(session, payment, user, MessageKey.PAYMENT_LINK)
    amount = format_money(payment.amount_minor, payment.currency, locale=user.locale)
    pay = {"ru": f"Оплатить {amount}", "en": f"Pay {amount}"}[user.locale]
    buttons = ((Button(pay, url=payment.confirmation_url),), *_back(user))
    shown = await tell_user(ctx, user=user, html=html, buttons=buttons, message_id=payment.chat_message_id)
    if shown is not None and shown != payment.chat_message_id:
        async with ctx.unit() as session:
            await repository.move_to_message(session, payment, message_id=shown)


async def tell_delay(ctx: JobContext, payment_id: UUID) -> None:
    """Say once in the waiting message that the gateway does not answer yet, if the payer has waited for a while."""
    now = ctx.worker.clock.now()
    async with ctx.unit() as session:
        payment = await repository.get_payment(session, payment_id)
        is_over = payment.status != PaymentStatus.CREATED or payment.superseded_at is not None
        if is_over or payment.delay_told_at is not None or now - payment.created_at < DELAY_WORTH_TELLING:
            return
        user = await get_user(session, payment.user_id)
        html = await _write(session, payment, user, MessageKey.PAYMENT_DELAYED)
    await tell_user(ctx, user=user, html=html, message_id=payment.chat_message_id)
    async with ctx.unit() as session:
        (await repository.get_payment(session, payment_id, is_locked=True)).delay_told_at = now


async def tell_payment_failed(ctx: JobContext, job: TellPaymentFailed) -> None:
    """Tell the payer that nothing was charged, with a button to try again.

    Where no link was ever made, this takes the place of the message that promised one.
    """
    async with ctx.unit() as session:
        payment = await repository.get_payment(session, job.payment_id)
        if payment.status != PaymentStatus.CANCELED:
            return
        user = await get_user(session, payment.user_id)
        had_link = payment.provider_payment_id is not None
        is_shop_to_blame = not had_link and payment.cancellation_reason != NEVER_CREATED
        key = MessageKey.CANNOT_SELL if is_shop_to_blame else MessageKey.PAYMENT_FAILED
        html = await _write(session, payment, user, key)
        plan = await get_plan(session, payment.plan_id)
        is_sold = await is_sold_to(session, user, plan, now=ctx.worker.clock.now())
        is_taken = had_link or await repository.is_message_taken(session, payment)
    again = plan_button(plan, is_sold=is_sold, words="try_again", locale=user.locale)
    buttons = _back(user) if is_shop_to_blame else again
    await tell_user(
        ctx, user=user, html=html, buttons=buttons, message_id=None if is_taken else payment.chat_message_id
    )


async def close_pay_link(ctx: JobContext, job: ClosePayLink) -> None:
    """Leave no pay button under the message of an order that is paid or closed. Safe to repeat."""
    async with ctx.unit() as session:
        payment = await repository.get_payment(session, job.payment_id)
        is_paid = payment.status == PaymentStatus.SUCCEEDED
        is_settled = is_paid or payment.status == PaymentStatus.CANCELED
        if not is_settled or payment.chat_message_id is None or await repository.is_message_taken(session, payment):
            return
        user = await get_user(session, payment.user_id)
        key = MessageKey.PAYMENT_LINK_PAID if is_paid else MessageKey.PAYMENT_LINK_CLOSED
        html = await _write(session, payment, user, key)
    token = await open_active_token(ctx, payment.bot_id, is_owed=True)
    try:
        async with pausing_revoked(ctx, payment.bot_id, token):
            await ctx.worker.telegram.edit_text(
                token, chat_id=user.telegram_id, message_id=payment.chat_message_id, html=html,
                buttons=() if is_paid else _back(user),
            )  # fmt: skip
    except (TelegramRejectedError, TelegramUnreachableUserError) as error:
        # The person deleted the message or blocked the bot: there is no button left to press.
        _log.info("pay_link_not_closed", payment_id=str(payment.id), error=str(error))


async def _write(session: TenantSession, payment: Payment, user: User, key: MessageKey) -> str:
    plan = await get_plan(session, payment.plan_id)
    amount = format_money(payment.amount_minor, payment.currency, locale=user.locale)
    return await render(
        session, bot_id=payment.bot_id, key=key, locale=user.locale, variables={"plan": plan.title, "amount": amount}
    )


def _back(user: User) -> Buttons:
    return ((Button(_BACK[user.locale], data=callbacks.BUY),),)
