"""Use cases of test drives. The sandbox is called by the doors, outside transactions.

The tenant itself holds one row for each drive; everything that happens in it happens in a tenant of its own, the copy.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from lumenpay.audit.service import SYSTEM, Actor, record
from lumenpay.bots import secrets as bot_secrets
from lumenpay.bots.repository import get_bot
from lumenpay.bots.service import request_webhook
from lumenpay.db.session import TenantSession
from lumenpay.kit.crypto import KeyRing, Secret
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.bots import Bot, BotStatus, ShopStatus
from lumenpay.models.channels import Channel
from lumenpay.models.ids import AdminId, BotId
from lumenpay.models.messages import BotMessage
from lumenpay.models.plans import PeriodUnit, Plan, PlanChannel
from lumenpay.models.tenants import Tenant, TenantStatus
from lumenpay.models.test_drives import TestDrive, TestDriveEnd
from lumenpay.tenants.repository import get_own_tenant
from lumenpay.test_drives import repository, rules
from lumenpay.test_drives.errors import TestDriveNeedsPlanError, TestDriveRunningError
from lumenpay.test_drives.sandbox import SandboxShop


@dataclass(frozen=True, slots=True)
class Original:
    """What a test drive copies."""

    tenant: Tenant
    bot: Bot
    plans: list[Plan]
    channels: list[Channel]
    opened: Mapping[UUID, list[UUID]]
    """The channels of each plan."""
    texts: list[BotMessage]


async def reserve_drive(
    session: TenantSession, *, bot_id: UUID, admin_id: AdminId, locale: str, actor: Actor, now: datetime
) -> tuple[TestDrive, Original]:
    """Store a test drive of a bot, and return it with what it copies.

    Raises:
        BotNotFoundError: Unknown to this tenant.
        TestDriveNeedsPlanError: The bot has nothing on sale.
        TestDriveRunningError: The person has a test drive already.
    """
    bot = await get_bot(session, bot_id)
    plans, channels, opened = await repository.list_wares(session, bot.id, limit=rules.MAX_PLANS)
    if not plans:
        raise TestDriveNeedsPlanError
    texts = await repository.list_texts(session, bot.id)
    original = Original(await get_own_tenant(session), bot, plans, channels, opened, texts)
    ends_at = now + rules.LONGEST
    drive = TestDrive(
        tenant_id=session.tenant_id, id=new_uuid7(), bot_id=bot.id, admin_id=admin_id, locale=locale,
        drive_tenant_id=rules.new_drive_tenant_id(), telegram_bot_id=rules.new_telegram_number(),
        telegram_user_id=rules.new_telegram_number(), telegram_owner_id=rules.new_telegram_number(), shop_id="",
        actions_count=0, ends_at=ends_at, next_step_at=ends_at, created_at=now,
    )  # fmt: skip
    session.add(drive)
    try:
        await session.flush()
    except IntegrityError as error:
        raise TestDriveRunningError from error
    record(session, actor=actor, action="test_drive.started", subject_id=drive.id, now=now)
    return drive, original


async def make_copy(
    session: TenantSession, drive: TestDrive, original: Original, *, ring: KeyRing, token: Secret, shop: SandboxShop,
    chats: Mapping[UUID, int], now: datetime,
) -> Bot:  # fmt: skip
    """Fill the tenant of a drive, in which the session is, and have its bot's webhook registered with the sandbox.

    Args:
        chats: The sandbox's chat for each channel of the original.
    """
    source = original.tenant
    copy = Tenant(
        id=session.tenant_id, name=source.name, status=TenantStatus.ACTIVE, time_zone=source.time_zone,
        locale=source.locale, reminder_offsets_seconds=[rules.REMINDER_SECONDS], grace_seconds=0,
        support_contact=source.support_contact, test_drive_of=source.id, created_at=now,
    )  # fmt: skip
    bot = Bot(
        tenant_id=session.tenant_id, id=new_uuid7(), telegram_id=drive.telegram_bot_id,
        username=drive_username(drive), name=original.bot.name, status=BotStatus.ACTIVE,
        shop_status=ShopStatus.ACTIVE, shop_is_test=True, created_at=now,
    )  # fmt: skip
    bot_secrets.seal_token(ring, bot, token)
    bot_secrets.renew_webhook(ring, bot)
    bot_secrets.seal_shop(ring, bot, shop_id=shop.shop_id, secret_key=shop.secret_key)
    session.add(copy)
    await session.flush()
    session.add(bot)
    await session.flush()
    await _copy_wares(session, BotId(bot.id), original, chats=chats, now=now)
    await request_webhook(session, bot_id=BotId(bot.id), now=now)
    return bot


async def _copy_wares(
    session: TenantSession, bot_id: BotId, original: Original, *, chats: Mapping[UUID, int], now: datetime
) -> None:
    tenant_id = session.tenant_id
    copies: dict[UUID, UUID] = {channel.id: new_uuid7() for channel in original.channels}
    session.add_all(
        Channel(
            tenant_id=tenant_id, id=copies[channel.id], bot_id=bot_id, chat_id=chats[channel.id], kind=channel.kind,
            title=channel.title, can_invite_users=True, can_restrict_members=True, entry_mode=channel.entry_mode,
            removes_strangers=channel.removes_strangers, created_at=now,
        )
        for channel in original.channels
    )  # fmt: skip
    links = []
    for plan in original.plans:
        plan_id = new_uuid7()
        links += [(plan_id, copies[channel_id]) for channel_id in original.opened[plan.id]]
        session.add(
            Plan(
                tenant_id=tenant_id, id=plan_id, bot_id=bot_id, title=plan.title, description=plan.description,
                price_minor=plan.price_minor, currency=plan.currency, period_unit=PeriodUnit.SECOND,
                period_count=rules.PERIOD_SECONDS, position=plan.position, created_at=now,
            )
        )  # fmt: skip
    session.add_all(
        BotMessage(
            tenant_id=tenant_id, id=new_uuid7(), bot_id=bot_id, key=own.key, locale=own.locale, text=own.text,
            updated_at=now,
        )
        for own in original.texts
    )  # fmt: skip
    await session.flush()
    session.add_all(
        PlanChannel(tenant_id=tenant_id, plan_id=plan_id, channel_id=channel_id) for plan_id, channel_id in links
    )
    await session.flush()


async def end_drive(
    session: TenantSession, drive_id: UUID, *, reason: TestDriveEnd, now: datetime, actor: Actor = SYSTEM
) -> TestDrive:
    """End a test drive; its copy is removed a minute later. Safe to repeat.

    Raises:
        TestDriveNotFoundError: Unknown to this tenant, or removed.
    """
    drive = await repository.get_drive(session, drive_id, is_locked=True)
    if drive.ended_at is None:
        drive.ended_at, drive.end_reason, drive.next_step_at = now, reason, now + rules.REMOVAL_PAUSE
        details = {"reason": reason.value}
        record(session, actor=actor, action="test_drive.ended", subject_id=drive.id, now=now, details=details)
    return drive


async def retire_copy(session: TenantSession) -> None:
    """Take the copy's bot out of service, inside the copy: what was begun ends, and nothing is begun any more."""
    await session.execute(update(Bot).where(Bot.tenant_id == session.tenant_id).values(status=BotStatus.DELETED))


def drive_username(drive: TestDrive) -> str:
    """Return the @name that the copy's bot has in the sandbox."""
    return f"drive_{drive.telegram_bot_id}_bot"
