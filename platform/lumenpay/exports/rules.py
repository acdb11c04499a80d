"""Pure rules of exports: legal moves, and cells that no spreadsheet takes for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from lumenpay.models.exports import ExportFormat, ExportKind, ExportStatus

KEPT = timedelta(hours=24)
MAX_UNFINISHED = 3
PAGE_ROWS = 1_000
MAX_XLSX_ROWS = 200_000
"""A workbook is put together in one go; longer lists are for CSV."""
TRANSITIONS = {
    ExportStatus.QUEUED: frozenset({ExportStatus.RUNNING, ExportStatus.CANCELED}),
    ExportStatus.RUNNING: frozenset({ExportStatus.DONE, ExportStatus.CANCELED, ExportStatus.FAILED}),
}
BOM = "\ufeff"
"""Without it a spreadsheet takes a CSV for an old encoding."""
_FORMULA = frozenset("=+-@\t\r\n|%")
_WORDS = {"ru": ("да", "нет"), "en": ("yes", "no")}

Cell = str | int | bool | Decimal | datetime | None


def sources_of(status: ExportStatus) -> list[ExportStatus]:
    """Return the states from which an export can come into this one."""
    return [source for source, targets in TRANSITIONS.items() if status in targets]


def guard_formula(text: str) -> str:
    """Return the text with `'` before it if a spreadsheet might take it for a formula."""
    is_risky = bool(text) and (text[0] in _FORMULA or text.lstrip()[:1] in _FORMULA)
    return f"'{text}" if is_risky else text


def write_csv_cell(cell: Cell, *, file_format: ExportFormat, locale: str) -> str:
    """Return a value as it stands in a CSV; moments are local already."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return _WORDS[locale][0 if cell else 1]
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(cell, Decimal):
        text = format(cell, "f")
        return text.replace(".", ",") if file_format is ExportFormat.CSV_SEMICOLON else text
    return str(cell) if isinstance(cell, int) else guard_formula(cell)


def write_csv(table: Sequence[Sequence[Cell]], *, file_format: ExportFormat, locale: str) -> str:
    """Return rows as they stand in a CSV.

    Everything is quoted: a file that is read with the wrong separator does not fall apart into other cells.
    """
    text = io.StringIO(newline="")
    delimiter = ";" if file_format is ExportFormat.CSV_SEMICOLON else ","
    writer = csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    for cells in table:
        writer.writerow([write_csv_cell(cell, file_format=file_format, locale=locale) for cell in cells])
    return text.getvalue()


def write_json_cell(cell: Cell, *, locale: str) -> object:
    """Return a value as it waits for being put into a workbook."""
    if isinstance(cell, bool):
        return _WORDS[locale][0 if cell else 1]
    if isinstance(cell, datetime):
        return {"at": cell.isoformat()}
    return float(cell) if isinstance(cell, Decimal) else cell


def file_name(kind: str, file_format: ExportFormat, *, created_at: datetime) -> str:
    """Return what the file is called when it is saved."""
    if kind == ExportKind.WHOLE:
        return f"project-{created_at:%Y-%m-%d-%H%M}.zip"
    ending = "xlsx" if file_format is ExportFormat.XLSX else "csv"
    return f"{kind}-{created_at:%Y-%m-%d-%H%M}.{ending}"
