"""Asking the gateway about orders: what it says is settled, whoever wanted to know. Nothing is ever created here."""

from __future__ import annotations

from datetime import datetime, timedelta

from yookassa.domain.notification import WebhookNotificationEventType

from lumenpay.bots import secrets as bot_secrets
from lumenpay.bots import service as bots
from lumenpay.bots.errors import BotNotFoundError, ShopNotConnectedError
from lumenpay.bots.secrets import ShopSecrets
from lumenpay.db.session import TenantSession
from lumenpay.errors import LumenError
from lumenpay.jobs.catalogue import CheckNotice, CheckPayment
from lumenpay.jobs.errors import JobPostponed
from lumenpay.kit.crypto import SealBrokenError
from lumenpay.kit.logs import get_logger
from lumenpay.models.inbox import InboxStatus, PaymentNotice
from lumenpay.models.payments import Payment, PaymentStatus
from lumenpay.payments import checks, repository
from lumenpay.payments.errors import (
    GatewayCredentialsError,
    GatewayForbiddenError,
    GatewayNotFoundError,
    GatewayRefusedError,
)
from lumenpay.payments.providers.protocol import GatewayPayment
from lumenpay.payments.providers.stars.facts import STARS
from lumenpay.payments.rules import is_key_usable
from lumenpay.payments.shops import open_shop_of
from lumenpay.payments.terms import YOOKASSA
from lumenpay.refunds.settlement import RefundOutcome
from lumenpay.subscriptions.settlement import SettlementOutcome, abandon_payment, settle_payment
from lumenpay.subscriptions.star_payments import close_old_order
from tenants_worker.context import JobContext
from tenants_worker.tasks import refund_checks
from tenants_worker.tasks.noticed import settle_noticed, write_moment
from tenants_worker.tasks.payment_messages import show_link

_NOTICE_PATIENCE = timedelta(hours=1)
_LONGEST_OPENING = timedelta(hours=25)
"""A create call is made within 23 hours of the order, so the gateway's payment is not younger than this."""
_PAYMENT_EVENTS = frozenset({
    WebhookNotificationEventType.PAYMENT_SUCCEEDED,
    WebhookNotificationEventType.PAYMENT_CANCELED,
    WebhookNotificationEventType.PAYMENT_WAITING_FOR_CAPTURE,
})  # fmt: skip
_NO_ANSWER: dict[type[LumenError], str] = {
    GatewayNotFoundError: "unknown_to_the_gateway",
    GatewayRefusedError: "refused_by_the_gateway",
    GatewayCredentialsError: "keys_refused_by_the_gateway",
    GatewayForbiddenError: "keys_refused_by_the_gateway",
    ShopNotConnectedError: "shop_not_connected",
    BotNotFoundError: "bot_deleted",
}
"""Why nothing can be learnt of a notice; each can pass, so it is asked again for a while before a human has to look."""
_log = get_logger(__name__)


async def check_payment(ctx: JobContext, job: CheckPayment) -> None:
    """Ask the gateway about an order that is not paid, settle what it says, and keep with the order what came of it.

    What goes wrong is left to the next poll: a job that came back by itself would pile up with the later ones.
    """
    now = ctx.worker.clock.now()
    async with ctx.unit() as session:
        payment = await repository.get_payment(session, job.payment_id)
    if payment.provider == STARS:
        async with ctx.unit() as session:
            result = await close_old_order(session, payment, now=now)
    elif payment.status == PaymentStatus.SUCCEEDED or payment.provider != YOOKASSA:
        result = checks.NOTHING_TO_ASK
    else:
        result = await _check(ctx, payment, now=now)
    async with ctx.unit() as session:
        await checks.record_check(session, payment.id, result=result, now=now)
    if payment.status == PaymentStatus.CREATED and payment.provider != STARS:
        await show_link(ctx, payment.id)


async def _check(ctx: JobContext, payment: Payment, *, now: datetime) -> str:
    try:
        async with ctx.unit() as session:
            shop = await open_shop_of(session, payment, ring=ctx.worker.ring)
        observed = await _ask(ctx, payment, shop, now=now)
    except (LumenError, SealBrokenError) as error:
        _log.info("payment_not_checked", payment_id=str(payment.id), error=str(error))
        return await _explain(ctx, payment, error, now=now)
    async with ctx.unit() as session:
        if observed is not None:
            return str(await settle_payment(session, payment_id=payment.id, observed=observed, now=now))
        if payment.status == PaymentStatus.CREATED and not is_key_usable(payment.key_first_sent_at, now=now):
            await abandon_payment(session, payment_id=payment.id, reason=checks.NEVER_CREATED, now=now)
            return checks.NEVER_CREATED
    return checks.UNKNOWN_TO_GATEWAY


async def _explain(ctx: JobContext, payment: Payment, error: Exception, *, now: datetime) -> str:
    if isinstance(error, GatewayCredentialsError):
        async with ctx.unit() as session:
            is_current = await bots.mark_shop_rejected(session, payment.bot_id, shop_id=payment.shop_id, now=now)
        return checks.KEYS_REFUSED if is_current else checks.KEYS_OF_FORMER_SHOP_REFUSED
    if isinstance(error, ShopNotConnectedError):
        return checks.KEYS_GONE
    if isinstance(error, GatewayForbiddenError):
        return checks.FORBIDDEN
    return error.code if isinstance(error, LumenError) else checks.KEYS_DO_NOT_OPEN


async def _ask(ctx: JobContext, payment: Payment, shop: ShopSecrets, *, now: datetime) -> GatewayPayment | None:
    if payment.provider_payment_id is None:
        return await find_at_gateway(ctx, payment, shop, now=now)
    try:
        return await ctx.worker.yookassa.get_payment(shop, payment.provider_payment_id)
    except GatewayNotFoundError:
        return None


async def find_at_gateway(
    ctx: JobContext, payment: Payment, shop: ShopSecrets, *, now: datetime
) -> GatewayPayment | None:
    """Return the gateway's payment that names this order, from the shop's list; the order's key is not sent."""
    if payment.key_first_sent_at is None:
        return None
    since, until = payment.created_at - timedelta(minutes=5), min(now, payment.created_at + _LONGEST_OPENING)
    query = {"created_at.gte": write_moment(since), "created_at.lte": write_moment(until), "limit": "100"}
    while True:
        page, cursor = await ctx.worker.yookassa.list_payments(shop, query=query)
        for item in page:
            if item.metadata.get("payment_id") == str(payment.id):
                return item
        if not cursor:
            return None
        query["cursor"] = cursor


async def check_notice(ctx: JobContext, job: CheckNotice) -> None:
    """Look into a stored notice. Its body only says which object to ask the gateway about."""
    now = ctx.worker.clock.now()
    async with ctx.unit() as session:
        notice = await repository.get_notice(session, job.notice_id)
        if notice is None or notice.status != InboxStatus.NEW:
            return
        is_refund = notice.event == WebhookNotificationEventType.REFUND_SUCCEEDED
        if not is_refund and notice.event not in _PAYMENT_EVENTS:
            await repository.close_notice(session, notice, status=InboxStatus.HANDLED, reason="event_not_used")
            return
    try:
        reason = await (_look_into_refund if is_refund else _look_into_payment)(ctx, notice, now=now)
    except tuple(_NO_ANSWER) as error:
        await _wait_or_set_aside(ctx, notice, error, now=now)
        return
    async with ctx.unit() as session:
        is_odd = reason in (SettlementOutcome.QUARANTINED, RefundOutcome.QUARANTINED)
        status = InboxStatus.QUARANTINED if is_odd else InboxStatus.HANDLED
        is_closed = await repository.close_notice(session, notice, status=status, reason=reason)
    if not is_closed:
        raise JobPostponed("it came again meanwhile", retry_after_seconds=0)


async def _look_into_payment(ctx: JobContext, notice: PaymentNotice, *, now: datetime) -> str:
    async with ctx.unit() as session:
        shop = await _open_shop_of_notice(ctx, session, notice)
    observed = await ctx.worker.yookassa.get_payment(shop, notice.object_id)
    async with ctx.unit() as session:
        return await settle_noticed(session, observed, now=now)


async def _look_into_refund(ctx: JobContext, notice: PaymentNotice, *, now: datetime) -> str:
    async with ctx.unit() as session:
        shop = await refund_checks.open_shop_of_notice(ctx, session, notice)
    return await refund_checks.look_into(ctx, shop, notice.object_id, now=now)


async def _wait_or_set_aside(ctx: JobContext, notice: PaymentNotice, error: LumenError, *, now: datetime) -> None:
    # Refused keys do not stop the shop's sales here, as they do for an order of ours: nobody signed the id that was
    # asked for, and a gateway that answers 403 for a foreign object would let whoever knows the address stop them.
    reason = _NO_ANSWER[type(error)]
    if now - notice.received_at < _NOTICE_PATIENCE:
        raise JobPostponed(reason, retry_after_seconds=60) from error
    async with ctx.unit() as session:
        await repository.close_notice(session, notice, status=InboxStatus.QUARANTINED, reason=reason)


async def _open_shop_of_notice(ctx: JobContext, session: TenantSession, notice: PaymentNotice) -> ShopSecrets:
    # It may be about an order of the shop before this one, whose notices still come to the same address.
    payment = await repository.find_by_provider_id(
        session, provider=YOOKASSA, provider_payment_id=notice.object_id
    )  # fmt: skip
    if payment is not None:
        return await open_shop_of(session, payment, ring=ctx.worker.ring)
    return bot_secrets.open_shop(ctx.worker.ring, await bots.get_bot(session, notice.bot_id))
