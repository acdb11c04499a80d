"""The win-back series: what the owner sets, how its message reads, and what it brought."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field

from control_plane.dependencies import TenantDep
from control_plane.errors import documented
from control_plane.schemas import Input, MoneyOut, Output, VersionIn
from lumenpay.bots.repository import get_bot
from lumenpay.messages.markup import visible_length
from lumenpay.messages.rules import MESSAGE_LIMIT
from lumenpay.models.promo_codes import DiscountKind
from lumenpay.win_backs.figures import StepFigures, count_opt_outs, count_steps
from lumenpay.win_backs.preview import preview_offer
from lumenpay.win_backs.rules import LONGEST_AFTER_DAYS, LONGEST_VALID_DAYS, MAX_FREE_DAYS, MAX_STEPS, Hours, Step
from lumenpay.win_backs.series import Series, load_series, set_series

router = APIRouter(prefix="/tenants/{tenant_id}/win-back", tags=["win_backs"])


class WinBackStepIn(Input):
    """One step: so many days after the end, percent (1-100) or free days, good for so many days.

    `plan_ids` are the plans that it is good for; none stand for the one that ended.
    """

    after_days: Annotated[int, Field(ge=1, le=LONGEST_AFTER_DAYS)]
    discount_kind: Literal[DiscountKind.PERCENT, DiscountKind.EXTRA_DAYS]
    discount_value: Annotated[int, Field(ge=1, le=MAX_FREE_DAYS)]
    valid_days: Annotated[int, Field(ge=1, le=LONGEST_VALID_DAYS)]
    plan_ids: Annotated[list[UUID], Field(max_length=20)] = []  # noqa: RUF012 - pydantic copies defaults

    def step(self) -> Step:
        """Return what the use case takes."""
        return Step(
            self.after_days, DiscountKind(self.discount_kind), self.discount_value, self.valid_days,
            tuple(dict.fromkeys(self.plan_ids)),
        )  # fmt: skip


class WinBackSeriesIn(Input):
    """The whole series. People are written to from `from_hour` on, and before `until_hour`, in the tenant's zone."""

    is_on: bool
    from_hour: Annotated[int, Field(ge=0, le=23)] = 10
    until_hour: Annotated[int, Field(ge=1, le=24)] = 20
    steps: Annotated[list[WinBackStepIn], Field(max_length=MAX_STEPS)]
    version: VersionIn = None


class WinBackStepOut(Output):
    """One step of the series."""

    after_days: int
    discount_kind: DiscountKind
    discount_value: int
    valid_days: int
    plan_ids: list[UUID]


class WinBackSeriesOut(Output):
    """The series as it stands; off and without steps until it is set."""

    is_on: bool
    from_hour: int
    until_hour: int
    steps: list[WinBackStepOut]
    version: str


class WinBackPreviewIn(WinBackStepIn):
    """A step whose message is looked at, as a bot would send it."""

    bot_id: UUID
    locale: Literal["ru", "en"]


class WinBackPreviewOut(Output):
    """What a person would be sent, and the captions of the buttons under it."""

    html: str
    buttons: list[str]
    length: int
    max_length: int


class WinBackStepFiguresOut(Output):
    """One step: offers made, people written to, those who bought with the offer, and what they paid less refunds."""

    step: int
    offered: int
    sent: int
    came_back: int
    revenue: list[MoneyOut]


class WinBackFiguresOut(Output):
    """What became of the offers of some days, by step; `opted_out` want no more of them."""

    items: list[WinBackStepFiguresOut]
    opted_out: int


@router.get("")
async def get(access: TenantDep) -> WinBackSeriesOut:
    """Return the series."""
    async with access.unit() as session:
        return _show(await load_series(session))


@router.put("", responses=documented(409))
async def change(body: WinBackSeriesIn, access: TenantDep) -> WinBackSeriesOut:
    """Set the series from now on, for subscriptions that end from now on. With a `version`, only over what was read."""
    async with access.unit() as session:
        series = await set_series(
            session, is_on=body.is_on, hours=Hours(body.from_hour, body.until_hour),
            steps=[step.step() for step in body.steps], version=body.version, actor=access.actor, now=access.now,
        )  # fmt: skip
    return _show(series)


@router.post("/preview")
async def preview(body: WinBackPreviewIn, access: TenantDep) -> WinBackPreviewOut:
    """Show the message of a step, with the bot's own text; nothing is stored."""
    async with access.unit() as session:
        bot = await get_bot(session, body.bot_id)
        shown = await preview_offer(session, bot, body.step(), locale=body.locale, now=access.now)
    return WinBackPreviewOut(
        html=shown.html, buttons=list(shown.buttons), length=visible_length(shown.html), max_length=MESSAGE_LIMIT
    )


@router.get("/figures")
async def count(
    access: TenantDep, days: Annotated[int, Query(ge=1, le=366, description="Of so many days.")] = 90
) -> WinBackFiguresOut:
    """Count what became of the offers that were made."""
    async with access.unit() as session:
        since = access.now - timedelta(days=days)
        steps, opted_out = await count_steps(session, since=since), await count_opt_outs(session, since=since)
    return WinBackFiguresOut(items=[_figures(row) for row in steps], opted_out=opted_out)


def _show(series: Series) -> WinBackSeriesOut:
    steps = [
        WinBackStepOut(
            after_days=step.after_days, discount_kind=step.discount_kind, discount_value=step.discount_value,
            valid_days=step.valid_days, plan_ids=list(step.plan_ids),
        )
        for step in series.steps
    ]  # fmt: skip
    return WinBackSeriesOut(
        is_on=series.is_on, from_hour=series.hours.from_hour, until_hour=series.hours.until_hour, steps=steps,
        version=series.version,
    )  # fmt: skip


def _figures(row: StepFigures) -> WinBackStepFiguresOut:
    revenue = [
        MoneyOut(amount_minor=amount, currency=currency) for currency, amount in sorted(row.revenue_minor.items())
    ]
    return WinBackStepFiguresOut(
        step=row.step, offered=row.offered, sent=row.sent, came_back=row.came_back, revenue=revenue
    )  # fmt: skip
