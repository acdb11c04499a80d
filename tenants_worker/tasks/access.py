"""Handing a paid order over: make the links that are missing, and send the receipt with them."""

from __future__ import annotations

from collections.abc import Mapping

from lumenpay.access import delivery
from lumenpay.access.delivery import Delivery, Door
from lumenpay.db.session import TenantSession
from lumenpay.jobs.catalogue import DeliverAccess
from lumenpay.kit.crypto import Secret
from lumenpay.messages.catalogue import MessageKey
from lumenpay.messages.formatting import format_money, format_until
from lumenpay.messages.rules import Html, escape
from lumenpay.messages.service import render
from lumenpay.models.channels import EntryMode
from lumenpay.models.ids import ChannelId
from lumenpay.payments.terms import IMPORT
from lumenpay.referrals.repository import find_by_reward
from lumenpay.telegram.errors import TelegramChatGoneError, TelegramMissingRightsError
from lumenpay.telegram.facts import Button, Buttons
from lumenpay.tenants.repository import get_own_tenant
from tenants_worker.bot.texts.changes import DETAILS
from tenants_worker.context import JobContext
from tenants_worker.tasks.places import find_place, postpone_closed, report_rights
from tenants_worker.tasks.telling import open_active_token, pausing_revoked, tell_user

_PERSONAL = {
    "ru": "Ссылки личные: по ним я впущу только вас.",
    "en": "The links are personal: they let in only you.",
}


async def deliver_access(ctx: JobContext, job: DeliverAccess) -> None:
    """Make the missing links and send the receipt with them; doors without rights follow when the rights return."""
    now = ctx.worker.clock.now()
    async with ctx.unit() as session:
        order = await delivery.prepare_delivery(session, job.payment_id, now=now)
    if order is None:
        return
    token = await open_active_token(ctx, order.payment.bot_id, is_owed=True)
    async with pausing_revoked(ctx, order.payment.bot_id, token):
        urls = {door.channel.id: await _open_door(ctx, token, order, door) for door in order.doors}
    async with ctx.unit() as session:
        fresh = await delivery.prepare_delivery(session, job.payment_id, now=now) or order
    if fresh.is_quiet:
        async with ctx.unit() as session:
            await delivery.record_quiet(session, fresh)
        return
    is_complete = all(urls.get(door.channel.id) or door.is_inside for door in fresh.doors)
    if is_complete or fresh.payment.receipt_sent_at is None:
        await _hand_over(ctx, fresh, urls)
    if not is_complete:
        raise postpone_closed()


async def _hand_over(ctx: JobContext, order: Delivery, urls: Mapping[ChannelId, str | None]) -> None:
    async with ctx.unit() as session:
        html, buttons = await _write_receipt(session, order, urls)
    # Who has blocked the bot stays on the list of paid orders whose links nobody has; /status shows them later.
    if await tell_user(ctx, user=order.user, html=html, buttons=buttons, is_owed=True) is not None:
        async with ctx.unit() as session:
            await delivery.record_told(session, order, has_link=bool(buttons), now=ctx.worker.clock.now())


async def _open_door(ctx: JobContext, token: Secret, order: Delivery, door: Door) -> str | None:
    now = ctx.worker.clock.now()
    if not door.is_ready:
        return None  # Nobody would be let in by a link of before, either.
    channel, user = door.channel, order.user
    telegram = ctx.worker.telegram
    is_single = order.is_farewell or channel.entry_mode == EntryMode.SINGLE_USE_LINK
    try:
        if await _look_inside(ctx, token, order, door):
            # A new one would be shown to nobody, and a list of an import may name thousands who are inside. One for a
            # single use only somebody else could use.
            return None if is_single else door.url
        if door.url:
            return door.url
        if door.old_link is not None and not order.is_farewell:
            # There is one link for each person and channel: one of another kind goes before the new one is made.
            await telegram.revoke_entry_link(token, chat_id=channel.chat_id, url=door.old_link.url)
            async with ctx.unit() as session:
                await delivery.record_link_revoked(session, door.old_link.id, now=now)
        url = await telegram.create_entry_link(
            token, chat_id=channel.chat_id, name=f"{user.telegram_id}", needs_approval=not is_single,
            expires_at=now + delivery.SINGLE_USE_LIFETIME if is_single else None,
        )  # fmt: skip
    except (TelegramMissingRightsError, TelegramChatGoneError):
        await report_rights(ctx, channel.id, order.payment.bot_id)
        return None
    if order.is_farewell:
        return url
    async with ctx.unit() as session:
        return await delivery.store_new_link(session, door, user_id=user.id, url=url, now=now)


async def _look_inside(ctx: JobContext, token: Secret, order: Delivery, door: Door) -> bool:
    if not door.is_place_unknown and not door.is_inside:
        return False
    # Who left unnoticed would be told that they are inside, and never get a link.
    facts = await find_place(ctx, token, chat_id=door.channel.chat_id, telegram_id=order.user.telegram_id)
    async with ctx.unit() as session:
        await delivery.record_look(
            session, door.membership.id, facts, now=ctx.worker.clock.now(), is_imported=order.payment.provider == IMPORT
        )
    return facts.is_inside


async def _write_receipt(
    session: TenantSession, order: Delivery, urls: Mapping[ChannelId, str | None]
) -> tuple[str, Buttons]:
    locale, key = order.user.locale, _choose_text(order)
    words = {
        "ru": ("вы уже внутри", "вход откроется чуть позже, ссылку пришлю сам", "Войти в «{}»"),
        "en": ("you are inside already", "the door opens a little later, I will send the link", "Enter “{}”"),
    }[locale]
    lines: list[str] = []
    buttons: list[tuple[Button, ...]] = []
    for door in order.doors:
        url = urls.get(door.channel.id)
        title = escape(door.channel.title)
        if door.is_inside and key is MessageKey.ACCESS_PROLONGED:
            continue  # Nothing changes there.
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
    reward = await find_by_reward(session, order.payment.id) if order.is_given else None
    if reward is not None and key is not MessageKey.LINKS_AGAIN:
        key = MessageKey.REFERRAL_DAYS
    html = await render(
        session, bot_id=order.payment.bot_id, key=key, locale=locale,
        variables={
            "plan": order.plan_title,
            "amount": format_money(order.payment.amount_minor, order.payment.currency, locale=locale),
            "paid_until": format_until(order.ends_at, time_zone=tenant.time_zone, locale=locale),
            "links": Html("\n".join(lines)),
            "days": str(reward.reward_value) if reward is not None else "",
            **_describe_change(order),
        },
    )  # fmt: skip
    return html, tuple(buttons)


def _describe_change(order: Delivery) -> dict[str, str]:
    change, locale = order.changed_from, order.user.locale
    if change is None:
        return {}
    closed = ", ".join(channel.title for channel in change.closed)
    details = DETAILS[locale]["closed"].format(channels=closed) if closed else ""
    return {"before": change.plan_title, "details": details}


def _choose_text(order: Delivery) -> MessageKey:
    if order.payment.receipt_sent_at is not None:
        return MessageKey.LINKS_AGAIN  # What is sent again must not read like a second charge.
    if order.changed_from is not None:
        return MessageKey.PLAN_CHANGED
    if not order.is_given:
        return MessageKey.PAYMENT_SUCCEEDED
    return MessageKey.ACCESS_PROLONGED if order.is_prolonging else MessageKey.ACCESS_GIVEN
