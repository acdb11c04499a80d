"""Campaign links and what they brought."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import Field

from control_plane.dependencies import PageDep, TenantDep
from control_plane.errors import documented
from control_plane.schemas import CountedPageOut, Input, Moment, MoneyOut, Name, Output, Text
from lumenpay.analytics.repository import has_only_test_money
from lumenpay.bots.repository import get_bot, read_usernames
from lumenpay.campaigns import service
from lumenpay.campaigns.figures import CampaignFigures, count_figures
from lumenpay.campaigns.service import CampaignTerms
from lumenpay.db.session import TenantSession
from lumenpay.kit.money import Money
from lumenpay.kit.qr import draw_qr
from lumenpay.models.campaigns import Campaign

router = APIRouter(prefix="/tenants/{tenant_id}/campaigns", tags=["campaigns"])


class CampaignChangeIn(Input):
    """What a campaign is called, and what its link leads to: a plan, a promo code, both, or the welcome."""

    name: Name
    plan_id: UUID | None = None
    promo_code_id: UUID | None = None


class CampaignIn(CampaignChangeIn):
    """A new campaign of a bot.

    `source` is the payload of its link: up to 64 Latin letters, digits, `_` and `-`. It never changes, and cannot begin
    like the links of plans, promo codes, claims, gifts and invitations.
    """

    bot_id: UUID
    source: Annotated[Text, Field(min_length=1, max_length=64)]


class CampaignOut(Output):
    """A campaign, its link, and what it brought.

    `starts` counts people whose first link was this one, `buyers` those of them who paid, `revenue` what they paid for
    anything, ever. `last_touch_orders` and `last_touch_revenue` count the orders that were made while this link was the
    latest one that their person had followed. Refunds are not taken off.
    """

    id: UUID
    bot_id: UUID
    name: str
    source: str
    plan_id: UUID | None
    promo_code_id: UUID | None
    deep_link: str
    starts: int
    buyers: int
    revenue: list[MoneyOut]
    last_touch_orders: int
    last_touch_revenue: list[MoneyOut]
    created_at: Moment
    archived_at: Moment | None


class CampaignsOut(CountedPageOut[CampaignOut]):
    """One page of campaigns; their figures are of test payments as long as nothing else was ever paid (`is_test`)."""

    is_test: bool


class CampaignNameOut(Output):
    """What the owner calls a source; two bots may have campaigns of one source."""

    bot_id: UUID
    source: str
    name: str


class CampaignNamesOut(Output):
    """The names of campaigns, archived ones included."""

    names: list[CampaignNameOut]


@router.get("")
async def list_(
    access: TenantDep,
    page: PageDep,
    bot_id: Annotated[UUID | None, Query()] = None,
    is_archived: Annotated[bool, Query(description="The archived ones instead.")] = False,  # noqa: FBT002 - a query
) -> CampaignsOut:
    """List campaigns with what they brought, newest first."""
    async with access.unit() as session:
        found = await service.list_campaigns(session, page, bot_id=bot_id, is_archived=is_archived)
        is_test = await has_only_test_money(session)
        items = await _describe(session, found.items, is_test=is_test)
    return CampaignsOut(
        items=items, total=found.total, page=page.page, size=page.size, is_total_exact=found.is_total_exact,
        is_test=is_test,
    )  # fmt: skip


@router.post("", status_code=201, responses=documented(409))
async def create(body: CampaignIn, access: TenantDep) -> CampaignOut:
    """Make a campaign; people who came with its source before are counted too."""
    async with access.unit() as session:
        bot = await get_bot(session, body.bot_id)
        row = await service.create_campaign(
            session, bot_id=bot.id, source=body.source, terms=_terms(body), actor=access.actor, now=access.now
        )
        return await _show(session, row)


@router.get("/names")
async def list_names(access: TenantDep) -> CampaignNamesOut:
    """List what the sources of campaigns are called, the newest first, a thousand at most."""
    async with access.unit() as session:
        found = await service.list_names(session)
    return CampaignNamesOut(names=[CampaignNameOut.model_validate(row) for row in found])


@router.get("/{campaign_id}")
async def get(campaign_id: UUID, access: TenantDep) -> CampaignOut:
    """Return a campaign with what it brought."""
    async with access.unit() as session:
        return await _show(session, await service.get_campaign(session, campaign_id))


@router.put("/{campaign_id}")
async def change(campaign_id: UUID, body: CampaignChangeIn, access: TenantDep) -> CampaignOut:
    """Store another name, and what the link leads to from now on."""
    async with access.unit() as session:
        row = await service.change_campaign(
            session, campaign_id, terms=_terms(body), actor=access.actor, now=access.now
        )  # fmt: skip
        return await _show(session, row)


@router.post("/{campaign_id}/archive")
async def archive(campaign_id: UUID, access: TenantDep) -> CampaignOut:
    """Leave a campaign out of the list; its link works and counts all the same."""
    return await _archive(access, campaign_id, is_archived=True)


@router.post("/{campaign_id}/restore")
async def restore(campaign_id: UUID, access: TenantDep) -> CampaignOut:
    """Bring an archived campaign back into the list."""
    return await _archive(access, campaign_id, is_archived=False)


@router.get(
    "/{campaign_id}/qr", response_class=Response,
    responses={200: {"description": "The file.", "content": {"image/svg+xml": {"schema": {"type": "string"}}}}},
)  # fmt: skip
async def get_qr(campaign_id: UUID, access: TenantDep) -> Response:
    """Return the campaign's link as a QR code to be printed, in SVG."""
    async with access.unit() as session:
        row = await service.get_campaign(session, campaign_id)
        usernames = await read_usernames(session, [row.bot_id])
        link = _deep_link(usernames[row.bot_id], row)
    return Response(draw_qr(link), media_type="image/svg+xml")


async def _archive(access: TenantDep, campaign_id: UUID, *, is_archived: bool) -> CampaignOut:
    async with access.unit() as session:
        row = await service.archive_campaign(
            session, campaign_id, is_archived=is_archived, actor=access.actor, now=access.now
        )
        return await _show(session, row)


def _terms(body: CampaignChangeIn) -> CampaignTerms:
    return CampaignTerms(body.name, body.plan_id, body.promo_code_id)


async def _show(session: TenantSession, row: Campaign) -> CampaignOut:
    return (await _describe(session, [row], is_test=await has_only_test_money(session)))[0]


async def _describe(session: TenantSession, rows: list[Campaign], *, is_test: bool) -> list[CampaignOut]:
    figures = await count_figures(session, rows, is_test=is_test)
    names = await read_usernames(session, {row.bot_id for row in rows})
    return [_put_together(row, figures[row.id], _deep_link(names[row.bot_id], row)) for row in rows]


def _put_together(row: Campaign, figures: CampaignFigures, deep_link: str) -> CampaignOut:
    return CampaignOut(
        id=row.id, bot_id=row.bot_id, name=row.name, source=row.source, plan_id=row.plan_id,
        promo_code_id=row.promo_code_id, deep_link=deep_link, starts=figures.starts, buyers=figures.buyers,
        revenue=[_money(sum_) for sum_ in figures.revenue], last_touch_orders=figures.last_touch_orders,
        last_touch_revenue=[_money(sum_) for sum_ in figures.last_touch_revenue], created_at=row.created_at,
        archived_at=row.archived_at,
    )  # fmt: skip


def _money(money: Money) -> MoneyOut:
    return MoneyOut(amount_minor=money.amount_minor, currency=money.currency)


def _deep_link(username: str, row: Campaign) -> str:
    return f"https://t.me/{username}?start={row.source}"
