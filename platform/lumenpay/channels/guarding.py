"""The guardian of channels: owners are told at once when the bot cannot work in one any more, and when it can again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import select

from lumenpay.channels.repository import get_channel
from lumenpay.channels.rules import list_missing_rights
from lumenpay.db.session import TenantSession
from lumenpay.jobs.catalogue import TellOwner
from lumenpay.jobs.outbox import enqueue
from lumenpay.models.admins import Admin
from lumenpay.models.bots import Bot
from lumenpay.models.channels import Channel, ChannelStatus
from lumenpay.models.ids import BotId
from lumenpay.models.users import User
from lumenpay.tenants.owners import Way, find_owner, find_telegram_id, list_owners


class ChannelNews(StrEnum):
    """What owners are told of a channel."""

    LOST = "lost"
    BACK = "back"


MISSING: Final[dict[str, dict[str, str]]] = {
    "ru": {
        "make_bot_admin": "сделайте бота администратором канала",
        "can_invite_users": "дайте боту право «Добавление участников» (приглашать по ссылке)",
        "can_restrict_members": "дайте боту право «Блокировка участников» (выводить тех, чья подписка закончилась)",
        "and": " и ",
    },
    "en": {
        "make_bot_admin": "make the bot an administrator of the channel",
        "can_invite_users": "give the bot the right “Add Subscribers” (invite by link)",
        "can_restrict_members": "give the bot the right “Ban Users” (take members out)",
        "and": " and ",
    },
}
"""What the owner has to do, by the code of what is missing."""


@dataclass(frozen=True, slots=True)
class OwnerNotice:
    """What one owner is told now: of which channel and bot, in which language, and where they are reached."""

    channel: Channel
    bot: Bot
    locale: str
    address: str | None
    user: User | None
    """The owner as the bot knows them; nothing where they never wrote to it, or blocked it."""

    @property
    def is_known(self) -> bool:
        """Whether it is known what is missing: Telegram's refusal alone does not say."""
        return self.channel.status == ChannelStatus.ACTIVE or bool(self._codes)

    @property
    def missing(self) -> str:
        """What the owner has to do, in one sentence without a full stop; empty where nothing is missing."""
        words = MISSING[self.locale]
        return words["and"].join(words[code] for code in self._codes)

    @property
    def _codes(self) -> list[str]:
        return list_missing_rights(
            status=ChannelStatus(self.channel.status), can_invite_users=self.channel.can_invite_users,
            can_restrict_members=self.channel.can_restrict_members,
        )  # fmt: skip


async def request_notices(
    session: TenantSession, channel: Channel, news: ChannelNews, *, now: datetime, run_at: datetime | None = None
) -> None:
    """Have every owner of the tenant told, by mail and by the bot itself where they talk to it."""
    for admin_id in await list_owners(session):
        for way in Way:
            key = f"{channel.id}:{admin_id}:{way}:{news}"
            await enqueue(
                session, TellOwner(channel.id, admin_id, news.value, way.value), now=now, run_at=run_at,
                bot_id=BotId(channel.bot_id), dedupe_key=key,
            )  # fmt: skip


async def load_notice(session: TenantSession, job: TellOwner) -> OwnerNotice | None:
    """Return what an owner is to be told; nothing where it is not so any more, or they are no owner any more."""
    channel = await get_channel(session, job.channel_id)
    is_active = channel.status == ChannelStatus.ACTIVE
    if is_active != (job.news == ChannelNews.BACK):
        return None
    admin = await find_owner(session, job.admin_id)
    bot = await session.get(Bot, (session.tenant_id, channel.bot_id))
    if admin is None or bot is None:
        return None
    locale = admin.locale if admin.locale in MISSING else "ru"
    user = await find_owner_as_user(session, admin, bot)
    return OwnerNotice(channel, bot, locale, admin.email, user)


async def find_owner_as_user(session: TenantSession, admin: Admin, bot: Bot) -> User | None:
    """Return an owner as a bot knows them; None where they never wrote to it, or blocked it."""
    telegram_id = await find_telegram_id(session, admin)
    if telegram_id is None:
        return None
    found = select(User).where(
        User.tenant_id == session.tenant_id, User.bot_id == bot.id, User.telegram_id == telegram_id,
        User.blocked_bot_at.is_(None),
    )  # fmt: skip
    return (await session.execute(found)).scalar_one_or_none()
