"""Imports of subscribers: upload a file, look at what would happen, then have it carried out."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import Base64Bytes, Field

from control_plane.dependencies import PageDep, TenantDep
from control_plane.errors import documented
from control_plane.schemas import IdempotenceKey, Input, Moment, Output, PageOut, Text
from lumenpay.bots.repository import find_any_bot
from lumenpay.db.session import TenantSession
from lumenpay.imports import repository, service
from lumenpay.imports.report import claim_url, write_report
from lumenpay.imports.rules import MAX_GRACE_DAYS
from lumenpay.imports.service import ImportFile
from lumenpay.models.imports import Import, ImportKind, ImportOutcome, ImportRow, ImportStatus

router = APIRouter(prefix="/tenants/{tenant_id}/imports", tags=["imports"])
MAX_BASE64 = 960_000


class ImportIn(Input):
    """A file of up to 700 kB and 5,000 people, as base64: a CSV with titles, or Telegram Desktop's `result.json`.

    Columns of a CSV are known by their titles, in English or Russian: `telegram_id`, `username`, `name`, `ends_at`,
    `note`, `tag`; one of the first two is needed. Separator and encoding (UTF-8, UTF-16, Windows-1251) are found out.
    Dates are `2026-12-31` or `31.12.2026`, with or without a time, in the tenant's time zone; a day counts to its end.

    `grace_days` is how long everybody stays at least, counted from the start: also whoever has no date or a past one.
    `idempotence_key` makes a repeated request the same import.
    """

    file_name: Annotated[Text, Field(max_length=255)] = ""
    content: Annotated[Base64Bytes, Field(max_length=MAX_BASE64)]
    plan_id: UUID
    grace_days: Annotated[int, Field(ge=0, le=MAX_GRACE_DAYS)] = 0
    idempotence_key: IdempotenceKey


class OutcomesOut(Output):
    """How many lines have which outcome."""

    created: int
    extended: int
    already: int
    claim: int
    claimed: int
    repeated: int
    wrong: int


class ImportOut(Output):
    """An import. Until a line has had its turn, its outcome is a forecast.

    `created` get access, `extended` get more of it, `already` have or had it and nothing later is known of them,
    `claim` enter by a claim link, `claimed` have used it, `repeated` stand further up in the file, `wrong` cannot be
    carried out.
    """

    id: UUID
    bot_id: UUID
    plan_id: UUID
    kind: ImportKind
    file_name: str
    grace_days: int
    grace_ends_at: Moment | None
    status: ImportStatus
    lines: int
    done: int
    outcomes: OutcomesOut
    requested_by: UUID | None
    created_at: Moment
    started_at: Moment | None
    finished_at: Moment | None


class ImportRowOut(Output):
    """A line of an import; `claim_url` is there while a claim link waits to be used."""

    line: int
    telegram_id: int | None
    username: str | None
    name: str
    until_at: Moment | None
    outcome: ImportOutcome
    problem: str
    is_done: bool
    user_id: UUID | None
    claim_url: str | None


@router.get("")
async def list_(access: TenantDep, page: PageDep) -> PageOut[ImportOut]:
    """List imports, newest first."""
    async with access.unit() as session:
        found = await repository.list_imports(session, page)
        items = [await _import(session, row) for row in found.items]
    return PageOut(items=items, total=found.total, page=page.page, size=page.size)


@router.post("", status_code=201, responses=documented(409))
async def check(body: ImportIn, access: TenantDep) -> ImportOut:
    """Read a file and tell what would happen; nobody gets anything yet."""
    file = ImportFile(body.file_name, body.content, body.plan_id, body.grace_days, body.idempotence_key)
    async with access.unit() as session:
        return await _import(session, await service.check_file(session, file, actor=access.actor, now=access.now))


@router.get("/{import_id}")
async def get(import_id: UUID, access: TenantDep) -> ImportOut:
    """Return an import and how far it is."""
    async with access.unit() as session:
        return await _import(session, await repository.get_import(session, import_id))


@router.get("/{import_id}/rows")
async def list_rows(
    import_id: UUID, access: TenantDep, page: PageDep, outcome: Annotated[ImportOutcome | None, Query()] = None
) -> PageOut[ImportRowOut]:
    """List the lines of an import in the order of the file."""
    async with access.unit() as session:
        row = await repository.get_import(session, import_id)
        bot = await find_any_bot(session, row.bot_id)
        found = await repository.list_rows(session, row.id, page, outcome=outcome)
    items = [_row(line, bot_username=bot.username if bot else "") for line in found.items]
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
    """Have the file carried out in the background, once."""
    async with access.unit() as session:
        row = await service.start_import(session, import_id, actor=access.actor, now=access.now)
        return await _import(session, row)


@router.post("/{import_id}/stop")
async def stop(import_id: UUID, access: TenantDep) -> ImportOut:
    """Give nobody further access; who has it keeps it. A finished import stays finished."""
    async with access.unit() as session:
        row = await service.stop_import(session, import_id, actor=access.actor, now=access.now)
        return await _import(session, row)


async def _import(session: TenantSession, row: Import) -> ImportOut:
    counts, done = await repository.count_outcomes(session, row.id)
    known = {name for name in ImportOut.model_fields if name not in ("lines", "done", "outcomes")}
    outcomes = OutcomesOut(**{outcome.value: counts.get(outcome, 0) for outcome in ImportOutcome})
    values = {name: getattr(row, name) for name in known}
    return ImportOut(**values, lines=sum(counts.values()), done=done, outcomes=outcomes)


def _row(line: ImportRow, *, bot_username: str) -> ImportRowOut:
    values = {name: getattr(line, name) for name in ImportRowOut.model_fields if name != "claim_url"}
    is_open = line.outcome == ImportOutcome.CLAIM and line.claim_token is not None
    url = claim_url(bot_username, line.claim_token) if is_open and line.claim_token else None
    return ImportRowOut(**values, claim_url=url)
