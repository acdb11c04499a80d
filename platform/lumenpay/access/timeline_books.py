"""The shape that every book of the timeline is read in."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, Text, Uuid, cast, func, literal, select
from sqlalchemy.dialects.postgresql import JSONB


def read_book(at: Any, source: str, row_id: Any, action: Any, /, **details: Any) -> Select[Any]:  # noqa: ANN401 - columns
    """Return a SELECT of when something happened, the book that tells it, its row, what it was, and details."""
    pairs = [part for name, value in details.items() for part in (literal(name), value)]
    told = func.jsonb_strip_nulls(func.jsonb_build_object(*pairs)) if pairs else cast({}, JSONB)
    name = literal(action) if isinstance(action, str) else action
    return select(
        at.label("at"), cast(literal(source), Text).label("source"), cast(row_id, Uuid).label("id"),
        cast(name, Text).label("action"), told.label("details"),
    )  # fmt: skip
