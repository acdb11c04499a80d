"""Jobs about people in channels: answer who knocks, take people out, revoke links."""

from __future__ import annotations

from uuid import UUID

from lumenpay.access import delivery, joining, removal
from lumenpay.access.removal import Removal
from lumenpay.access.rules import JoinDecision, RemovalDecision
from lumenpay.channels.repository import get_channel
from lumenpay.channels.rules import can_invite, can_remove
from lumenpay.jobs.catalogue import AnswerJoinRequest, RemoveMember, RevokeEntryLink
from lumenpay.jobs.errors import JobPostponed
from lumenpay.kit.crypto import Secret
from lumenpay.models.access import EntryLink, EntryLinkStatus, Membership
from lumenpay.telegram.errors import (
    TelegramChatGoneError,
    TelegramMissingRightsError,
    TelegramRejectedError,
    TelegramTargetIsAdminError,
)
from lumenpay.telegram.facts import BANNED_STATUS, MemberFacts
from tenants_worker.context import JobContext
from tenants_worker.tasks.places import find_place, postpone_closed, report_rights
from tenants_worker.tasks.telling import open_active_token, pausing_revoked


async def answer_join_request(ctx: JobContext, job: AnswerJoinRequest) -> None:
    """Approve or decline a person who could not be answered at once, by the right they have now."""
    async with ctx.unit() as session:
        answer = await joining.decide_again(session, membership_id=job.membership_id, now=ctx.worker.clock.now())
        membership = await session.get(Membership, (ctx.tenant_id, job.membership_id))
        channel = await get_channel(session, membership.channel_id) if membership else None
    if answer.decision is JoinDecision.IGNORE or channel is None:
        return
    is_approved = answer.decision is JoinDecision.APPROVE
    if not can_invite(channel):
        if is_approved:
            raise postpone_closed()
        return  # Nobody waits for a no, and where the bot has no say it need not be said.
    token = await open_active_token(ctx, channel.bot_id)
    call = ctx.worker.telegram.approve_join_request if is_approved else ctx.worker.telegram.decline_join_request
    try:
        async with pausing_revoked(ctx, channel.bot_id, token):
            was_done = await call(token, chat_id=answer.chat_id, telegram_id=answer.telegram_id)
    except (TelegramMissingRightsError, TelegramChatGoneError) as error:
        await report_rights(ctx, channel.id, channel.bot_id)
        if not is_approved:
            return
        raise postpone_closed() from error
    async with ctx.unit() as session:
        await joining.record_request_answered(session, answer, was_done=was_done, now=ctx.worker.clock.now())


async def remove_member(ctx: JobContext, job: RemoveMember) -> None:
    """Take a person out without a ban, if they have no right to stay at this very moment."""
    async with ctx.unit() as session:
        plan = await removal.decide_membership_removal(session, job.membership_id, now=ctx.worker.clock.now())
        membership = await session.get(Membership, (ctx.tenant_id, job.membership_id))
        channel = await get_channel(session, membership.channel_id) if membership else None
    if plan is None or channel is None:
        return
    # A try before this one may have taken out, unheard, somebody who has paid again since.
    is_in_doubt = plan.decision is RemovalDecision.KEEP_PAID and ctx.attempts > 1
    # Who is believed to be outside is looked for all the same: the update that they came in may have been missed.
    if plan.decision in (RemovalDecision.KEEP_PAID, RemovalDecision.KEEP_UNMANAGED) and not is_in_doubt:
        return
    if not can_remove(channel):
        raise postpone_closed()
    token = await open_active_token(ctx, channel.bot_id)
    try:
        async with pausing_revoked(ctx, channel.bot_id, token):
            is_out = await _take_out(ctx, token, job.membership_id, plan)
    except TelegramTargetIsAdminError:
        async with ctx.unit() as session:
            await removal.record_admin(session, job.membership_id, now=ctx.worker.clock.now())
        return
    except (TelegramMissingRightsError, TelegramChatGoneError) as error:
        await report_rights(ctx, channel.id, channel.bot_id)
        raise postpone_closed() from error
    if is_out:
        async with ctx.unit() as session:
            must_return = await removal.record_removed(session, job.membership_id, now=ctx.worker.clock.now())
            if must_return:
                await delivery.redeliver(session, membership_id=job.membership_id, now=ctx.worker.clock.now())


async def _take_out(ctx: JobContext, token: Secret, membership_id: UUID, plan: Removal) -> bool:
    """Return whether the person is outside now and that is our doing."""
    telegram, place = ctx.worker.telegram, {"chat_id": plan.chat_id, "telegram_id": plan.telegram_id}
    facts = await find_place(ctx, token, **place)
    was_believed_outside = plan.decision is RemovalDecision.ALREADY_OUTSIDE
    if not facts.is_inside and ctx.attempts > 1:
        await _lift_ban(ctx, token, plan, facts)
        if not was_believed_outside:
            return True
    if facts.is_admin or not facts.is_inside or was_believed_outside:
        async with ctx.unit() as session:
            await removal.record_place(session, membership_id, facts, now=ctx.worker.clock.now())
    if facts.is_admin or not facts.is_inside:
        return False
    async with ctx.unit() as session:
        again = await removal.decide_membership_removal(session, membership_id, now=ctx.worker.clock.now())
    if again is None or again.decision is not RemovalDecision.REMOVE:
        return False
    await telegram.remove_member(token, **place)
    after = await find_place(ctx, token, **place)
    if after.is_inside:
        raise JobPostponed("still inside after the removal", retry_after_seconds=5, does_count=True)
    await _lift_ban(ctx, token, plan, after)
    return True


async def _lift_ban(ctx: JobContext, token: Secret, plan: Removal, facts: MemberFacts) -> None:
    # Telegram takes somebody out by a ban that it lifts at once: where it came to the first half only, the second is
    # made up for. Whom somebody else has banned was not inside, and is not touched.
    if facts.status == BANNED_STATUS:
        await ctx.worker.telegram.lift_ban(token, chat_id=plan.chat_id, telegram_id=plan.telegram_id)


async def revoke_entry_link(ctx: JobContext, job: RevokeEntryLink) -> None:
    """Make a used single-use link useless: it would open again when the person who used it leaves."""
    async with ctx.unit() as session:
        link = await session.get(EntryLink, (ctx.tenant_id, job.entry_link_id))
        if link is None or link.status != EntryLinkStatus.ACTIVE:
            return
        channel = await get_channel(session, link.channel_id)
    if not can_invite(channel):
        raise postpone_closed()
    token = await open_active_token(ctx, channel.bot_id)
    try:
        async with pausing_revoked(ctx, channel.bot_id, token):
            await ctx.worker.telegram.revoke_entry_link(token, chat_id=channel.chat_id, url=link.url)
    except (TelegramMissingRightsError, TelegramChatGoneError) as error:
        await report_rights(ctx, channel.id, channel.bot_id)
        raise postpone_closed() from error
    except TelegramRejectedError as error:
        raise JobPostponed(error.description, retry_after_seconds=60, does_count=True) from error
    async with ctx.unit() as session:
        await delivery.record_link_revoked(session, job.entry_link_id, now=ctx.worker.clock.now())
