"""What a file of the whole export is: a table, the columns that are in it and those that are not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column
from sqlalchemy.dialects.postgresql import TSTZRANGE


@dataclass(frozen=True, slots=True)
class WholeFile:
    """One CSV: each row of a table, in the order of its key."""

    name: str
    """Of the file, without its ending."""
    model: Any
    ru: str
    en: str
    """What is in it, for the README."""
    columns: str
    """In this order, but `tenant_id`."""
    withheld: str = ""
    """Columns that are left out: secrets, and how the product keeps its own order."""
    named_by: str = ""
    """Column with the id of an admin, whose name and address follow."""

    def list_columns(self) -> list[Column[Any]]:
        """Return the columns that are read of the table."""
        table = self.model.__table__.columns
        return [table[name] for name in self.columns.split()]

    def list_keys(self) -> list[Column[Any]]:
        """Return the columns by which the tenant's rows are told apart, in order."""
        return [column for column in self.model.__table__.primary_key.columns if column.name != "tenant_id"]

    def list_titles(self) -> list[str]:
        """Return the head of the file: a sum is called without its unit, a stretch of time is two columns."""
        titles = []
        for column in self.list_columns():
            if isinstance(column.type, TSTZRANGE):
                titles += [f"{column.name}_from", f"{column.name}_until"]
            else:
                titles.append(column.name.removesuffix("_minor"))
        return [*titles, *(("name", "email") if self.named_by else ())]
