"""Extensions: days for everybody on a list of subscribers."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field

from control_plane.dependencies import PageDep, TenantDep
from control_plane.errors import documented
from control_plane.exports.filters import read_query
from control_plane.schemas import IdempotenceKey, Input, Moment, Output, PageOut, Text
from lumenpay.models.exports import ExportKind
from lumenpay.models.extensions import ExtensionStatus
from lumenpay.subscriptions import extensions as service
from lumenpay.users.narrowing import UserFilters

router = APIRouter(prefix="/tenants/{tenant_id}/extensions", tags=["extensions"])
MAX_DAYS = 366


class ExtensionIn(Input):
    """How many days, and for whom.

    `query` is the query string of the list of subscribers, as its address shows it; page, size and sort are passed
    over, and an empty one means everybody. With a plan in it only subscriptions to that plan get the days.
    `idempotence_key` makes a repeated request add them once.
    """

    days: Annotated[int, Field(ge=1, le=MAX_DAYS)]
    query: Annotated[Text, Field(max_length=2_000)] = ""
    idempotence_key: IdempotenceKey


class ExtensionOut(Output):
    """How far an extension is.

    `total_count` is empty until the subscriptions are written down; `passed_count` are those that had ended, or were
    made endless, before their turn came.
    """

    id: UUID
    days: int
    status: ExtensionStatus
    total_count: int | None
    done_count: int
    passed_count: int
    requested_by: UUID | None
    created_at: Moment
    finished_at: Moment | None


class ExtensibleOut(Output):
    """How many running subscriptions with an end the people of a list have."""

    count: int


@router.get("")
async def list_(access: TenantDep, page: PageDep) -> PageOut[ExtensionOut]:
    """List extensions, newest first."""
    async with access.unit() as session:
        found = await service.list_extensions(session, page)
    items = [ExtensionOut.model_validate(row) for row in found.items]
    return PageOut(items=items, total=found.total, page=page.page, size=page.size)


@router.get("/count")
async def count(
    access: TenantDep,
    query: Annotated[Text, Query(max_length=2_000, description="Query string of the list of subscribers.")] = "",
) -> ExtensibleOut:
    """Count the subscriptions that an extension of a list would be for."""
    filters = _read(query)
    async with access.unit() as session:
        return ExtensibleOut(count=await service.count_extensible(session, filters, now=access.now))


@router.post("", status_code=202, responses=documented(409))
async def request(body: ExtensionIn, access: TenantDep) -> ExtensionOut:
    """Add days, without money, to the running subscriptions of everybody on a list, in the background."""
    filters = _read(body.query)
    async with access.unit() as session:
        row = await service.request_extension(
            session, filters, days=body.days, key=body.idempotence_key, actor=access.actor, now=access.now
        )  # fmt: skip
    return ExtensionOut.model_validate(row)


@router.get("/{extension_id}")
async def get(extension_id: UUID, access: TenantDep) -> ExtensionOut:
    """Return how far an extension is."""
    async with access.unit() as session:
        return ExtensionOut.model_validate(await service.get_extension(session, extension_id))


@router.post("/{extension_id}/stop")
async def stop(extension_id: UUID, access: TenantDep) -> ExtensionOut:
    """Give nobody further days; who has them keeps them. A finished one stays finished."""
    async with access.unit() as session:
        row = await service.stop_extension(session, extension_id, actor=access.actor, now=access.now)
    return ExtensionOut.model_validate(row)


def _read(query: str) -> UserFilters:
    filters = read_query(ExportKind.SUBSCRIBERS, query)
    assert isinstance(filters, UserFilters)  # noqa: S101 - what the list of subscribers is read into
    return filters
