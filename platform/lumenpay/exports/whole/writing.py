"""Writing a whole export: the next rows of the next files, one transaction a piece."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter
from sqlalchemy import func, select, tuple_

from lumenpay.db.session import TenantSession
from lumenpay.exports.rules import BOM, PAGE_ROWS, Cell, write_csv
from lumenpay.exports.whole import readme
from lumenpay.exports.whole.archive import MAX_BYTES, Entry, add_to_entry, begin_entry, end_archive, end_entry
from lumenpay.exports.whole.catalogue import FILES
from lumenpay.exports.whole.cells import read_cells
from lumenpay.exports.whole.files import WholeFile
from lumenpay.models.admins import Admin
from lumenpay.models.exports import Export, ExportFormat, ExportPart
from lumenpay.tenants.repository import get_own_tenant

MAX_FILE_ROWS: Final = 1_000_000
"""As many as a spreadsheet takes, with its head."""
_MARGIN_BYTES: Final = 64 * 1024 * 1024
"""More than a page and the table of contents can come to."""
_MAX_FILE_BYTES: Final = 2 * 1024**3


class ArchiveTooLargeError(Exception):
    """More than an archive can hold."""


@dataclass(slots=True)
class Progress:
    """Where the writing stands, as it is kept between two pieces."""

    file: int = 0
    """Which of `FILES` is next, or being written."""
    after: list[Any] = field(default_factory=list)
    """Key of the last row of it; empty before the first."""
    part: int = 1
    """Which part of it: one that is too long goes on in another file."""
    is_open: bool = False
    entries: list[Entry] = field(default_factory=list)

    @classmethod
    def read(cls, kept: dict[str, Any] | None) -> Progress:
        """Return what was kept; the beginning where nothing was."""
        values = dict(kept or {})
        return cls(**values | {"entries": [Entry(**entry) for entry in values.pop("entries", [])]})


async def count_rows(session: TenantSession) -> int:
    """Return how many rows the files will have."""
    total = 0
    for file in FILES:
        query = select(func.count()).select_from(file.model).where(file.model.tenant_id == session.tenant_id)
        total += (await session.execute(query)).scalar_one()
    return total


async def write_piece(session: TenantSession, export: Export, *, max_file_rows: int = MAX_FILE_ROWS) -> bool:
    """Write the next rows of the archive; tell whether there is more.

    Raises:
        ArchiveTooLargeError: The archive would not be one any more.
    """
    progress, out = Progress.read(export.progress), io.BytesIO()
    room = PAGE_ROWS
    while room > 0 and progress.file < len(FILES):
        room -= await _write_rows(session, export, progress, out, room=room, max_file_rows=max_file_rows)
    is_over = progress.file == len(FILES)
    if is_over:
        await _write_end(session, export, progress, out, max_file_rows=max_file_rows)
    written = out.getvalue()
    if export.size_bytes + len(written) > MAX_BYTES - _MARGIN_BYTES:
        raise ArchiveTooLargeError
    position = export.rows_done // PAGE_ROWS
    export.rows_done += PAGE_ROWS - room
    session.add(
        ExportPart(tenant_id=session.tenant_id, export_id=export.id, is_file=True, position=position, body=written)
    )
    export.size_bytes += len(written)
    export.progress = asdict(progress)
    await session.flush()
    return not is_over


async def _write_rows(
    session: TenantSession, export: Export, progress: Progress, out: io.BytesIO, *, room: int, max_file_rows: int
) -> int:
    file = FILES[progress.file]
    wanted = min(room, max_file_rows - (progress.entries[-1].rows if progress.is_open else 0))
    rows = await _read_rows(session, file, progress.after, limit=wanted)
    if rows and not progress.is_open:
        _begin(export, progress, out, _name(file, progress.part))
        _add(progress, out, BOM.encode() + _csv(export, [file.list_titles()]))
    if rows:
        cells = [read_cells(file, row, zone=ZoneInfo(export.time_zone)) for row in rows]
        _add(progress, out, _csv(export, cells), rows=len(rows))
        key = [getattr(rows[-1], f"key_{column.name}") for column in file.list_keys()]
        progress.after = [value if isinstance(value, bool | int) else str(value) for value in key]
    if len(rows) < wanted:
        _end(progress, out)
        progress.file, progress.after, progress.part = progress.file + 1, [], 1
    elif progress.entries[-1].rows >= max_file_rows or progress.entries[-1].size > _MAX_FILE_BYTES:
        _end(progress, out)
        progress.part += 1
    return len(rows)


async def _read_rows(session: TenantSession, file: WholeFile, after: Sequence[Any], *, limit: int) -> Sequence[Any]:
    keys, model = file.list_keys(), file.model
    query = select(*file.list_columns(), *(key.label(f"key_{key.name}") for key in keys))
    if file.named_by:
        query = query.add_columns(Admin.name.label("admin_name"), Admin.email.label("admin_email"))
        query = query.join(Admin, Admin.id == getattr(model, file.named_by))
    query = query.where(model.tenant_id == session.tenant_id)
    if after:
        types = [TypeAdapter(key.type.python_type) for key in keys]
        values = [known.validate_python(value) for known, value in zip(types, after, strict=True)]
        query = query.where(tuple_(*keys) > tuple_(*values))
    return (await session.execute(query.order_by(*keys).limit(limit))).all()


async def _write_end(
    session: TenantSession, export: Export, progress: Progress, out: io.BytesIO, *, max_file_rows: int
) -> None:
    tenant, asked = await get_own_tenant(session), _asked(export)
    text = readme.write_readme(
        export, progress.entries, project=tenant.name, asked=f"{asked:%Y-%m-%d %H:%M}", most_rows=max_file_rows
    )
    _begin(export, progress, out, readme.NAME)
    _add(progress, out, text)
    _end(progress, out)
    out.write(end_archive(progress.entries, at=export.size_bytes + out.tell(), moment=asked))


def _begin(export: Export, progress: Progress, out: io.BytesIO, name: str) -> None:
    entry = Entry(name, begins_at=export.size_bytes + out.tell())
    out.write(begin_entry(entry, moment=_asked(export)))
    progress.entries.append(entry)
    progress.is_open = True


def _add(progress: Progress, out: io.BytesIO, data: bytes, *, rows: int = 0) -> None:
    entry = progress.entries[-1]
    out.write(add_to_entry(entry, data))
    entry.rows += rows


def _end(progress: Progress, out: io.BytesIO) -> None:
    if progress.is_open:
        out.write(end_entry(progress.entries[-1]))
    progress.is_open = False


def _name(file: WholeFile, part: int) -> str:
    return f"{file.name}.csv" if part == 1 else f"{file.name}-{part}.csv"


def _asked(export: Export) -> datetime:
    return export.created_at.astimezone(ZoneInfo(export.time_zone))


def _csv(export: Export, table: Sequence[Sequence[Cell]]) -> bytes:
    return write_csv(table, file_format=ExportFormat(export.format), locale=export.locale).encode("utf-8")
