"""Columns of a CSV: which one says what, guessed by its heading or said by hand, and what to show of each to choose."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from lumenpay.imports.errors import ImportColumnsInvalidError, ImportFileInvalidError
from lumenpay.imports.lines import DateOrder, is_somebody
from lumenpay.models.imports import ImportField
from lumenpay.users.rules import clean_name

MAX_COLUMNS: Final = 100
"""What stands further to the right is not offered."""
SAMPLES: Final = 3
_LONGEST_SAMPLE: Final = 60
_LONGEST_HEADING: Final = 64
TITLES: Final[dict[ImportField, tuple[str, ...]]] = {
    ImportField.TELEGRAM_ID: (
        "telegram_id", "telegram id", "tg_id", "tg id", "user_id", "user id", "id", "телеграм id", "id телеграм",
        "id telegram",
    ),
    ImportField.USERNAME: (
        "username", "user name", "telegram", "nick", "login", "имя пользователя", "юзернейм", "ник", "логин",
    ),
    ImportField.NAME: ("name", "first_name", "full name", "имя", "фио", "как зовут"),
    ImportField.ENDS_AT: (
        "ends_at", "ends at", "end", "until", "paid until", "paid_until", "expires", "expires_at", "date",
        "access until", "until what day", "до какого дня", "до какого дня доступ", "до какого числа", "доступ до даты",
        "конец", "действует до", "оплачен до", "оплачено до", "до", "дата", "дата окончания", "окончание", "доступ до",
        "срок",
    ),
    ImportField.NOTE: ("note", "comment", "заметка", "комментарий", "примечание"),
    ImportField.TAG: ("tag", "label", "тег", "метка"),
}  # fmt: skip
"""Headings by which a column is known, in lower case."""
_KNOWN: Final = {title: name for name, titles in TITLES.items() for title in titles}
_PERSON: Final = frozenset({ImportField.TELEGRAM_ID, ImportField.USERNAME})
_SLASHED_DAY = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](?:\d{4}|\d{2})(?!\d)")
_MONTHS: Final = 12


class DateHint(StrEnum):
    """What the dates of a column tell of their order; those that begin with the year tell nothing and need nothing."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"
    EITHER = "either"
    """No day of them is after the twelfth: only the owner knows."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What the owner said of a file: `fields` by the number of the column, counted from 1; without them we guess."""

    fields: Sequence[tuple[int, ImportField | None]] | None = None
    has_headings: bool = True
    date_order: DateOrder = DateOrder.DAY_FIRST


@dataclass(frozen=True, slots=True)
class Column:
    """One column as it is shown to whoever says what it is."""

    number: int
    heading: str
    field: ImportField | None
    samples: tuple[str, ...] = ()
    """The first values that differ, shortened."""
    date_hint: DateHint | None = None


def decide_fields(headings: Sequence[str], choice: Choice) -> dict[int, ImportField]:
    """Return what each column of a file says, by its number, where it says anything.

    Raises:
        ImportFileInvalidError: Nothing was said by hand, and the headings name no person, or one thing twice.
        ImportColumnsInvalidError: What was said names no person, or a thing or a column twice, or a column too many.
    """
    if choice.fields is not None:
        return _require_sound(choice.fields, width=len(headings))
    guessed = {number: name for number, name in enumerate(map(_guess, headings), start=1) if name is not None}
    found = list(guessed.values())
    if not _PERSON & set(found):
        raise ImportFileInvalidError("no_person_column")
    if len(found) != len(set(found)):
        raise ImportFileInvalidError("column_twice")
    return guessed


def describe_columns(rows: Sequence[Sequence[str]]) -> tuple[list[Column], bool]:
    """Return the columns of a file with a guess for each, and whether its first line seems to hold headings."""
    first, rest = rows[0], rows[1:]
    taken: set[ImportField] = set()
    columns = []
    for index in range(min(max(map(len, rows)), MAX_COLUMNS)):
        heading = first[index] if index < len(first) else ""
        values = [row[index].strip() for row in rest if index < len(row) and row[index].strip()]
        name = _guess(heading)
        columns.append(
            Column(
                index + 1, clean_heading(heading), name if name not in taken else None,
                samples=tuple(clean_name(value, limit=_LONGEST_SAMPLE) for value in [*dict.fromkeys(values)][:SAMPLES]),
                date_hint=_read_hint(values),
            )
        )  # fmt: skip
        taken |= {name} if name is not None else set()
    # A file that begins with a person must not lose that one as if it were headings.
    return columns, bool(taken) or not any(is_somebody(cell) for cell in first)


def clean_heading(text: str) -> str:
    """Return a heading as it is shown and kept."""
    return clean_name(text.strip().removeprefix("'"), limit=_LONGEST_HEADING)


def _guess(heading: str) -> ImportField | None:
    return _KNOWN.get(" ".join(heading.lower().removeprefix("'").split()))


def _require_sound(chosen: Sequence[tuple[int, ImportField | None]], *, width: int) -> dict[int, ImportField]:
    problems: dict[str, str] = {}
    found: dict[int, ImportField] = {}
    for place, (number, name) in enumerate(chosen):
        if number > width:
            problems[f"columns.{place}.column"] = "no_such_column"
        elif number in found:
            problems[f"columns.{place}.column"] = "column_chosen_twice"
        elif name is not None and name in found.values():
            problems[f"columns.{place}.field"] = "field_chosen_twice"
        elif name is not None:
            found[number] = name
    found = dict(sorted(found.items()))
    if not problems and not _PERSON & set(found.values()):
        problems["columns"] = "no_person_chosen"
    if problems:
        raise ImportColumnsInvalidError(fields=problems)
    return found


def _read_hint(values: Sequence[str]) -> DateHint | None:
    days = [(int(match[1]), int(match[2])) for match in map(_SLASHED_DAY.match, values) if match]
    if not days:
        return None
    of_days = sum(first > _MONTHS for first, _ in days)
    of_months = sum(second > _MONTHS for _, second in days)
    if of_days == of_months == 0:
        return DateHint.EITHER
    return DateHint.MONTH_FIRST if of_months > of_days else DateHint.DAY_FIRST


def name_column(columns: Sequence[Mapping[str, object]] | None, name: ImportField | None, *, locale: str) -> str:
    """Return the words by which an owner knows the column that says a thing; empty where the file has none."""
    for column in columns or ():
        if name is not None and column["field"] == name:
            words = f"«{column['heading']}»" if column["heading"] else str(column["column"])
            return f"столбец {words}" if locale == "ru" else f"column {words.replace('«', '“').replace('»', '”')}"
    return ""
