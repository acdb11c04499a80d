"""What narrows a list: conditions that are there only when somebody asked for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from lumenpay.db.cursors import Cursor


@dataclass(frozen=True, slots=True)
class Span:
    """Moments from the first, included, until the last, not included; an empty end is open."""

    from_at: datetime | None = None
    until_at: datetime | None = None


ANY_TIME = Span()


def within(column: InstrumentedAttribute[Any], span: Span) -> list[ColumnElement[bool]]:
    """Return the conditions that keep a moment inside a span."""
    conditions = []
    if span.from_at is not None:
        conditions.append(column >= span.from_at)
    if span.until_at is not None:
        conditions.append(column < span.until_at)
    return conditions


def equal(values: dict[InstrumentedAttribute[Any], object]) -> list[ColumnElement[bool]]:
    """Return a condition for each column whose value is given."""
    return [column == value for column, value in values.items() if value is not None]


def containing(text: str | None, *columns: InstrumentedAttribute[Any]) -> list[ColumnElement[bool]]:
    """Return the condition that one of the columns contains a text, in any case; a `%` is only a percent sign."""
    if not text:
        return []
    return [or_(*(column.ilike(pattern_of(text)) for column in columns))]


def pattern_of(text: str) -> str:
    """Return the pattern of LIKE that finds a text anywhere."""
    return "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"


def after_cursor(
    moment: InstrumentedAttribute[Any], key: InstrumentedAttribute[Any], after: Cursor | None
) -> list[ColumnElement[bool]]:
    """Return the condition that goes on after a row of a list that shows the newest first."""
    return [] if after is None else [tuple_(moment, key) < tuple_(after.at, after.id)]
