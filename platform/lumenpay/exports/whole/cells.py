"""What stands in the cells of a whole export: the columns of a table as people and spreadsheets read them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson
from sqlalchemy.dialects.postgresql import TSTZRANGE

from lumenpay.exports.rules import Cell
from lumenpay.exports.whole.files import WholeFile
from lumenpay.kit.money import minor_digits


def read_cells(file: WholeFile, row: Any, *, zone: ZoneInfo) -> list[Cell]:  # noqa: ANN401 - a row of any table
    """Return the values of a row under the titles of its file; moments as the clock on the wall shows them."""
    currency = getattr(row, "currency", None)
    cells: list[Cell] = []
    for column in file.list_columns():
        value = getattr(row, column.name)
        if isinstance(column.type, TSTZRANGE):
            cells += _read_ends(value, zone)
        elif column.name.endswith("_minor"):
            cells.append(None if value is None else Decimal(value).scaleb(-minor_digits(currency or "")))
        elif column.name == "telegram_id":
            # Below zero it is of somebody forgotten: a random number, which says nothing.
            cells.append(None if value is None or value < 0 else str(value))
        else:
            cells.append(_read(value, zone))
    return [*cells, row.admin_name, row.admin_email] if file.named_by else cells


def _read(value: Any, zone: ZoneInfo) -> Cell:  # noqa: ANN401 - whatever a column holds
    if isinstance(value, datetime):
        return _local(value, zone)
    if isinstance(value, list | dict):
        return orjson.dumps(value, default=str).decode()
    if isinstance(value, UUID | date):
        return str(value)
    cell: Cell = value
    return cell


def _read_ends(value: Any, zone: ZoneInfo) -> Iterator[Cell]:  # noqa: ANN401 - a stretch of time, or none
    for end in (None, None) if value is None else (value.lower, value.upper):
        yield None if end is None else _local(end, zone)


def _local(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None, microsecond=0)
