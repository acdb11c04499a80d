"""SQL of the console over tenants: who they are and how they fare. The staff role, which sees them all, runs it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, Text, cast, func, or_, select
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
from lumenpay.tenants.errors import TenantNotFoundError

_HANDED_OVER_WITHIN = timedelta(minutes=10)
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
        where.append(_matches(search.strip().lstrip("@")))
    query = select(*_health(now)).where(*where).order_by(Tenant.created_at.desc(), Tenant.id.desc())
    rows = [TenantHealth(*row) for row in await session.execute(query.limit(page.size + 1))]
    return cut_page(rows, page, lambda row: Cursor(row.created_at, str(row.id)))


async def get_tenant(session: AsyncSession, tenant_id: UUID, *, now: datetime) -> TenantHealth:
    """Return one tenant.

    Raises:
        TenantNotFoundError: There is none such.
    """
    row = (await session.execute(select(*_health(now)).where(Tenant.id == tenant_id))).one_or_none()
    if row is None:
        raise TenantNotFoundError
    return TenantHealth(*row)


async def get_use(session: AsyncSession, tenant_id: UUID) -> TenantUse:
    """Return what a tenant has of what it may have."""
    people = select(func.count(Subscription.user_id.distinct())).where(
        Subscription.tenant_id == Tenant.id, Subscription.status == SubscriptionStatus.ACTIVE
    )
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


def _matches(search: str) -> ColumnElement[bool]:
    of_member = (
        select(TenantMember.admin_id)
        .join(Admin, Admin.id == TenantMember.admin_id)
        .where(TenantMember.tenant_id == Tenant.id, Admin.email.icontains(search, autoescape=True))
    )
    of_bot = select(Bot.id).where(
        Bot.tenant_id == Tenant.id,
        or_(
            Bot.username.icontains(search, autoescape=True),
            cast(Bot.id, Text) == search.lower(),
            cast(Bot.telegram_id, Text) == search,
        ),
    )
    return or_(
        Tenant.name.icontains(search, autoescape=True),
        cast(Tenant.id, Text) == search.lower(),
        of_member.correlate(Tenant).exists(),
        of_bot.correlate(Tenant).exists(),
    )


def _bots(*conditions: ColumnElement[bool]) -> ScalarSelect[int]:
    own = (Bot.tenant_id == Tenant.id, Bot.status != BotStatus.DELETED)
    return select(func.count()).select_from(Bot).where(*own, *conditions).scalar_subquery()


def _health(now: datetime) -> tuple[Any, ...]:
    def count(of: type[Job | TelegramUpdate | PaymentNotice], status: str) -> ScalarSelect[int]:
        query = select(func.count()).select_from(of).where(of.tenant_id == Tenant.id, of.status == status)
        return query.scalar_subquery()

    heard = select(func.max(Bot.last_update_at)).where(Bot.tenant_id == Tenant.id)
    undelivered = (
        select(func.count())
        .select_from(Payment)
        .where(
            Payment.tenant_id == Tenant.id,
            Payment.status == PaymentStatus.SUCCEEDED,
            Payment.delivery_state.in_(_UNDELIVERED),
            func.coalesce(Payment.settled_at, Payment.created_at) < now - _HANDED_OVER_WITHIN,
        )
    )
    unwell = or_(Bot.health_code != "", Bot.status == BotStatus.TOKEN_REVOKED)
    return (
        Tenant.id, Tenant.name, Tenant.status, Tenant.created_at, Tenant.suspended_at, Tenant.suspension_reason,
        _bots(), _bots(unwell), heard.scalar_subquery(), count(Job, JobStatus.DEAD),
        count(TelegramUpdate, InboxStatus.QUARANTINED), count(PaymentNotice, InboxStatus.QUARANTINED),
        undelivered.scalar_subquery(),
    )  # fmt: skip
