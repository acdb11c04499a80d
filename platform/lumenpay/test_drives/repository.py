"""SQL of test drives: the rows in the tenant itself, and what is read of the copy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update

from lumenpay.db.session import TenantSession
from lumenpay.models.access import AccessAction, AccessLog
from lumenpay.models.channels import Channel
from lumenpay.models.messages import BotMessage
from lumenpay.models.plans import Plan, PlanChannel
from lumenpay.models.subscriptions import SubscriptionReminder
from lumenpay.models.test_drives import TestDrive
from lumenpay.test_drives.errors import TestDriveEndedError, TestDriveNotFoundError
from lumenpay.test_drives.rules import MAX_ACTIONS

_STEPS = {AccessAction.GRANTED: "bought", AccessAction.JOINED: "joined", AccessAction.EXPIRED: "expired"}
NOTICES_SHOWN = 100


@dataclass(frozen=True, slots=True)
class DoorNotice:
    """What happened at a channel's door."""

    action: str
    channel_title: str | None
    at: datetime


async def get_drive(session: TenantSession, drive_id: UUID, *, is_locked: bool = False) -> TestDrive:
    """Return a test drive.

    Raises:
        TestDriveNotFoundError: Unknown to this tenant, or removed.
    """
    drive = await session.get(TestDrive, (session.tenant_id, drive_id), with_for_update=is_locked or None)
    if drive is None:
        raise TestDriveNotFoundError
    return drive


async def list_drives(session: TenantSession) -> list[TestDrive]:
    """Return the tenant's test drives that are not removed yet, the newest first."""
    query = select(TestDrive).where(TestDrive.tenant_id == session.tenant_id).order_by(TestDrive.id.desc())
    return list((await session.execute(query)).scalars())


async def count_action(session: TenantSession, drive_id: UUID) -> TestDrive:
    """Return a running test drive in which something more may be done, and count it.

    Raises:
        TestDriveNotFoundError: Unknown to this tenant, or removed.
        TestDriveEndedError: It is over, or used up.
    """
    counted = await session.execute(
        update(TestDrive)
        .where(
            TestDrive.tenant_id == session.tenant_id, TestDrive.id == drive_id, TestDrive.ended_at.is_(None),
            TestDrive.actions_count < MAX_ACTIONS,
        )
        .values(actions_count=TestDrive.actions_count + 1)
        .returning(TestDrive.id)
    )  # fmt: skip
    drive = await get_drive(session, drive_id)
    if counted.scalar_one_or_none() is None:
        raise TestDriveEndedError
    return drive


async def list_wares(
    session: TenantSession, bot_id: UUID, *, limit: int
) -> tuple[list[Plan], list[Channel], dict[UUID, list[UUID]]]:
    """Return what a bot sells: plans as /buy shows them, their channels, and which plan opens which."""
    mine = (Plan.tenant_id == session.tenant_id, Plan.bot_id == bot_id)
    shown = (Plan.archived_at.is_(None), Plan.is_on_sale, ~Plan.is_hidden, Plan.access_code.is_(None))
    query = select(Plan).where(*mine, *shown).order_by(Plan.position, Plan.id).limit(limit)
    plans = list((await session.execute(query)).scalars())
    opened: dict[UUID, list[UUID]] = {plan.id: [] for plan in plans}
    rows = await session.execute(
        select(PlanChannel.plan_id, PlanChannel.channel_id)
        .where(PlanChannel.tenant_id == session.tenant_id, PlanChannel.plan_id.in_(opened))
        .order_by(PlanChannel.channel_id)
    )
    for plan_id, channel_id in rows:
        opened[plan_id].append(channel_id)
    wanted = {channel_id for channel_ids in opened.values() for channel_id in channel_ids}
    found = await session.execute(
        select(Channel).where(Channel.tenant_id == session.tenant_id, Channel.id.in_(wanted)).order_by(Channel.id)
    )
    return [plan for plan in plans if opened[plan.id]], list(found.scalars()), opened


async def list_texts(session: TenantSession, bot_id: UUID) -> list[BotMessage]:
    """Return the texts that the tenant changed."""
    query = select(BotMessage).where(BotMessage.tenant_id == session.tenant_id, BotMessage.bot_id == bot_id)
    return list((await session.execute(query)).scalars())


async def read_steps(session: TenantSession) -> dict[str, datetime]:
    """Return, inside the copy, which steps were reached and when first."""
    rows = await session.execute(
        select(AccessLog.action, func.min(AccessLog.created_at))
        .where(AccessLog.tenant_id == session.tenant_id, AccessLog.action.in_(_STEPS))
        .group_by(AccessLog.action)
    )
    reached = {_STEPS[AccessAction(action)]: at for action, at in rows}
    reminded = await session.execute(
        select(func.min(SubscriptionReminder.created_at)).where(SubscriptionReminder.tenant_id == session.tenant_id)
    )
    at = reminded.scalar_one_or_none()
    return reached if at is None else {**reached, "reminded": at}


async def list_notices(session: TenantSession) -> list[DoorNotice]:
    """Return, inside the copy, what happened at the doors of its channels, oldest first."""
    rows = await session.execute(
        select(AccessLog.action, Channel.title, AccessLog.created_at)
        .outerjoin(Channel, (Channel.tenant_id == AccessLog.tenant_id) & (Channel.id == AccessLog.channel_id))
        .where(AccessLog.tenant_id == session.tenant_id)
        .order_by(AccessLog.id)
        .limit(NOTICES_SHOWN)
    )
    return [DoorNotice(action, title, at) for action, title, at in rows]


async def list_channels_of_copy(session: TenantSession) -> list[Channel]:
    """Return, inside the copy, its channels."""
    query = select(Channel).where(Channel.tenant_id == session.tenant_id).order_by(Channel.id)
    return list((await session.execute(query)).scalars())
