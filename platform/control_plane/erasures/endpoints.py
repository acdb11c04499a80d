"""People's own data: all of it told, and all of it forgotten."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query

from control_plane.dependencies import PageDep, TenantDep
from control_plane.errors import documented
from control_plane.payments.schemas import PayerOut, show_payer
from control_plane.schemas import Input, Moment, Output, PageOut
from lumenpay.erasures import repository
from lumenpay.erasures.service import request_erasure
from lumenpay.erasures.telling import tell_person
from lumenpay.models.erasures import Erasure, Obstacle

router = APIRouter(prefix="/tenants/{tenant_id}", tags=["erasures"])
AskedBy = Literal["user", "admin", "operator", "system"]


class ErasureIn(Input):
    """Whether access that still runs may end with it; without a refund, which has to be asked for before."""

    ends_access: bool = False


class ErasureOut(Output):
    """A person who is to be forgotten, or was.

    `asked_by` is `user` (the person), `admin`, `operator` (the journal, after a restore) or `system` (the rule for
    people who are long gone). Until `erased_at` the
    person waits for what is in the air (`waits_for`), at the longest until `due_at`; on one who was forgotten then, it
    says what was left. `access` means that money which came late has opened access again: refund it, or end it.
    """

    id: UUID
    user_id: UUID
    asked_by: str
    asked_by_id: UUID | None
    asked_at: Moment
    due_at: Moment
    waits_for: Obstacle | None
    erased_at: Moment | None


class ErasureRowOut(ErasureOut):
    """An erasure as the list shows it: the person until they are forgotten, and the name of an admin who asked."""

    person: PayerOut | None
    asked_by_name: str


class PersonDataOut(Output):
    """Everything that is stored about a person: rows by table, each with its columns."""

    told_at: Moment
    tables: dict[str, list[dict[str, Any]]]


@router.get("/erasures")
async def list_(
    access: TenantDep, page: PageDep,
    is_open: Annotated[bool | None, Query(description="Only those who wait, or only those who were forgotten.")] = None,
    asked_by: Annotated[AskedBy | None, Query()] = None,
    user_id: Annotated[UUID | None, Query()] = None,
) -> PageOut[ErasureRowOut]:  # fmt: skip
    """List who asked to be forgotten, the latest first."""
    async with access.unit() as session:
        found = await repository.list_erasures(session, page, is_open=is_open, asked_by=asked_by, user_id=user_id)
    return PageOut(items=[_show_row(row) for row in found.items], total=found.total, page=page.page, size=page.size)


@router.post("/users/{user_id}/erasure", status_code=202, responses=documented(409))
async def request(user_id: UUID, body: ErasureIn, access: TenantDep) -> ErasureOut:
    """Have a person forgotten: what they have ends now, and what tells who they are goes once nothing is in the air.

    Payments stay, under a number that says nothing. It cannot be undone; sent again, it changes nothing more.
    """
    async with access.unit() as session:
        row = await request_erasure(
            session, user_id=user_id, ends_access=body.ends_access, actor=access.actor, now=access.now
        )
    return _show(row)


@router.post("/users/{user_id}/data")
async def tell(user_id: UUID, access: TenantDep) -> PersonDataOut:
    """Return everything that is stored about a person, for the person to have. It is put on record."""
    async with access.unit() as session:
        tables = await tell_person(session, user_id=user_id, actor=access.actor, now=access.now)
    return PersonDataOut(told_at=access.now, tables={name: list(rows) for name, rows in tables.items()})


def _show(row: Erasure) -> ErasureOut:
    return ErasureOut.model_validate(row)


def _show_row(row: repository.ErasureRow) -> ErasureRowOut:
    is_known = row.erasure.erased_at is None
    return ErasureRowOut(
        **_show(row.erasure).model_dump(), person=show_payer(row.person) if is_known else None,
        asked_by_name=row.asked_by_name,
    )  # fmt: skip
