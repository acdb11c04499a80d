"""The tick and the job of gifts: reminding givers, ending a gift's time, and what its giver is told."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from lumenpay.bots.repository import get_bot
from lumenpay.db.dispatch import list_due_gifts
from lumenpay.db.session import TenantSession
from lumenpay.gifts import service
from lumenpay.gifts.repository import get_gift
from lumenpay.jobs.catalogue import TellGift
from lumenpay.models.gifts import Gift, GiftStatus
from lumenpay.models.payments import DeliveryState
from lumenpay.models.users import User
from lumenpay.payments.repository import advance_delivery, get_payment
from lumenpay.users.repository import get_user
from tenants_worker.bot.conversation import View
from tenants_worker.bot.views import gifts as views
from tenants_worker.context import JobContext, WorkerContext
from tenants_worker.tasks.sweeping import sweep
from tenants_worker.tasks.telling import tell_user

DUE_LIMIT = 500


async def take_due_steps(ctx: WorkerContext, now: datetime) -> None:
    """Have givers reminded of what nobody took, and end what waited its time."""

    async def take(session: TenantSession, gift_id: UUID) -> None:
        await service.take_due_step(session, gift_id=gift_id, now=now)

    await sweep(ctx, await list_due_gifts(ctx.database, now=now, limit=DUE_LIMIT), take)


async def tell_gift(ctx: JobContext, job: TellGift) -> None:
    """Tell the giver what the job is about; nothing once it is not so any more."""
    now = ctx.worker.clock.now()
    async with ctx.unit() as session:
        gift = await get_gift(session, job.gift_id)
        if not _is_so(job.about, gift):
            return
        giver = await get_user(session, gift.giver_id)
        view = await _view(session, gift, giver, job.about, now=now)
    shown = await tell_user(ctx, user=giver, html=view.html, buttons=view.buttons, is_owed=True)
    if shown is None:
        return
    async with ctx.unit() as session:
        if job.about == service.READY:
            # What is handed on comes after it, as a message of its own.
            await service.tell(session, gift, service.CARD, now=now)
        elif job.about == service.CARD:
            await advance_delivery(session, [gift.payment_id], DeliveryState.LINK_SENT)


def _is_so(about: str, gift: Gift) -> bool:
    if about == service.CLAIMED:
        return gift.status == GiftStatus.CLAIMED
    if about == service.CLOSED:
        return gift.status in (GiftStatus.EXPIRED, GiftStatus.REVOKED)
    return gift.status == GiftStatus.WAITING


async def _view(session: TenantSession, gift: Gift, giver: User, about: str, *, now: datetime) -> View:
    if about == service.READY:
        return await views.ready(session, giver, gift)
    if about == service.CLOSED:
        return await views.closed(session, giver, gift)
    if about == service.CLAIMED and gift.receiver_id is not None:
        return await views.claimed(session, giver, gift, await get_user(session, gift.receiver_id))
    bot = await get_bot(session, gift.bot_id)
    url = await service.make_link(session, gift, bot_username=bot.username, now=now)
    if about == service.REMINDER:
        return await views.reminder(session, giver, gift, url=url)
    return await views.to_hand_on(session, giver, gift, await get_payment(session, gift.payment_id), url=url)
