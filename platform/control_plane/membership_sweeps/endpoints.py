"""Sweeps through the people of channels, and the word of a human where one would remove too many."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field

from control_plane.dependencies import PageDep, TenantDep
from control_plane.errors import documented
from control_plane.schemas import CountedPageOut, Input, Moment, Output, PageOut, show_page
from lumenpay.access import sweep_closing, sweep_repository, sweeping
from lumenpay.models.sweeps import SweepStatus

router = APIRouter(prefix="/tenants/{tenant_id}/membership-sweeps", tags=["membership_sweeps"])


class SweepIn(Input):
    """Which channel."""

    channel_id: UUID


class DecisionIn(Input):
    """About how many people the decision is, as the sweep tells it: so that nobody confirms another number."""

    people: Annotated[int, Field(ge=1, le=2**31 - 1)]


class SweepOut(Output):
    """A look through the people whom we know in a channel.

    `braked`: more than 20 people, and more than 5 % of those found inside, have no right to be there. None of them is
    removed until somebody confirms it; kept ones stay for good. `mended_count` people were elsewhere than we thought.
    """

    id: UUID
    channel_id: UUID
    status: SweepStatus
    looked_count: int
    inside_count: int
    mended_count: int
    to_remove_count: int
    created_at: Moment
    finished_at: Moment | None
    decided_at: Moment | None
    decided_by: UUID | None


class SweptPersonOut(Output):
    """Somebody who would be removed; `user_id` is empty for one who never wrote to the bot."""

    membership_id: UUID
    telegram_id: int
    user_id: UUID | None
    first_name: str
    last_name: str
    username: str | None


@router.get("")
async def list_(
    access: TenantDep,
    page: PageDep,
    channel_id: Annotated[UUID | None, Query()] = None,
    status: Annotated[SweepStatus | None, Query()] = None,
) -> CountedPageOut[SweepOut]:
    """List sweeps, newest first; braked ones wait for a decision."""
    async with access.unit() as session:
        found = await sweep_closing.list_sweeps(session, page, channel_id=channel_id, status=status)
    return show_page(found, [SweepOut.model_validate(row) for row in found.items], page)


@router.post("", status_code=202)
async def start(body: SweepIn, access: TenantDep) -> SweepOut:
    """Look through the people of a channel now; a sweep that goes on, or waits for a decision, is returned."""
    async with access.unit() as session:
        sweep = await sweeping.request_sweep(session, body.channel_id, actor=access.actor, now=access.now)
    return SweepOut.model_validate(sweep)


@router.get("/{sweep_id}")
async def get(sweep_id: UUID, access: TenantDep) -> SweepOut:
    """Return how far a sweep is, and what came of it."""
    async with access.unit() as session:
        return SweepOut.model_validate(await sweep_repository.get_sweep(session, sweep_id))


@router.get("/{sweep_id}/people")
async def list_people(sweep_id: UUID, access: TenantDep, page: PageDep) -> PageOut[SweptPersonOut]:
    """List whom a sweep found inside without a right and who is not dealt with yet."""
    async with access.unit() as session:
        found = await sweep_closing.list_people(session, sweep_id, page)
    return PageOut(items=[_person(row) for row in found.items], total=found.total, page=page.page, size=page.size)


@router.post("/{sweep_id}/confirm", status_code=202, responses=documented(409))
async def confirm(sweep_id: UUID, body: DecisionIn, access: TenantDep) -> SweepOut:
    """Have the people removed whom the brake kept in; who got a right meanwhile stays."""
    async with access.unit() as session:
        sweep = await sweep_closing.decide_sweep(
            session, sweep_id, is_removal=True, people=body.people, actor=access.actor, now=access.now
        )
    return SweepOut.model_validate(sweep)


@router.post("/{sweep_id}/keep", status_code=202, responses=documented(409))
async def keep(sweep_id: UUID, body: DecisionIn, access: TenantDep) -> SweepOut:
    """Leave the people inside whom the brake kept in: from now on they are not ours to remove."""
    async with access.unit() as session:
        sweep = await sweep_closing.decide_sweep(
            session, sweep_id, is_removal=False, people=body.people, actor=access.actor, now=access.now
        )
    return SweepOut.model_validate(sweep)


def _person(row: sweep_closing.SweptPerson) -> SweptPersonOut:
    user = row.user
    return SweptPersonOut(
        membership_id=row.membership.id, telegram_id=row.membership.telegram_id, user_id=row.membership.user_id,
        first_name=user.first_name if user else "", last_name=user.last_name if user else "",
        username=user.username if user else None,
    )  # fmt: skip
