"""What is asked of Telegram about Stars: links to pay by, refunds, and the end of a subscription.

No network call is made inside a transaction.
"""

from __future__ import annotations

from datetime import datetime

from lumenpay.bots.errors import BotNotFoundError
from lumenpay.bots.repository import find_any_bot
from lumenpay.jobs.catalogue import EndStarSubscription
from lumenpay.kit.logs import get_logger
from lumenpay.models.payments import Payment, PaymentStatus
from lumenpay.models.refunds import Refund
from lumenpay.payments import repository
from lumenpay.refunds.settlement import cancel_refund
from lumenpay.refunds.star_refunds import settle_star_refund
from lumenpay.subscriptions.bot_end import record_left
from lumenpay.subscriptions.settlement import abandon_payment
from lumenpay.subscriptions.star_payments import store_invoice_link
from lumenpay.telegram import stars
from lumenpay.telegram.errors import TelegramRejectedError
from lumenpay.users.repository import get_user
from tenants_worker.context import JobContext
from tenants_worker.tasks.payment_messages import show_link
from tenants_worker.tasks.telling import open_active_token, pausing_revoked

_log = get_logger(__name__)


async def open_invoice(ctx: JobContext, payment: Payment, *, now: datetime) -> None:
    """Leave the payer with a link that pays an order in Stars.

    A link that was made and not stored is harmless: whichever is paid, Telegram asks about the order first.
    """
    if payment.status == PaymentStatus.CREATED:
        token = await open_active_token(ctx, payment.bot_id)
        try:
            async with pausing_revoked(ctx, payment.bot_id, token):
                url = await stars.create_invoice_link(ctx.worker.telegram, token, payment.request_body or {})
        except TelegramRejectedError as error:
            _log.warning("invoice_refused", payment_id=str(payment.id), reason=error.description)
            async with ctx.unit() as session:
                await abandon_payment(session, payment_id=payment.id, reason="invoice_refused", now=now)
            return
        async with ctx.unit() as session:
            await store_invoice_link(session, payment.id, url=url, now=now)
    await show_link(ctx, payment.id)


async def make_star_refund(ctx: JobContext, refund: Refund, payment: Payment, *, now: datetime) -> None:
    """Have Telegram give the Stars of a payment back. Called again after an answer that got lost, it gives nothing."""
    async with ctx.unit() as session:
        user = await get_user(session, payment.user_id)
    token = await open_active_token(ctx, payment.bot_id, is_owed=True)
    try:
        async with pausing_revoked(ctx, payment.bot_id, token):
            await stars.refund_stars(
                ctx.worker.telegram, token, payer_id=user.telegram_id, charge_id=payment.provider_payment_id or ""
            )
    except TelegramRejectedError as error:
        _log.warning("refund_refused", refund_id=str(refund.id), reason=error.description)
        async with ctx.unit() as session:
            await cancel_refund(session, refund_id=refund.id, reason=f"refused:{error.description}", now=now)
        return
    async with ctx.unit() as session:
        await settle_star_refund(session, payment, now=now)


async def end_star_subscription(ctx: JobContext, job: EndStarSubscription) -> None:
    """Have Telegram renew a subscription no more. Safe to repeat; one that is over already stays so."""
    async with ctx.unit() as session:
        payment = await repository.get_payment(session, job.payment_id)
        user = await get_user(session, payment.user_id)
    try:
        token = await open_active_token(ctx, payment.bot_id, is_owed=True)
        async with pausing_revoked(ctx, payment.bot_id, token):
            await stars.end_subscription(
                ctx.worker.telegram, token, payer_id=user.telegram_id, charge_id=payment.provider_payment_id or ""
            )
    except TelegramRejectedError as error:
        _log.info("star_subscription_not_ended", payment_id=str(payment.id), reason=error.description)
    except BotNotFoundError:
        # Deleted, and Telegram refuses its token: the subscription goes on, and only its payer can end it.
        async with ctx.unit() as session:
            bot = await find_any_bot(session, payment.bot_id)
            if bot is not None:
                record_left(session, bot, count=1, now=ctx.worker.clock.now())
