"""Plans: what a bot sells."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
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
    MomentIn,
    MoneyOut,
    Name,
    Output,
    PageOut,
    Search,
    Text,
    VersionIn,
)
from lumenpay.bots.repository import get_bot, read_usernames
from lumenpay.db.session import TenantSession
from lumenpay.db.versions import version_of
from lumenpay.models.fiscal_receipts import PaymentMode, PaymentSubject
from lumenpay.models.plans import Audience, PeriodUnit, Plan
from lumenpay.plans import repository, service
from lumenpay.plans.facts import count_places
from lumenpay.plans.repository import PlanFilters
from lumenpay.plans.rules import MOST_STARS
from lumenpay.plans.sale_rules import SaleState, decide_sale_state
from lumenpay.plans.service import PlanTerms

router = APIRouter(prefix="/tenants/{tenant_id}/plans", tags=["plans"])


AccessCode = Annotated[
    str | None,
    Field(
        pattern=r"^[A-Za-z0-9_-]{4,32}$",
        description="Whoever has not said it, or followed a link with it, is told of no such plan.",
    ),
]


class PlanTermsIn(Input):
    """What a plan promises and costs; `price_minor` is in kopecks or cents, and 0 for a free plan.

    With the currency `XTR` it is sold for Telegram Stars alone; `stars` is a second price beside one in money. In
    Stars, a recurring plan of exactly 30 days is renewed by Telegram; any other is paid once.

    `is_recurring` lets a payer agree to autopay, where the shop may save payment methods.
    """

    title: Name
    description: Annotated[Text, Field(max_length=1000)] = ""
    price_minor: Amount
    currency: Currency = "RUB"
    period_unit: PeriodUnit
    period_count: Annotated[int, Field(ge=1, le=100_000)]
    position: Annotated[int, Field(ge=0, le=10_000)] = 0
    is_on_sale: bool = True
    is_hidden: bool = False
    is_recurring: bool = False
    is_giftable: Annotated[
        bool, Field(description="Can be bought for somebody else; not free, a trial, or for some people only.")
    ] = False
    stars: Annotated[int | None, Field(ge=1, le=MOST_STARS, description="The price in Stars beside that in money.")] = (
        None
    )
    channel_ids: Annotated[list[UUID], Field(max_length=50)]
    access_code: AccessCode = None
    is_trial: Annotated[bool, Field(description="Each person takes one trial of the tenant, once.")] = False
    audience: Audience = Audience.EVERYONE
    audience_plan_ids: Annotated[
        list[UUID],
        Field(
            default_factory=list, max_length=50, description="Of which plans the audience is meant; empty for any plan."
        ),
    ]
    allows_changes: Annotated[
        bool, Field(description="People may change to it and from it, where the other plan allows it too.")
    ] = False
    capacity: Annotated[int | None, Field(ge=1, le=1_000_000, description="How many people can have it at a time.")] = (
        None
    )
    sale_starts_at: MomentIn | None = None
    sale_ends_at: MomentIn | None = None
    fixed_end_at: Annotated[
        MomentIn | None, Field(description="When access ends for everybody; with the unit `until` and no other.")
    ] = None

    receipt_vat_code: Annotated[
        int | None, Field(ge=1, le=12, description="In fiscal receipts, instead of what the shop's settings say.")
    ] = None
    receipt_subject: PaymentSubject | None = None
    receipt_mode: PaymentMode | None = None

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
    """A plan; `deep_link` opens its card in the bot, by its access code where it has one.

    `places_taken` counts running subscriptions and orders of the last hour that may still be paid, of a plan with a
    `capacity`; money that comes later is honoured, so it can be more than the capacity.
    """

    id: UUID
    bot_id: UUID
    title: str
    description: str
    price: MoneyOut
    stars: int | None
    period_unit: PeriodUnit
    period_count: int
    position: int
    is_on_sale: bool
    is_hidden: bool
    is_recurring: bool
    is_giftable: bool
    channel_ids: list[UUID]
    access_code: str | None
    is_trial: bool
    audience: Audience
    audience_plan_ids: list[UUID]
    allows_changes: bool
    capacity: int | None
    places_taken: int | None
    sale_starts_at: Moment | None
    sale_ends_at: Moment | None
    fixed_end_at: Moment | None
    receipt_vat_code: int | None
    receipt_subject: PaymentSubject | None
    receipt_mode: PaymentMode | None
    sale_state: SaleState
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
        items = await _plans(access, session, found.items)
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
        return (await _plans(access, session, [plan]))[0]


@router.get("/{plan_id}")
async def get(plan_id: UUID, access: TenantDep) -> PlanOut:
    """Return a plan."""
    async with access.unit() as session:
        return (await _plans(access, session, [await repository.get_plan(session, plan_id)]))[0]


@router.put("/{plan_id}", responses=documented(409))
async def change(plan_id: UUID, body: PlanChangeIn, access: TenantDep) -> PlanOut:
    """Store new terms; orders made before keep theirs. With a `version`, only over what was read."""
    async with access.unit() as session:
        plan = await service.change_plan(
            session, plan_id, terms=body.terms(), version=body.version,
            are_minutes_allowed=_are_minutes_allowed(access), actor=access.actor, now=access.now,
        )  # fmt: skip
        return (await _plans(access, session, [plan]))[0]


@router.post("/{plan_id}/archive")
async def archive(plan_id: UUID, access: TenantDep) -> PlanOut:
    """Take a plan off sale for good."""
    async with access.unit() as session:
        plan = await service.archive_plan(session, plan_id, actor=access.actor, now=access.now)
        return (await _plans(access, session, [plan]))[0]


def _are_minutes_allowed(access: TenantAccess) -> bool:
    return not access.services.settings.is_production


async def _plans(access: TenantAccess, session: TenantSession, plans: Sequence[Plan]) -> list[PlanOut]:
    limited = [plan.id for plan in plans if plan.capacity is not None]
    taken = await count_places(session, limited, now=access.now)
    channel_ids = await repository.list_channel_ids(session, [plan.id for plan in plans])
    usernames = await read_usernames(session, {plan.bot_id for plan in plans})
    return [
        _show(
            plan, bot_username=usernames[plan.bot_id], channel_ids=channel_ids[plan.id],
            places_taken=taken.get(plan.id, 0), now=access.now,
        )
        for plan in plans
    ]  # fmt: skip


def _show(plan: Plan, *, bot_username: str, channel_ids: Sequence[UUID], places_taken: int, now: datetime) -> PlanOut:
    start = f"plan_{plan.id}" if plan.access_code is None else f"code_{plan.access_code}"
    return PlanOut(
        id=plan.id, bot_id=plan.bot_id, title=plan.title, description=plan.description,
        price=MoneyOut(amount_minor=plan.price_minor, currency=plan.currency), stars=plan.stars,
        period_unit=plan.period_unit,
        period_count=plan.period_count, position=plan.position, is_on_sale=plan.is_on_sale,
        is_hidden=plan.is_hidden, channel_ids=list(channel_ids), access_code=plan.access_code, is_trial=plan.is_trial,
        is_recurring=plan.is_recurring, is_giftable=plan.is_giftable, audience=plan.audience, capacity=plan.capacity,
        audience_plan_ids=list(plan.audience_plan_ids), allows_changes=plan.allows_changes,
        places_taken=None if plan.capacity is None else places_taken, sale_starts_at=plan.sale_starts_at,
        sale_ends_at=plan.sale_ends_at, fixed_end_at=plan.fixed_end_at,
        receipt_vat_code=plan.receipt_vat_code, receipt_subject=plan.receipt_subject, receipt_mode=plan.receipt_mode,
        sale_state=decide_sale_state(plan, places_taken=places_taken, now=now),
        deep_link=f"https://t.me/{bot_username}?start={start}", archived_at=plan.archived_at,
        created_at=plan.created_at, version=version_of(plan, channel_ids),
    )  # fmt: skip
