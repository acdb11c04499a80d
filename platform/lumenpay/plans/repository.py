"""SQL of plans."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, func, select

from lumenpay.db.narrowing import ANY_TIME, Span, containing, equal, within
from lumenpay.db.session import TenantSession
from lumenpay.kit.paging import Page, PageRequest
from lumenpay.models.channels import Channel
from lumenpay.models.ids import BotId, ChannelId
from lumenpay.models.plans import Plan, PlanChannel
from lumenpay.plans.errors import PlanNotFoundError


@dataclass(frozen=True, slots=True)
class PlanFilters:
    """Which plans a list shows; an empty field does not filter. `search` is a part of the title."""

    bot_id: UUID | None = None
    channel_id: UUID | None = None
    is_archived: bool | None = None
    is_on_sale: bool | None = None
    search: str | None = None
    created: Span = ANY_TIME


async def get_plan(session: TenantSession, plan_id: UUID, *, is_locked: bool = False) -> Plan:
    """Return a plan, archived ones too.

    Args:
        is_locked: Read it anew and let nobody else change it until the end of the transaction; orders go on.

    Raises:
        PlanNotFoundError: Unknown to this tenant.
    """
    plan = await session.get(
        Plan, (session.tenant_id, plan_id), populate_existing=is_locked,
        with_for_update={"key_share": True} if is_locked else None,
    )  # fmt: skip
    if plan is None:
        raise PlanNotFoundError
    return plan


async def list_not_archived(session: TenantSession, *, bot_id: BotId) -> list[Plan]:
    """Return all plans of a bot that are not archived, in the owner's order."""
    mine = (Plan.tenant_id == session.tenant_id, Plan.bot_id == bot_id, Plan.archived_at.is_(None))
    return list((await session.execute(select(Plan).where(*mine).order_by(Plan.position, Plan.id))).scalars())


async def list_on_sale(session: TenantSession, *, bot_id: BotId) -> list[Plan]:
    """Return the plans of a bot that everybody may hear of, in the owner's order."""
    return [plan for plan in await list_for_sale(session, bot_id=bot_id) if not plan.is_hidden and not plan.access_code]


async def list_for_sale(session: TenantSession, *, bot_id: BotId) -> list[Plan]:
    """Return all plans of a bot that are on sale, hidden ones too, in the owner's order."""
    rows = await session.execute(
        select(Plan)
        .where(Plan.tenant_id == session.tenant_id, Plan.bot_id == bot_id, Plan.archived_at.is_(None), Plan.is_on_sale)
        .order_by(Plan.position, Plan.id)
    )
    return list(rows.scalars())


async def list_plans(session: TenantSession, filters: PlanFilters, page: PageRequest) -> Page[Plan]:
    """Return plans in the owner's order."""
    where = [
        Plan.tenant_id == session.tenant_id,
        *equal({Plan.bot_id: filters.bot_id, Plan.is_on_sale: filters.is_on_sale}),
        *containing(filters.search, Plan.title),
        *within(Plan.created_at, filters.created),
    ]
    if filters.is_archived is not None:
        where.append(Plan.archived_at.is_not(None) if filters.is_archived else Plan.archived_at.is_(None))
    if filters.channel_id is not None:
        opening = select(PlanChannel.plan_id).where(
            PlanChannel.tenant_id == session.tenant_id, PlanChannel.channel_id == filters.channel_id
        )
        where.append(Plan.id.in_(opening))
    total = (await session.execute(select(func.count()).select_from(Plan).where(*where))).scalar_one()
    rows = await session.execute(
        select(Plan).where(*where).order_by(Plan.position, Plan.id).limit(page.size).offset(page.offset)
    )
    return Page(list(rows.scalars()), total)


async def list_channels_of_plan(session: TenantSession, plan_id: UUID) -> list[Channel]:
    """Return the channels that a plan opens, oldest first."""
    rows = await session.execute(
        select(Channel)
        .join(PlanChannel, (PlanChannel.tenant_id == Channel.tenant_id) & (PlanChannel.channel_id == Channel.id))
        .where(PlanChannel.tenant_id == session.tenant_id, PlanChannel.plan_id == plan_id)
        .order_by(Channel.id)
    )
    return list(rows.scalars())


async def list_channel_ids(session: TenantSession, plan_ids: Sequence[UUID]) -> dict[UUID, list[ChannelId]]:
    """Return the channels of several plans at once."""
    rows = await session.execute(
        select(PlanChannel.plan_id, PlanChannel.channel_id)
        .where(PlanChannel.tenant_id == session.tenant_id, PlanChannel.plan_id.in_(plan_ids))
        .order_by(PlanChannel.channel_id)
    )
    found: dict[UUID, list[ChannelId]] = {plan_id: [] for plan_id in plan_ids}
    for plan_id, channel_id in rows:
        found[plan_id].append(channel_id)
    return found


async def replace_channels(session: TenantSession, plan: Plan, channel_ids: Sequence[UUID]) -> None:
    """Leave the plan opening exactly these channels."""
    await session.execute(
        delete(PlanChannel).where(PlanChannel.tenant_id == session.tenant_id, PlanChannel.plan_id == plan.id)
    )
    session.add_all(
        PlanChannel(tenant_id=session.tenant_id, plan_id=plan.id, channel_id=channel_id)
        for channel_id in dict.fromkeys(channel_ids)
    )
    await session.flush()
