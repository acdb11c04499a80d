"""SQL of the console over tenants: who they are and how they fare. The staff role, which sees them all, runs it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, CompoundSelect, ScalarSelect, Text, cast, func, literal, or_, select, union
from sqlalchemy.ext.asyncio import AsyncSession

from lumenpay.db.cursors import Cursor, CursorPage, CursorRequest, cut_page
from lumenpay.db.narrowing import after_cursor
from lumenpay.models.admins import Admin
from lumenpay.models.bots import Bot, BotStatus
from lumenpay.models.channels import Channel
from lumenpay.models.ids import TenantId
from lumenpay.models.inbox import InboxStatus, PaymentNotice, TelegramUpdate
from lumenpay.models.jobs import Job, JobStatus
from lumenpay.models.payments import DeliveryState, Payment, PaymentStatus
from lumenpay.models.subscriptions import Subscription, SubscriptionStatus
from lumenpay.models.tenants import Impersonation, Tenant, TenantMember, TenantStatus
from lumenpay.models.users import User
from lumenpay.tenants.errors import TenantNotFoundError

_HANDED_OVER_WITHIN = timedelta(minutes=10)
Counted = Bot | Job | TelegramUpdate | PaymentNotice | Payment
_UNDELIVERED = (DeliveryState.NOT_PAID, DeliveryState.PAID, DeliveryState.GRANTED)


@dataclass(frozen=True, slots=True)
class TenantHealth:
    """A tenant as staff sees it in a list."""

    id: TenantId
    name: str
    status: str
    created_at: datetime
    suspended_at: datetime | None
    suspension_reason: str
    removal_at: datetime | None
    bots: int
    unwell_bots: int
    """Bots with something wrong: a revoked token, a webhook that fails."""
    last_update_at: datetime | None
    """When the last bot was heard of."""
    dead_jobs: int
    quarantined_updates: int
    quarantined_notices: int
    paid_without_access: int
    """Orders that were paid ten minutes ago or longer and not handed over."""


@dataclass(frozen=True, slots=True)
class TenantUse:
    """How much of its limits a tenant uses."""

    bots: int
    channels: int
    subscribers: int
    max_bots: int
    max_channels: int
    max_subscribers: int | None


async def list_tenants(
    session: AsyncSession, page: CursorRequest, *, search: str | None, status: TenantStatus | None, now: datetime
) -> CursorPage[TenantHealth]:
    """Return tenants, newest first.

    Args:
        search: A part of the name, of a member's e-mail or of a bot's user name; or an id of the tenant or of a bot.
    """
    where = after_cursor(Tenant.created_at, Tenant.id, page.after)
    if status is not None:
        where.append(Tenant.status == status)
    if search is not None and search.strip():
        where.append(Tenant.id.in_(_matching(search.strip().lstrip("@"))))
    query = select(Tenant).where(*where).order_by(Tenant.created_at.desc(), Tenant.id.desc())
    tenants = list((await session.execute(query.limit(page.size + 1))).scalars())
    rows = await _read_health(session, tenants, now=now)
    return cut_page(rows, page, lambda row: Cursor(row.created_at, str(row.id)))


async def get_tenant(session: AsyncSession, tenant_id: UUID, *, now: datetime) -> TenantHealth:
    """Return one tenant.

    Raises:
        TenantNotFoundError: There is none such.
    """
    tenant = (await session.execute(select(Tenant).where(Tenant.id == tenant_id))).scalar_one_or_none()
    if tenant is None:
        raise TenantNotFoundError
    return (await _read_health(session, [tenant], now=now))[0]


async def get_use(session: AsyncSession, tenant_id: UUID) -> TenantUse:
    """Return what a tenant has of what it may have."""
    running = select(Subscription.user_id).where(
        Subscription.tenant_id == tenant_id, Subscription.status == SubscriptionStatus.ACTIVE
    )
    # Whoever is let in free of charge counts, as in the limit itself (`billing/repository.py`).
    free = select(User.id).where(User.tenant_id == tenant_id, User.is_whitelisted)
    people = select(func.count()).select_from(union(running, free).subquery())
    channels = select(func.count()).select_from(Channel).where(Channel.tenant_id == Tenant.id)
    query = select(
        _bots(), channels.scalar_subquery(), people.scalar_subquery(), Tenant.max_bots, Tenant.max_channels,
        Tenant.max_subscribers,
    ).where(Tenant.id == tenant_id)  # fmt: skip
    return TenantUse(*(await session.execute(query)).one())


async def list_team(session: AsyncSession, tenant_id: UUID) -> list[tuple[UUID, str | None, str, str]]:
    """Return who works for a tenant: id, e-mail, name and role."""
    query = (
        select(Admin.id, Admin.email, Admin.name, TenantMember.role)
        .join(TenantMember, TenantMember.admin_id == Admin.id)
        .where(TenantMember.tenant_id == tenant_id)
        .order_by(TenantMember.created_at, Admin.id)
    )
    return [(row[0], row[1], row[2], row[3]) for row in await session.execute(query)]


@dataclass(frozen=True, slots=True)
class BotHealth:
    """A bot as staff sees it; no secret is among the columns."""

    id: UUID
    username: str
    name: str
    status: str
    health_code: str
    shop_status: str
    webhook_set_at: datetime | None
    last_update_at: datetime | None


async def list_bots(session: AsyncSession, tenant_id: UUID) -> list[BotHealth]:
    """Return the bots of a tenant, without the deleted ones."""
    query = select(
        Bot.id, Bot.username, Bot.name, Bot.status, Bot.health_code, Bot.shop_status, Bot.webhook_set_at,
        Bot.last_update_at,
    ).where(Bot.tenant_id == tenant_id, Bot.status != BotStatus.DELETED)  # fmt: skip
    return [BotHealth(*row) for row in await session.execute(query.order_by(Bot.id))]


async def list_running_impersonations(session: AsyncSession, *, now: datetime) -> list[Impersonation]:
    """Return who of staff looks at which tenant now."""
    query = select(Impersonation).where(Impersonation.ended_at.is_(None), Impersonation.ends_at > now)
    return list((await session.execute(query.order_by(Impersonation.ends_at))).scalars())


def _matching(search: str) -> CompoundSelect[Any]:
    """Return the ids of the tenants that a text means: each table is read once, whoever owns its rows."""
    of_member = (
        select(TenantMember.tenant_id)
        .join(Admin, Admin.id == TenantMember.admin_id)
        .where(Admin.email.icontains(search, autoescape=True))
    )
    of_bot = select(Bot.tenant_id).where(
        or_(
            Bot.username.icontains(search, autoescape=True),
            cast(Bot.id, Text) == search.lower(),
            cast(Bot.telegram_id, Text) == search,
        )
    )
    own = select(Tenant.id).where(
        or_(Tenant.name.icontains(search, autoescape=True), cast(Tenant.id, Text) == search.lower())
    )
    return union(own, of_member, of_bot)


def _bots(*conditions: ColumnElement[bool]) -> ScalarSelect[int]:
    own = (Bot.tenant_id == Tenant.id, Bot.status != BotStatus.DELETED)
    return select(func.count()).select_from(Bot).where(*own, *conditions).scalar_subquery()


async def _read_health(session: AsyncSession, tenants: Sequence[Tenant], *, now: datetime) -> list[TenantHealth]:
    ids = [tenant.id for tenant in tenants]

    async def count(of: type[Counted], *conditions: ColumnElement[bool]) -> dict[UUID, int]:
        # Statuses are said in the statement itself, so that the indexes of those alone are used.
        query = select(of.tenant_id, func.count()).where(of.tenant_id.in_(ids), *conditions).group_by(of.tenant_id)
        return {row[0]: row[1] for row in await session.execute(query)}

    is_there = Bot.status != BotStatus.DELETED
    unwell = or_(Bot.health_code != "", Bot.status == BotStatus.TOKEN_REVOKED)
    heard = await session.execute(
        select(Bot.tenant_id, func.max(Bot.last_update_at)).where(Bot.tenant_id.in_(ids)).group_by(Bot.tenant_id)
    )
    last_updates = {row[0]: row[1] for row in heard}
    bots, unwell_bots = await count(Bot, is_there), await count(Bot, is_there, unwell)
    dead = await count(Job, Job.status == _said(JobStatus.DEAD))
    updates = await count(TelegramUpdate, TelegramUpdate.status == _said(InboxStatus.QUARANTINED))
    notices = await count(PaymentNotice, PaymentNotice.status == _said(InboxStatus.QUARANTINED))
    undelivered = await count(
        Payment,
        Payment.status == _said(PaymentStatus.SUCCEEDED),
        Payment.delivery_state.in_([_said(state) for state in _UNDELIVERED]),
        ~Payment.is_gift,
        func.coalesce(Payment.settled_at, Payment.created_at) < now - _HANDED_OVER_WITHIN,
    )
    return [
        TenantHealth(
            id=tenant.id, name=tenant.name, status=tenant.status, created_at=tenant.created_at,
            suspended_at=tenant.suspended_at, suspension_reason=tenant.suspension_reason,
            removal_at=tenant.removal_at,
            bots=bots.get(tenant.id, 0), unwell_bots=unwell_bots.get(tenant.id, 0),
            last_update_at=last_updates.get(tenant.id), dead_jobs=dead.get(tenant.id, 0),
            quarantined_updates=updates.get(tenant.id, 0), quarantined_notices=notices.get(tenant.id, 0),
            paid_without_access=undelivered.get(tenant.id, 0),
        )
        for tenant in tenants
    ]  # fmt: skip


def _said(value: StrEnum) -> ColumnElement[str]:
    return literal(value.value, literal_execute=True)
