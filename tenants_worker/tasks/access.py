"""Jobs of the doors: hand over links, answer who knocks, take people out, revoke links."""

from __future__ import annotations

from uuid import UUID

from lumenpay.access import delivery, joining, removal
from lumenpay.access.delivery import Delivery, Door
from lumenpay.access.removal import Removal
from lumenpay.access.rules import JoinDecision, RemovalDecision
from lumenpay.channels import service as channels
from lumenpay.channels.repository import get_channel
from lumenpay.db.session import TenantSession
from lumenpay.jobs.catalogue import AnswerJoinRequest, CheckChannelRights, DeliverAccess, RemoveMember, RevokeEntryLink
from lumenpay.jobs.errors import JobPostponed
from lumenpay.jobs.outbox import enqueue
from lumenpay.kit.crypto import Secret
from lumenpay.kit.logs import get_logger
from lumenpay.messages.catalogue import MessageKey
from lumenpay.messages.formatting import format_money, format_until
from lumenpay.messages.rules import Html, escape
from lumenpay.messages.service import render
from lumenpay.models.access import EntryLink, EntryLinkStatus, Membership
from lumenpay.models.channels import EntryMode
from lumenpay.models.ids import BotId
from lumenpay.telegram.errors import (
    TelegramChatGoneError,
    TelegramMissingRightsError,
    TelegramRejectedError,
    TelegramTargetIsAdminError,
)
from lumenpay.telegram.facts import Button, Buttons, MemberFacts
from lumenpay.tenants.repository import get_own_tenant
from tenants_worker.context import JobContext
from tenants_worker.tasks.telling import open_active_token, pausing_revoked, tell_user

RIGHTS_PATIENCE_SECONDS = 30
_PERSONAL = {
    "ru": "Ссылки личные: по ним я впущу только вас.",
    "en": "The links are personal: they let in only you.",
}
_log = get_logger(__name__)


async def deliver_access(ctx: JobContext, job: DeliverAccess) -> None:
    """Make the missing links and send the receipt with them; doors without rights follow when the rights return."""
    now = ctx.worker.clock.now()
    async with ctx.unit() as session:
        order = await delivery.prepare_delivery(session, job.payment_id, now=now)
    if order is None:
        return
    token = await open_active_token(ctx, order.payment.bot_id, is_owed=True)
    async with pausing_revoked(ctx, order.payment.bot_id):
        urls = {door.channel.id: await _open_door(ctx, token, order, door) for door in order.doors}
    is_complete = all(url or door.is_inside for door, url in zip(order.doors, urls.values(), strict=True))
    if is_complete or order.payment.receipt_sent_at is None:
        await _hand_over(ctx, order, list(urls.values()))
    if not is_complete:
        raise JobPostponed("a channel is not ready", retry_after_seconds=RIGHTS_PATIENCE_SECONDS)


async def _hand_over(ctx: JobContext, order: Delivery, urls: list[str | None]) -> None:
    async with ctx.unit() as session:
        fresh = await delivery.prepare_delivery(session, order.payment.id, now=ctx.worker.clock.now()) or order
        html, buttons = await _write_receipt(session, fresh, urls)
    # Who has blocked the bot stays on the list of paid orders whose links nobody has; /status shows them later.
    if await tell_user(ctx, user=order.user, html=html, buttons=buttons, is_owed=True) is not None:
        async with ctx.unit() as session:
            now = ctx.worker.clock.now()
            await delivery.record_told(session, fresh, has_link=bool(buttons), now=now)


async def _open_door(ctx: JobContext, token: Secret, order: Delivery, door: Door) -> str | None:
    now = ctx.worker.clock.now()
    if door.url or not door.is_ready:
        return door.url
    channel, user = door.channel, order.user
    telegram = ctx.worker.telegram
    try:
        if door.is_place_unknown:
            facts = await _find_place(ctx, token, chat_id=channel.chat_id, telegram_id=user.telegram_id)
            async with ctx.unit() as session:
                await delivery.record_first_look(
                    session, door.membership.id, is_inside=facts.is_inside, is_admin=facts.is_admin, now=now
                )
        is_single = order.is_farewell or channel.entry_mode == EntryMode.SINGLE_USE_LINK
        url = await telegram.create_entry_link(
            token, chat_id=channel.chat_id, name=f"{user.telegram_id}", needs_approval=not is_single,
            expires_at=now + delivery.SINGLE_USE_LIFETIME if is_single else None,
        )  # fmt: skip
    except (TelegramMissingRightsError, TelegramChatGoneError):
        await _report_rights(ctx, channel.id, order.payment.bot_id)
        return None
    if order.is_farewell:
        return url
    async with ctx.unit() as session:
        return await delivery.store_new_link(session, door, user_id=user.id, url=url, now=now)


async def _write_receipt(session: TenantSession, order: Delivery, urls: list[str | None]) -> tuple[str, Buttons]:
    locale = order.user.locale
    words = {
        "ru": ("вы уже внутри", "вход откроется чуть позже, ссылку пришлю сам", "Войти в «{}»"),
        "en": ("you are inside already", "the door opens a little later, I will send the link", "Enter “{}”"),
    }[locale]
    lines: list[str] = []
    buttons: list[tuple[Button, ...]] = []
    for door, url in zip(order.doors, urls, strict=True):
        title = escape(door.channel.title)
        if door.is_inside:
            lines.append(f"• {title} — {words[0]}")
        elif url:
            lines.append(f'• <a href="{escape(url)}">{title}</a>')
            buttons.append((Button(words[2].format(door.channel.title)[:60], url=url),))
        else:
            lines.append(f"• {title} — {words[1]}")
    if buttons:
        lines += ["", _PERSONAL[locale]]
    tenant = await get_own_tenant(session)
    # What is sent again must not read like a second charge.
    key = MessageKey.PAYMENT_SUCCEEDED if order.payment.receipt_sent_at is None else MessageKey.LINKS_AGAIN
    html = await render(
        session, bot_id=order.payment.bot_id, key=key, locale=locale,
        variables={
            "plan": order.plan_title,
            "amount": format_money(order.payment.amount_minor, order.payment.currency, locale=locale),
            "paid_until": format_until(order.ends_at, time_zone=tenant.time_zone, locale=locale),
            "links": Html("\n".join(lines)),
        },
    )  # fmt: skip
    return html, tuple(buttons)


async def answer_join_request(ctx: JobContext, job: AnswerJoinRequest) -> None:
    """Approve or decline a person who could not be answered at once, by the right they have now."""
    async with ctx.unit() as session:
        answer = await joining.decide_again(session, membership_id=job.membership_id, now=ctx.worker.clock.now())
        membership = await session.get(Membership, (ctx.tenant_id, job.membership_id))
        channel = await get_channel(session, membership.channel_id) if membership else None
    if answer.decision is JoinDecision.IGNORE or channel is None:
        return
    token = await open_active_token(ctx, channel.bot_id)
    is_approved = answer.decision is JoinDecision.APPROVE
    call = ctx.worker.telegram.approve_join_request if is_approved else ctx.worker.telegram.decline_join_request
    try:
        async with pausing_revoked(ctx, channel.bot_id):
            was_done = await call(token, chat_id=answer.chat_id, telegram_id=answer.telegram_id)
    except (TelegramMissingRightsError, TelegramChatGoneError) as error:
        await _report_rights(ctx, channel.id, channel.bot_id)
        raise JobPostponed("the bot lacks rights", retry_after_seconds=RIGHTS_PATIENCE_SECONDS) from error
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
    if plan.decision is not RemovalDecision.REMOVE and not is_in_doubt:
        return
    token = await open_active_token(ctx, channel.bot_id)
    try:
        async with pausing_revoked(ctx, channel.bot_id):
            is_out = await _take_out(ctx, token, job.membership_id, plan)
    except TelegramTargetIsAdminError:
        async with ctx.unit() as session:
            await removal.record_admin(session, job.membership_id, now=ctx.worker.clock.now())
        return
    except (TelegramMissingRightsError, TelegramChatGoneError) as error:
        await _report_rights(ctx, channel.id, channel.bot_id)
        raise JobPostponed("the bot lacks rights", retry_after_seconds=RIGHTS_PATIENCE_SECONDS) from error
    if is_out:
        async with ctx.unit() as session:
            must_return = await removal.record_removed(session, job.membership_id, now=ctx.worker.clock.now())
            if must_return:
                await delivery.redeliver(session, membership_id=job.membership_id, now=ctx.worker.clock.now())


async def _take_out(ctx: JobContext, token: Secret, membership_id: UUID, plan: Removal) -> bool:
    """Return whether the person is outside now and that is our doing."""
    telegram, place = ctx.worker.telegram, {"chat_id": plan.chat_id, "telegram_id": plan.telegram_id}
    facts = await _find_place(ctx, token, **place)
    if not facts.is_inside and ctx.attempts > 1:
        return True
    if facts.is_admin or not facts.is_inside:
        async with ctx.unit() as session:
            await removal.record_place(session, membership_id, facts, now=ctx.worker.clock.now())
        return False
    async with ctx.unit() as session:
        again = await removal.decide_membership_removal(session, membership_id, now=ctx.worker.clock.now())
    if again is None or again.decision is not RemovalDecision.REMOVE:
        return False
    await telegram.remove_member(token, **place)
    if (await _find_place(ctx, token, **place)).is_inside:
        raise JobPostponed("still inside after the removal", retry_after_seconds=5, does_count=True)
    return True


async def _find_place(ctx: JobContext, token: Secret, *, chat_id: int, telegram_id: int) -> MemberFacts:
    try:
        return await ctx.worker.telegram.get_member(token, chat_id=chat_id, telegram_id=telegram_id)
    except TelegramRejectedError as error:
        # Telegram does not know of the person there: a deleted account, or one that never was near.
        _log.info("member_not_found", reason=error.description)
        return MemberFacts("left", is_inside=False, is_admin=False, can_invite_users=False, can_restrict_members=False)


async def revoke_entry_link(ctx: JobContext, job: RevokeEntryLink) -> None:
    """Make a used single-use link useless: it would open again when the person who used it leaves."""
    async with ctx.unit() as session:
        link = await session.get(EntryLink, (ctx.tenant_id, job.entry_link_id))
        if link is None or link.status != EntryLinkStatus.ACTIVE:
            return
        channel = await get_channel(session, link.channel_id)
    token = await open_active_token(ctx, channel.bot_id)
    try:
        async with pausing_revoked(ctx, channel.bot_id):
            await ctx.worker.telegram.revoke_entry_link(token, chat_id=channel.chat_id, url=link.url)
    except (TelegramMissingRightsError, TelegramChatGoneError) as error:
        raise JobPostponed("the bot lacks rights", retry_after_seconds=RIGHTS_PATIENCE_SECONDS) from error
    except TelegramRejectedError as error:
        raise JobPostponed(error.description, retry_after_seconds=60, does_count=True) from error
    async with ctx.unit() as session:
        await delivery.record_link_revoked(session, job.entry_link_id, now=ctx.worker.clock.now())


async def _report_rights(ctx: JobContext, channel_id: UUID, bot_id: UUID) -> None:
    now = ctx.worker.clock.now()
    async with ctx.unit() as session:
        channel = await get_channel(session, channel_id)
        channels.mark_rights_missing(session, channel, now=now)
        key = str(channel_id)
        await enqueue(session, CheckChannelRights(channel.id), now=now, bot_id=BotId(bot_id), dedupe_key=key)
