"""Writing an export page by page: each page is one transaction, and whoever comes next goes on after it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson
from sqlalchemy import select

from lumenpay.db.session import TenantSession
from lumenpay.exports.columns import list_titles, read_cells
from lumenpay.exports.rules import BOM, MAX_XLSX_ROWS, PAGE_ROWS, Cell, write_csv, write_json_cell
from lumenpay.exports.service import FILTERS, drop_parts, move_export
from lumenpay.exports.whole.writing import ArchiveTooLargeError, count_rows, write_piece
from lumenpay.models.exports import Export, ExportFormat, ExportKind, ExportPart, ExportStatus
from lumenpay.payments import directory as payments
from lumenpay.payments.directory import PaymentFilters, PaymentRow
from lumenpay.users import directory as users
from lumenpay.users.directory import UserRow
from lumenpay.users.narrowing import UserFilters

TOO_MANY_ROWS = "too_many_rows_for_xlsx"
TOO_LARGE = "too_large_for_zip"


class Step(StrEnum):
    """What is left to be done after a page."""

    MORE = "more"
    PUT_TOGETHER = "put_together"
    """All rows are there; they have to become a workbook."""
    NOTHING = "nothing"


async def write_page(session: TenantSession, export_id: UUID, *, now: datetime) -> Step:
    """Write the next rows of an export, unless it was canceled. Safe to repeat after a crash."""
    query = select(Export).where(Export.tenant_id == session.tenant_id, Export.id == export_id).with_for_update()
    export = (await session.execute(query.execution_options(populate_existing=True))).scalar_one_or_none()
    if export is None or export.status not in (ExportStatus.QUEUED, ExportStatus.RUNNING):
        return Step.NOTHING
    write = _write_whole if export.kind == ExportKind.WHOLE else _write_list
    return await write(session, export, now=now)


async def _write_list(session: TenantSession, export: Export, *, now: datetime) -> Step:
    file_format = ExportFormat(export.format)
    if export.status == ExportStatus.QUEUED:
        total = await _count(session, export)
        await move_export(session, export, ExportStatus.RUNNING, rows_total=total)
        if file_format is ExportFormat.XLSX and total > MAX_XLSX_ROWS:
            await move_export(session, export, ExportStatus.FAILED, problem=TOO_MANY_ROWS, finished_at=now)
            return Step.NOTHING
    if file_format is ExportFormat.XLSX and export.rows_total is not None and export.rows_done >= export.rows_total:
        return Step.PUT_TOGETHER
    rows = await _read(session, export)
    await _store(session, export, rows)
    if len(rows) == PAGE_ROWS:
        return Step.MORE
    # What came or went while it was being written is no reason to say that something is missing.
    export.rows_total = export.rows_done
    await session.flush()
    if file_format is ExportFormat.XLSX:
        return Step.PUT_TOGETHER
    await move_export(session, export, ExportStatus.DONE, finished_at=now)
    return Step.NOTHING


async def finish_workbook(session: TenantSession, export_id: UUID, *, size_bytes: int, now: datetime) -> None:
    """Make a workbook that is stored as a whole the file of its export."""
    export = await session.get(Export, (session.tenant_id, export_id))
    if export is None:
        return
    await drop_parts(session, export_id, is_file=False)
    if not await move_export(session, export, ExportStatus.DONE, size_bytes=size_bytes, finished_at=now):
        await drop_parts(session, export_id)


async def _write_whole(session: TenantSession, export: Export, *, now: datetime) -> Step:
    if export.status == ExportStatus.QUEUED:
        await move_export(session, export, ExportStatus.RUNNING, rows_total=await count_rows(session))
    try:
        if await write_piece(session, export):
            return Step.MORE
    except ArchiveTooLargeError:
        await drop_parts(session, export.id)
        await move_export(session, export, ExportStatus.FAILED, problem=TOO_LARGE, finished_at=now)
        return Step.NOTHING
    export.rows_total = export.rows_done
    await session.flush()
    await move_export(session, export, ExportStatus.DONE, finished_at=now)
    return Step.NOTHING


async def _count(session: TenantSession, export: Export) -> int:
    filters = FILTERS[ExportKind(export.kind)].validate_python(export.filters)
    if isinstance(filters, UserFilters):
        return await users.count_all(session, filters, now=export.created_at)
    return await payments.count_all(session, filters)


async def _read(session: TenantSession, export: Export) -> list[UserRow] | list[PaymentRow]:
    # By the moment of asking, so that "expires within a week" means the same on every page.
    filters: Any = FILTERS[ExportKind(export.kind)].validate_python(export.filters)
    after, limit = export.last_row_id, PAGE_ROWS
    if isinstance(filters, PaymentFilters):
        return await payments.list_after(session, filters, after=after, limit=limit)
    return await users.list_after(session, filters, after=after, limit=limit, now=export.created_at)


async def _store(session: TenantSession, export: Export, rows: list[UserRow] | list[PaymentRow]) -> None:
    kind, zone, is_first = ExportKind(export.kind), ZoneInfo(export.time_zone), export.rows_done == 0
    table = [read_cells(kind, row, export.columns, zone=zone) for row in rows]
    is_file = export.format != ExportFormat.XLSX
    body = _csv(export, table, is_first=is_first) if is_file else _json(export, table)
    if body:
        position = export.rows_done // PAGE_ROWS
        session.add(
            ExportPart(
                tenant_id=session.tenant_id, export_id=export.id, is_file=is_file, position=position, body=body
            )
        )  # fmt: skip
    export.rows_done += len(rows)
    if is_file:
        export.size_bytes += len(body)
    if rows:
        last = rows[-1]
        export.last_row_id = cast("UUID", last.user.id if isinstance(last, UserRow) else last.payment.id)
    await session.flush()


def _csv(export: Export, table: list[list[Cell]], *, is_first: bool) -> bytes:
    head = [list_titles(ExportKind(export.kind), export.columns, locale=export.locale)] if is_first else []
    text = write_csv([*head, *table], file_format=ExportFormat(export.format), locale=export.locale)
    return f"{BOM if is_first else ''}{text}".encode()


def _json(export: Export, table: list[list[Cell]]) -> bytes:
    if not table:
        return b""
    return orjson.dumps([[write_json_cell(cell, locale=export.locale) for cell in cells] for cells in table])
