"""Versions of what people edit: what somebody looked at is changed only while it is still so."""

from __future__ import annotations

import json
from collections.abc import Collection
from hashlib import sha256

from sqlalchemy import inspect
from sqlalchemy.orm import DeclarativeBase

from lumenpay.errors import ConflictError

VERSION_LENGTH = 24


class ChangedMeanwhileError(ConflictError):
    """Somebody has changed it since it was read: what was typed over the old state must not undo that."""

    code = "changed_meanwhile"


def version_of(row: DeclarativeBase, *more: object, without: Collection[str] = ()) -> str:
    """Return a short word that differs whenever a column of the row or one of the other facts does.

    Args:
        without: Columns that change by themselves, such as counters: nobody's edit is made from them.
    """
    keys = (column.key for column in inspect(type(row)).column_attrs)
    return version_of_facts({key: getattr(row, key) for key in keys if key not in without}, *more)


def version_of_facts(*facts: object) -> str:
    """Return a short word that differs whenever one of the facts does: plain values, and lists and dicts of them."""
    return sha256(json.dumps(facts, default=str, sort_keys=True).encode()).hexdigest()[:VERSION_LENGTH]


def require_version(present: str, expected: str | None) -> None:
    """Return if what somebody has read is still so, or if they do not care. The row has to be locked before.

    Raises:
        ChangedMeanwhileError: It has changed.
    """
    if expected is not None and expected != present:
        raise ChangedMeanwhileError
