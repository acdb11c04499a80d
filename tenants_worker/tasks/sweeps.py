"""Asking Telegram about the people of a channel, a share at a time, and what comes of it."""

from __future__ import annotations

import time
from datetime import datetime
from uuid import UUID

from lumenpay.access import joining, sweep_closing, sweeping
from lumenpay.access.rules import JoinDecision
from lumenpay.access.sweeping import Look, Share
from lumenpay.db.dispatch import list_due_sweeps
from lumenpay.db.session import TenantSession
from lumenpay.jobs.catalogue import CloseSweep, SweepMembers
from lumenpay.jobs.outbox import enqueue
from lumenpay.kit.crypto import Secret
from lumenpay.models.access import Membership, WantedPlace
from lumenpay.models.channels import ChannelStatus
from lumenpay.telegram.errors import TelegramChatGoneError, TelegramMissingRightsError
from tenants_worker.context import JobContext, WorkerContext
from tenants_worker.tasks.places import find_place, report_rights
from tenants_worker.tasks.sweeping import sweep
from tenants_worker.tasks.telling import open_active_token, pausing_revoked

DUE_LIMIT = 500
LONGEST_SECONDS = 20


async def look_due(ctx: WorkerContext, now: datetime) -> None:
    """Have a share of the people looked at in every channel whose moment has come, whoever sees it first."""

    async def plan(session: TenantSession, channel_id: UUID) -> None:
        await sweeping.plan_share(session, channel_id, now=now)

    await sweep(ctx, await list_due_sweeps(ctx.database, now=now, limit=DUE_LIMIT), plan)


async def sweep_members(ctx: JobContext, job: SweepMembers) -> None:
    """Ask about the next share, one person after another, and store what Telegram said. Nobody is removed here."""
    async with ctx.unit() as session:
        share = await sweeping.prepare_share(session, job.channel_id, now=ctx.worker.clock.now())
    if share is None or share.channel.status == ChannelStatus.BOT_REMOVED:
        return
    token = await open_active_token(ctx, share.channel.bot_id)
    try:
        async with pausing_revoked(ctx, share.channel.bot_id, token):
            looks = [await _look(ctx, token, share, person) for person in share.people]
    except (TelegramMissingRightsError, TelegramChatGoneError):
        await report_rights(ctx, share.channel.id, share.channel.bot_id)
        return
    async with ctx.unit() as session:
        await sweeping.store_share(session, share, looks, now=ctx.worker.clock.now())


async def _look(ctx: JobContext, token: Secret, share: Share, person: Membership) -> Look:
    place = {"chat_id": share.channel.chat_id, "telegram_id": person.telegram_id}
    facts = await find_place(ctx, token, **place)
    if sweeping.is_banned(facts):
        async with ctx.unit() as session:
            is_ours = await sweeping.is_ban_ours(session, person, now=ctx.worker.clock.now())
        if is_ours:
            await ctx.worker.telegram.lift_ban(token, **place)
    elif not facts.is_inside and person.wanted == WantedPlace.INSIDE and await _let_in(ctx, token, person):
        facts = await find_place(ctx, token, **place)
    return Look(person.id, person.telegram_id, facts)


async def _let_in(ctx: JobContext, token: Secret, person: Membership) -> bool:
    """Let in a payer who knocked while no update arrived: who waits already cannot knock again."""
    async with ctx.unit() as session:
        answer = await joining.decide_again(session, membership_id=person.id, now=ctx.worker.clock.now())
    if answer.decision is not JoinDecision.APPROVE:
        return False
    was_done = await ctx.worker.telegram.approve_join_request(
        token, chat_id=answer.chat_id, telegram_id=answer.telegram_id
    )
    if was_done:
        async with ctx.unit() as session:
            await joining.record_request_answered(session, answer, was_done=True, now=ctx.worker.clock.now())
    return was_done


async def close_sweep(ctx: JobContext, job: CloseSweep) -> None:
    """Deal with the people whom a sweep found; what is left when the time is over goes on in a further job."""
    began_at = time.monotonic()
    is_more = True
    while is_more:
        async with ctx.unit() as session:
            is_more = await sweep_closing.close_some(session, job.sweep_id, now=ctx.worker.clock.now())
            if is_more and time.monotonic() - began_at > LONGEST_SECONDS:
                await enqueue(session, job, now=ctx.worker.clock.now(), dedupe_key=str(job.sweep_id))
                return
