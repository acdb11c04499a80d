"""Jobs and ticks of payments: ask the gateway outside of transactions, settle what it says inside one."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import update
from yookassa.domain.notification import WebhookNotificationEventType

from lumenpay.bots import secrets as bot_secrets
from lumenpay.bots import service as bots
from lumenpay.bots.errors import BotNotFoundError, ShopNotConnectedError
from lumenpay.bots.secrets import ShopSecrets
from lumenpay.db.dispatch import list_due_payment_checks
from lumenpay.db.session import TenantSession
from lumenpay.errors import LumenError
from lumenpay.jobs.catalogue import CheckNotice, CheckPayment, OpenPayment, TellPaymentFailed
from lumenpay.jobs.errors import JobPostponed
from lumenpay.jobs.outbox import enqueue
from lumenpay.kit.logs import get_logger
from lumenpay.messages import callbacks
from lumenpay.messages.catalogue import MessageKey
from lumenpay.messages.formatting import format_money
from lumenpay.messages.service import render
from lumenpay.models.ids import BotId
from lumenpay.models.inbox import InboxStatus, PaymentNotice
from lumenpay.models.payments import OPEN_STATUSES, Payment, PaymentStatus
from lumenpay.payments import repository
from lumenpay.payments.checkout import FREE, YOOKASSA
from lumenpay.payments.errors import (
    GatewayCredentialsError,
    GatewayNotFoundError,
    GatewayRefusedError,
    GatewayUnavailableError,
)
from lumenpay.payments.providers.protocol import GatewayPayment
from lumenpay.payments.rules import is_key_usable, next_check_at
from lumenpay.plans.repository import get_plan
from lumenpay.subscriptions.settlement import SettlementOutcome, abandon_payment, settle_free_order, settle_payment
from lumenpay.telegram.facts import Button
from lumenpay.users.repository import get_user
from tenants_worker.context import JobContext, WorkerContext
from tenants_worker.tasks.plan_buttons import plan_button
from tenants_worker.tasks.sweeping import sweep
from tenants_worker.tasks.telling import tell_user

POLL_LIMIT = 500
_NOTICE_PATIENCE = timedelta(hours=1)
_PAYMENT_EVENTS = frozenset({
    WebhookNotificationEventType.PAYMENT_SUCCEEDED,
    WebhookNotificationEventType.PAYMENT_CANCELED,
    WebhookNotificationEventType.PAYMENT_WAITING_FOR_CAPTURE,
})  # fmt: skip
_NO_ANSWER: dict[type[LumenError], str] = {
    GatewayNotFoundError: "unknown_to_the_gateway",
    GatewayRefusedError: "refused_by_the_gateway",
    GatewayCredentialsError: "keys_refused_by_the_gateway",
    ShopNotConnectedError: "shop_not_connected",
    BotNotFoundError: "bot_deleted",
}
"""Why nothing can be learnt of a notice; each can pass, so it is asked again for a while before a human has to look."""
_log = get_logger(__name__)


async def open_payment(ctx: JobContext, job: OpenPayment) -> None:
    """Create the payment at the gateway with the stored key and body, and show the payer the link."""
    now = ctx.worker.clock.now()
    async with ctx.unit() as session:
        payment = await repository.get_payment(session, job.payment_id)
        if payment.provider == FREE:
            await settle_free_order(session, payment_id=payment.id, now=now)
            return
        shop = await _open_shop(ctx, session, payment)
    if payment.status == PaymentStatus.CREATED:
        observed = await _create(ctx, payment, shop, now=now)
        if observed is None:
            return
        async with ctx.unit() as session:
            await settle_payment(session, payment_id=payment.id, observed=observed, now=now)
            await _plan_check(session, payment, now=now)
    await _show_link(ctx, job.payment_id)


async def _create(ctx: JobContext, payment: Payment, shop: ShopSecrets, *, now: datetime) -> GatewayPayment | None:
    if not is_key_usable(payment.key_first_sent_at, now=now):
        # The gateway would charge again under this key: the order is looked up, or given up.
        return await _look_up_or_abandon(ctx, payment, shop, now=now)
    async with ctx.unit() as session:
        await session.execute(
            update(Payment)
            .where(Payment.tenant_id == ctx.tenant_id, Payment.id == payment.id, Payment.key_first_sent_at.is_(None))
            .values(key_first_sent_at=now, next_check_at=next_check_at(created_at=now, checks_count=0, now=now))
        )
    try:
        return await ctx.worker.yookassa.create_payment(
            shop, body=payment.request_body or {}, idempotence_key=payment.idempotence_key
        )
    except GatewayCredentialsError:
        await _reject_shop(ctx, payment)
        raise
    except GatewayRefusedError as error:
        _log.warning("payment_refused", payment_id=str(payment.id), reason=error.reason, parameter=error.parameter)
        async with ctx.unit() as session:
            await abandon_payment(session, payment_id=payment.id, reason=f"refused:{error.reason}"[:64], now=now)
        return None


async def _look_up_or_abandon(
    ctx: JobContext, payment: Payment, shop: ShopSecrets, *, now: datetime
) -> GatewayPayment | None:
    created = payment.created_at - timedelta(minutes=5)
    query = {
        "created_at.gte": created.isoformat().replace("+00:00", "Z"),
        "created_at.lte": now.isoformat().replace("+00:00", "Z"),
        "limit": "100",
    }
    while True:
        page, cursor = await ctx.worker.yookassa.list_payments(shop, query=query)
        for item in page:
            if item.metadata.get("payment_id") == str(payment.id):
                return item
        if not cursor:
            break
        query["cursor"] = cursor
    async with ctx.unit() as session:
        await abandon_payment(session, payment_id=payment.id, reason="never_created", now=now)
    return None


async def check_payment(ctx: JobContext, job: CheckPayment) -> None:
    """Ask the gateway about a payment that has not succeeded, and settle what it says.

    Open ones are asked about by the clock; one that was given up or set aside only when a human wants to know.
    """
    now = ctx.worker.clock.now()
    async with ctx.unit() as session:
        payment = await repository.get_payment(session, job.payment_id)
        if payment.status == PaymentStatus.SUCCEEDED or payment.provider != YOOKASSA:
            return
    # What goes wrong is left to the next poll: a job that came back by itself would pile up with the later ones.
    try:
        if payment.provider_payment_id is None:
            await open_payment(ctx, OpenPayment(payment.id))
            return
        async with ctx.unit() as session:
            shop = await _open_shop(ctx, session, payment)
        observed = await ctx.worker.yookassa.get_payment(shop, payment.provider_payment_id)
    except GatewayCredentialsError:
        await _reject_shop(ctx, payment)
        return
    except (GatewayUnavailableError, GatewayNotFoundError, ShopNotConnectedError, JobPostponed) as error:
        _log.info("payment_not_checked", payment_id=str(payment.id), error=str(error))
        return
    async with ctx.unit() as session:
        await settle_payment(session, payment_id=payment.id, observed=observed, now=now)


async def check_notice(ctx: JobContext, job: CheckNotice) -> None:
    """Look into a stored notice. Its body only says which object to ask the gateway about."""
    now = ctx.worker.clock.now()
    async with ctx.unit() as session:
        notice = await repository.get_notice(session, job.notice_id)
        if notice is None or notice.status != InboxStatus.NEW:
            return
        if notice.event not in _PAYMENT_EVENTS:
            await repository.close_notice(session, notice, status=InboxStatus.HANDLED, reason="event_not_used")
            return
    try:
        async with ctx.unit() as session:
            shop = bot_secrets.open_shop(ctx.worker.ring, await bots.get_bot(session, notice.bot_id))
        observed = await ctx.worker.yookassa.get_payment(shop, notice.object_id)
    except tuple(_NO_ANSWER) as error:
        await _wait_or_set_aside(ctx, notice, error, now=now)
        return
    async with ctx.unit() as session:
        reason = await _settle_noticed(session, observed, now=now)
        is_odd = reason == SettlementOutcome.QUARANTINED
        status = InboxStatus.QUARANTINED if is_odd else InboxStatus.HANDLED
        is_closed = await repository.close_notice(session, notice, status=status, reason=reason)
    if not is_closed:
        raise JobPostponed("it came again meanwhile", retry_after_seconds=0)


async def _wait_or_set_aside(ctx: JobContext, notice: PaymentNotice, error: LumenError, *, now: datetime) -> None:
    # Refused keys do not stop the shop's sales here, as they do for an order of ours: nobody signed the id that was
    # asked for, and a gateway that answers 403 for a foreign object would let whoever knows the address stop them.
    reason = _NO_ANSWER[type(error)]
    if now - notice.received_at < _NOTICE_PATIENCE:
        raise JobPostponed(reason, retry_after_seconds=60) from error
    async with ctx.unit() as session:
        await repository.close_notice(session, notice, status=InboxStatus.QUARANTINED, reason=reason)


async def _settle_noticed(session: TenantSession, observed: GatewayPayment, *, now: datetime) -> str:
    payment = await repository.find_by_provider_id(session, provider=YOOKASSA, provider_payment_id=observed.id)
    payment_id = payment.id if payment is not None else _read_uuid(observed.metadata.get("payment_id", ""))
    if payment_id is None:
        return "not_an_order_of_ours"
    found = payment or await repository.find_payment(session, payment_id)
    if found is None:
        return "not_an_order_of_ours"
    return str(await settle_payment(session, payment_id=found.id, observed=observed, now=now))


async def tell_payment_failed(ctx: JobContext, job: TellPaymentFailed) -> None:
    """Tell the payer that nothing was charged, with a button to try again."""
    async with ctx.unit() as session:
        payment = await repository.get_payment(session, job.payment_id)
        if payment.status != PaymentStatus.CANCELED:
            return
        user = await get_user(session, payment.user_id)
        plan = await get_plan(session, payment.plan_id)
        html = await render(
            session, bot_id=payment.bot_id, key=MessageKey.PAYMENT_FAILED, locale=user.locale,
            variables={
                "plan": plan.title, "amount": format_money(payment.amount_minor, payment.currency, locale=user.locale)
            },
        )  # fmt: skip
    await tell_user(ctx, user=user, html=html, buttons=plan_button(plan, words="try_again", locale=user.locale))


async def poll_due(ctx: WorkerContext, now: datetime) -> None:
    """Have the gateway asked about payments for which no notice came. Notices only make it faster."""

    async def ask(session: TenantSession, payment_id: UUID) -> None:
        payment = await repository.get_payment(session, payment_id, is_locked=True)
        if payment.next_check_at is None or payment.next_check_at > now:
            return
        payment.checks_count += 1
        payment.next_check_at = next_check_at(created_at=payment.created_at, checks_count=payment.checks_count, now=now)
        payload, key = CheckPayment(payment.id), str(payment.id)
        await enqueue(session, payload, now=now, bot_id=BotId(payment.bot_id), dedupe_key=key)

    await sweep(ctx, await list_due_payment_checks(ctx.database, now=now, limit=POLL_LIMIT), ask)


async def _show_link(ctx: JobContext, payment_id: UUID) -> None:
    async with ctx.unit() as session:
        payment = await repository.get_payment(session, payment_id)
        if payment.status != PaymentStatus.PENDING or not payment.confirmation_url or payment.superseded_at:
            return
        user = await get_user(session, payment.user_id)
        plan = await get_plan(session, payment.plan_id)
        amount = format_money(payment.amount_minor, payment.currency, locale=user.locale)
        html = await render(
            session, bot_id=payment.bot_id, key=MessageKey.PAYMENT_LINK, locale=user.locale,
            variables={"plan": plan.title, "amount": amount},
        )  # fmt: skip
    words = {"ru": (f"Оплатить {amount}", "← К тарифам"), "en": (f"Pay {amount}", "← Plans")}[user.locale]
    buttons = ((Button(words[0], url=payment.confirmation_url),), (Button(words[1], data=callbacks.BUY),))
    await tell_user(ctx, user=user, html=html, buttons=buttons, message_id=payment.chat_message_id)


async def _plan_check(session: TenantSession, payment: Payment, *, now: datetime) -> None:
    fresh = await repository.get_payment(session, payment.id)
    if fresh.status in OPEN_STATUSES:
        fresh.next_check_at = next_check_at(created_at=fresh.created_at, checks_count=fresh.checks_count, now=now)


async def _open_shop(ctx: JobContext, session: TenantSession, payment: Payment) -> ShopSecrets:
    bot = await bots.get_bot(session, payment.bot_id)
    shop = bot_secrets.open_shop(ctx.worker.ring, bot)
    if shop.shop_id != payment.shop_id:
        raise JobPostponed("the bot sells through another shop now", retry_after_seconds=600, does_count=True)
    return shop


async def _reject_shop(ctx: JobContext, payment: Payment) -> None:
    async with ctx.unit() as session:
        await bots.mark_shop_rejected(session, payment.bot_id, now=ctx.worker.clock.now())


def _read_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
