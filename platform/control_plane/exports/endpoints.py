"""Exports: lists as files, written in the background."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import StreamingResponse
from pydantic import Field

from control_plane.dependencies import PageDep, TenantAccess, TenantDep
from control_plane.errors import documented
from control_plane.exports.filters import read_query
from control_plane.schemas import Input, Moment, Output, PageOut, Text
from lumenpay.exports import service
from lumenpay.exports.columns import COLUMNS
from lumenpay.exports.rules import file_name
from lumenpay.exports.service import ExportRequest
from lumenpay.models.exports import Export, ExportFormat, ExportKind, ExportStatus

router = APIRouter(prefix="/tenants/{tenant_id}/exports", tags=["exports"])
_TYPES: Final = {
    ExportFormat.CSV: "text/csv",
    ExportFormat.CSV_SEMICOLON: "text/csv",
    ExportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_ARCHIVE_TYPE: Final = "application/zip"
_FILE: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The file.",
        "content": {name: {"schema": {"type": "string", "format": "binary"}} for name in sorted(set(_TYPES.values()))},
    }
}
_ARCHIVE: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The archive.",
        "content": {_ARCHIVE_TYPE: {"schema": {"type": "string", "format": "binary"}}},
    }
}
ListKind = Literal[ExportKind.SUBSCRIBERS, ExportKind.PAYMENTS]
ListFormat = Literal[ExportFormat.CSV, ExportFormat.CSV_SEMICOLON]


class ExportIn(Input):
    """Which list is written, and how.

    `query` is the query string of the list, as its address shows it; page, size and sort are passed over. `csv` has
    commas, `csv_semicolon` has semicolons and decimal commas as a Russian Excel reads them; both begin with a BOM.
    Without a time zone it is the tenant's own.
    """

    kind: ListKind
    format: ExportFormat
    columns: Annotated[list[Annotated[Text, Field(max_length=32)]], Field(min_length=1, max_length=40)]
    query: Annotated[Text, Field(max_length=2_000)] = ""
    time_zone: Annotated[Text | None, Field(max_length=64)] = None


class WholeExportIn(Input):
    """How the lists in the archive are written, as in an export of one list; without workbooks."""

    format: ListFormat
    time_zone: Annotated[Text | None, Field(max_length=64)] = None


class ExportOut(Output):
    """A file: how far it is, and until when it is kept.

    `problem` tells why one failed: `too_many_rows_for_xlsx` (take CSV), or `too_large_for_zip` (more than 4 GB).
    `rows_total` is empty until rows are counted. Of kind `whole` it is an archive of everything, with `columns` empty.
    """

    id: UUID
    kind: ExportKind
    format: ExportFormat
    status: ExportStatus
    columns: list[str]
    time_zone: str
    rows_done: int
    rows_total: int | None
    size_bytes: int
    problem: str
    file_name: str
    requested_by: UUID | None
    created_at: Moment
    finished_at: Moment | None
    expires_at: Moment


class ColumnOut(Output):
    """A column that can be chosen."""

    name: str
    title_ru: str
    title_en: str


class ColumnsOut(Output):
    """The columns of each list, in their usual order."""

    subscribers: list[ColumnOut]
    payments: list[ColumnOut]


@router.get("")
async def list_(access: TenantDep, page: PageDep) -> PageOut[ExportOut]:
    """List the exports of the last day, newest first."""
    async with access.unit() as session:
        found = await service.list_exports(session, page, now=access.now)
    items = [_export(row) for row in found.items]
    return PageOut(items=items, total=found.total, page=page.page, size=page.size)


@router.get("/columns")
async def list_columns(access: TenantDep) -> ColumnsOut:  # noqa: ARG001 - asks who may
    """List the columns that can be chosen."""
    shown = {
        kind.value: [ColumnOut(name=name, title_ru=column.ru, title_en=column.en) for name, column in columns.items()]
        for kind, columns in COLUMNS.items()
    }
    return ColumnsOut(**shown)


@router.post("", status_code=202, responses=documented(409))
async def request(body: ExportIn, access: TenantDep) -> ExportOut:
    """Have a file written; it is kept for 24 hours."""
    wanted = ExportRequest(
        kind=body.kind, format=body.format, filters=read_query(body.kind, body.query), columns=body.columns,
        time_zone=body.time_zone,
    )  # fmt: skip
    async with access.unit() as session:
        return _export(await service.request_export(session, wanted, actor=access.actor, now=access.now))


@router.post("/whole", status_code=202, responses=documented(409))
async def request_whole(body: WholeExportIn, access: TenantDep) -> ExportOut:
    """Have everything that the tenant owns written into one ZIP: a CSV a kind of thing, and a README. Kept 24 hours."""
    async with access.unit() as session:
        row = await service.request_whole(
            session, body.format, time_zone=body.time_zone, actor=access.actor, now=access.now
        )
        return _export(row)


@router.get("/{export_id}")
async def get(export_id: UUID, access: TenantDep) -> ExportOut:
    """Return how far an export is."""
    async with access.unit() as session:
        return _export(await service.get_export(session, export_id, now=access.now))


@router.post("/{export_id}/cancel")
async def cancel(export_id: UUID, access: TenantDep) -> ExportOut:
    """Stop the writing and throw away what is written; a finished file stays."""
    async with access.unit() as session:
        return _export(await service.cancel_export(session, export_id, actor=access.actor, now=access.now))


@router.get("/{export_id}/file", response_class=StreamingResponse, responses={**documented(409), **_FILE})
async def get_file(export_id: UUID, access: TenantDep) -> StreamingResponse:
    """Return the file of a finished export of a list."""
    async with access.unit() as session:
        row = await service.get_file(session, export_id, now=access.now)
    return _send(access, row, _TYPES[ExportFormat(row.format)])


@router.get(
    "/whole/{whole_export_id}/file", response_class=StreamingResponse, responses={**documented(409), **_ARCHIVE}
)
async def get_whole(whole_export_id: UUID, access: TenantDep) -> StreamingResponse:
    """Return the archive of a finished export of everything."""
    async with access.unit() as session:
        row = await service.get_whole_file(session, whole_export_id, now=access.now)
    return _send(access, row, _ARCHIVE_TYPE)


def _send(access: TenantAccess, row: Export, media_type: str) -> StreamingResponse:
    headers = {
        "content-disposition": f'attachment; filename="{_export(row).file_name}"',
        "content-length": str(row.size_bytes),
    }
    return StreamingResponse(_parts(access, row.id), media_type=media_type, headers=headers)


async def _parts(access: TenantAccess, export_id: UUID) -> AsyncIterator[bytes]:
    position = 0
    while True:
        # A transaction for each part: a slow reader keeps none open.
        async with access.unit() as session:
            part = await service.read_part(session, export_id, position)
        if part is None:
            return
        yield part
        position += 1


def _export(row: Export) -> ExportOut:
    values = {name: getattr(row, name) for name in ExportOut.model_fields if name != "file_name"}
    name = file_name(row.kind, ExportFormat(row.format), created_at=row.created_at)
    return ExportOut(**values, file_name=name)
