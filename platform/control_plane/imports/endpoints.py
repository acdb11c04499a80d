"""Imports of subscribers: upload a file, look at what would happen, then have it carried out."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from control_plane.dependencies import PageDep, TenantDep
from control_plane.errors import documented
from control_plane.imports.schemas import (
    ImportColumnOut,
    ImportColumnsIn,
    ImportColumnsOut,
    ImportIn,
    ImportOut,
    ImportRowOut,
    OutcomesOut,
    ReadColumnOut,
)
from control_plane.schemas import PageOut
from lumenpay.bots.repository import find_any_bot
from lumenpay.db.session import TenantSession
from lumenpay.imports import repository, service
from lumenpay.imports.columns import Choice
from lumenpay.imports.lines import PROBLEM_FIELDS
from lumenpay.imports.reading import read_layout
from lumenpay.imports.report import claim_url, write_report
from lumenpay.imports.rules import decide_grace_end, forecast_end
from lumenpay.imports.service import ImportFile
from lumenpay.models.imports import Import, ImportOutcome, ImportRow
from lumenpay.plans.repository import get_plan

router = APIRouter(prefix="/tenants/{tenant_id}/imports", tags=["imports"])


@router.get("")
async def list_(access: TenantDep, page: PageDep) -> PageOut[ImportOut]:
    """List imports, newest first."""
    async with access.unit() as session:
        found = await repository.list_imports(session, page)
        items = [await _import(session, row, now=access.now) for row in found.items]
    return PageOut(items=items, total=found.total, page=page.page, size=page.size)


@router.post("/columns", responses=documented())
async def read_columns(body: ImportColumnsIn, _access: TenantDep) -> ImportColumnsOut:
    """Return the columns of a file with a guess for each, to be corrected; the file is not kept."""
    found = read_layout(body.content)
    columns = [
        ImportColumnOut(
            column=each.number, heading=each.heading, samples=list(each.samples), field=each.field,
            date_hint=each.date_hint,
        )
        for each in found.columns
    ]  # fmt: skip
    return ImportColumnsOut(kind=found.kind, has_headings=found.has_headings, columns=columns)


@router.post("", status_code=201, responses=documented(409))
async def check(body: ImportIn, access: TenantDep) -> ImportOut:
    """Read a file and tell what would happen; nobody gets anything yet."""
    fields = None if body.columns is None else tuple((each.column, each.field) for each in body.columns)
    choice = Choice(fields, body.has_headings, body.date_order)
    file = ImportFile(body.file_name, body.content, body.plan_id, body.grace_days, body.idempotence_key, choice)
    async with access.unit() as session:
        row = await service.check_file(session, file, actor=access.actor, now=access.now)
        return await _import(session, row, now=access.now)


@router.get("/{import_id}")
async def get(import_id: UUID, access: TenantDep) -> ImportOut:
    """Return an import and how far it is."""
    async with access.unit() as session:
        return await _import(session, await repository.get_import(session, import_id), now=access.now)


@router.get("/{import_id}/rows")
async def list_rows(
    import_id: UUID, access: TenantDep, page: PageDep, outcome: Annotated[ImportOutcome | None, Query()] = None
) -> PageOut[ImportRowOut]:
    """List the lines of an import in the order of the file."""
    async with access.unit() as session:
        row = await repository.get_import(session, import_id)
        bot = await find_any_bot(session, row.bot_id)
        found = await repository.list_rows(session, row.id, page, outcome=outcome)
    grace_ends_at = _grace_end(row, now=access.now)
    items = [_row(line, bot_username=bot.username if bot else "", grace_ends_at=grace_ends_at) for line in found.items]
    return PageOut(items=items, total=found.total, page=page.page, size=page.size)


@router.get(
    "/{import_id}/report",
    response_class=Response,
    responses={**documented(), 200: {"content": {"text/csv": {"schema": {"type": "string", "format": "binary"}}}}},
)
async def get_report(import_id: UUID, access: TenantDep) -> Response:
    """Return every line with what becomes of it, and the claim links, as CSV."""
    async with access.unit() as session:
        row = await repository.get_import(session, import_id)
        body = await write_report(session, row)
    headers = {"content-disposition": f'attachment; filename="import-{row.created_at:%Y-%m-%d}.csv"'}
    return Response(body, media_type="text/csv", headers=headers)


@router.post("/{import_id}/start", status_code=202, responses=documented(409))
async def start(import_id: UUID, access: TenantDep) -> ImportOut:
    """Have the file carried out in the background, once; one that is done goes on with what was held back."""
    async with access.unit() as session:
        row = await service.start_import(session, import_id, actor=access.actor, now=access.now)
        return await _import(session, row, now=access.now)


@router.post("/{import_id}/stop")
async def stop(import_id: UUID, access: TenantDep) -> ImportOut:
    """Give nobody further access; who has it keeps it. A finished import stays finished."""
    async with access.unit() as session:
        row = await service.stop_import(session, import_id, actor=access.actor, now=access.now)
        return await _import(session, row, now=access.now)


async def _import(session: TenantSession, row: Import, *, now: datetime) -> ImportOut:
    counts = await repository.count_outcomes(session, row.id)
    plan = await get_plan(session, row.plan_id)
    first, last = await repository.find_ends(session, row.id, grace_ends_at=_grace_end(row, now=now))
    own = {
        "lines", "done", "outcomes", "columns", "held_because", "can_go_on", "plan_title", "first_ends_at",
        "last_ends_at",
    }  # fmt: skip
    known = {name for name in ImportOut.model_fields if name not in own}
    outcomes = OutcomesOut(**{outcome.value: counts.outcomes.get(outcome, 0) for outcome in ImportOutcome})
    wrong = {
        name: sum(count for problem, count in counts.problems.items() if PROBLEM_FIELDS.get(problem) == name)
        for name in PROBLEM_FIELDS.values()
    }
    columns = [ReadColumnOut(**column, wrong=wrong.get(column["field"], 0)) for column in row.columns or ()]
    return ImportOut(
        **{name: getattr(row, name) for name in known}, columns=columns, outcomes=outcomes,
        lines=sum(counts.outcomes.values()), done=counts.done, held_because=counts.held_because,
        can_go_on=service.can_go_on(row, counts), plan_title=plan.title, first_ends_at=first, last_ends_at=last,
    )  # fmt: skip


def _grace_end(row: Import, *, now: datetime) -> datetime | None:
    return row.grace_ends_at or decide_grace_end(grace_days=row.grace_days, started_at=now)


def _row(line: ImportRow, *, bot_username: str, grace_ends_at: datetime | None) -> ImportRowOut:
    known = {name for name in ImportRowOut.model_fields if name not in ("claim_url", "problem_field", "ends_at")}
    outcome = ImportOutcome(line.outcome)
    end = forecast_end(outcome, until_at=line.until_at, grace_ends_at=grace_ends_at)
    is_open = line.outcome == ImportOutcome.CLAIM and line.claim_token is not None
    return ImportRowOut(
        **{name: getattr(line, name) for name in known}, ends_at=None if line.is_done else end,
        problem_field=PROBLEM_FIELDS.get(line.problem),
        claim_url=claim_url(bot_username, line.claim_token) if is_open and line.claim_token else None,
    )  # fmt: skip
