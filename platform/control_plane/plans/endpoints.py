"""Plans: what a bot sells."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field

from control_plane.dependencies import CreatedDep, PageDep, TenantAccess, TenantDep
from control_plane.errors import documented
from control_plane.schemas import (
    Amount,
    Currency,
    Input,
    Moment,
    MoneyOut,
    Name,
    Output,
    PageOut,
    Search,
    Text,
    VersionIn,
)
from lumenpay.bots.repository import get_bot
from lumenpay.db.session import TenantSession
from lumenpay.db.versions import version_of
from lumenpay.models.plans import PeriodUnit, Plan
from lumenpay.plans import repository, service
from lumenpay.plans.repository import PlanFilters
from lumenpay.plans.service import PlanTerms

router = APIRouter(prefix="/tenants/{tenant_id}/plans", tags=["plans"])


class PlanTermsIn(Input):
    """What a plan promises and costs; `price_minor` is in kopecks or cents."""

    title: Name
    description: Annotated[Text, Field(max_length=1000)] = ""
    price_minor: Amount
    currency: Currency = "RUB"
    period_unit: PeriodUnit
    period_count: Annotated[int, Field(ge=1, le=100_000)]
    position: Annotated[int, Field(ge=0, le=10_000)] = 0
    is_on_sale: bool = True
    is_hidden: bool = False
    channel_ids: Annotated[list[UUID], Field(max_length=50)]

    def terms(self) -> PlanTerms:
        """Return what the use case takes."""
        return PlanTerms(**{name: getattr(self, name) for name in PlanTermsIn.model_fields})


class PlanIn(PlanTermsIn):
    """A new plan of a bot."""

    bot_id: UUID


class PlanChangeIn(PlanTermsIn):
    """New terms of a plan."""

    version: VersionIn = None


class PlanOut(Output):
    """A plan; `deep_link` opens its card in the bot."""

    id: UUID
    bot_id: UUID
    title: str
    description: str
    price: MoneyOut
    period_unit: PeriodUnit
    period_count: int
    position: int
    is_on_sale: bool
    is_hidden: bool
    channel_ids: list[UUID]
    deep_link: str
    archived_at: Moment | None
    created_at: Moment
    version: str


@router.get("")
async def list_(
    access: TenantDep,
    page: PageDep,
    created: CreatedDep,
    bot_id: Annotated[UUID | None, Query()] = None,
    channel_id: Annotated[UUID | None, Query(description="Plans that open this channel.")] = None,
    is_archived: Annotated[bool | None, Query()] = None,
    is_on_sale: Annotated[bool | None, Query()] = None,
    search: Annotated[Search, Query(description="A part of the title.")] = None,
) -> PageOut[PlanOut]:
    """List plans in the order in which the bot shows them."""
    filters = PlanFilters(
        bot_id=bot_id, channel_id=channel_id, is_archived=is_archived, is_on_sale=is_on_sale, search=search,
        created=created,
    )  # fmt: skip
    async with access.unit() as session:
        found = await repository.list_plans(session, filters, page)
        items = [await _plan(session, plan) for plan in found.items]
    return PageOut(items=items, total=found.total, page=page.page, size=page.size)


@router.post("", status_code=201)
async def create(body: PlanIn, access: TenantDep) -> PlanOut:
    """Make a plan. Its length can be minutes only outside production."""
    async with access.unit() as session:
        bot = await get_bot(session, body.bot_id)
        plan = await service.create_plan(
            session, bot_id=bot.id, terms=body.terms(), are_minutes_allowed=_are_minutes_allowed(access),
            actor=access.actor, now=access.now,
        )  # fmt: skip
        return await _plan(session, plan)


@router.get("/{plan_id}")
async def get(plan_id: UUID, access: TenantDep) -> PlanOut:
    """Return a plan."""
    async with access.unit() as session:
        return await _plan(session, await repository.get_plan(session, plan_id))


@router.put("/{plan_id}", responses=documented(409))
async def change(plan_id: UUID, body: PlanChangeIn, access: TenantDep) -> PlanOut:
    """Store new terms; orders made before keep theirs. With a `version`, only over what was read."""
    async with access.unit() as session:
        plan = await service.change_plan(
            session, plan_id, terms=body.terms(), version=body.version,
            are_minutes_allowed=_are_minutes_allowed(access), actor=access.actor, now=access.now,
        )  # fmt: skip
        return await _plan(session, plan)


@router.post("/{plan_id}/archive")
async def archive(plan_id: UUID, access: TenantDep) -> PlanOut:
    """Take a plan off sale for good."""
    async with access.unit() as session:
        plan = await service.archive_plan(session, plan_id, actor=access.actor, now=access.now)
        return await _plan(session, plan)


def _are_minutes_allowed(access: TenantAccess) -> bool:
    return not access.services.settings.is_production


async def _plan(session: TenantSession, plan: Plan) -> PlanOut:
    bot = await get_bot(session, plan.bot_id)
    channel_ids = (await repository.list_channel_ids(session, [plan.id]))[plan.id]
    return PlanOut(
        id=plan.id, bot_id=plan.bot_id, title=plan.title, description=plan.description,
        price=MoneyOut(amount_minor=plan.price_minor, currency=plan.currency), period_unit=plan.period_unit,
        period_count=plan.period_count, position=plan.position, is_on_sale=plan.is_on_sale,
        is_hidden=plan.is_hidden, channel_ids=list(channel_ids),
        deep_link=f"https://t.me/{bot.username}?start=plan_{plan.id}", archived_at=plan.archived_at,
        created_at=plan.created_at, version=version_of(plan, channel_ids),
    )  # fmt: skip
