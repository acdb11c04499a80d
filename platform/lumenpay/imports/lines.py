"""One line of a list: what it says of a person, each field checked by itself."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from lumenpay.models.imports import ImportField
from lumenpay.users.rules import MAX_TAG_LENGTH, clean_name, clean_tag

LONGEST_DAYS: Final = 3660
MAX_NOTE: Final = 2_000
_MAX_TELEGRAM_ID: Final = 2**52
_DIGITS = re.compile(r"[0-9]{1,16}")
_LONG_ID = re.compile(r"(?:user)?[0-9]{5,16}")
_USERNAME = re.compile(r"[a-z][a-z0-9_]{3,31}")
_LINK = re.compile(r"^(?:https?://)?(?:t\.me|telegram\.me)/", re.IGNORECASE)
_LOCAL = re.compile(
    r"(?:(?P<year>\d{4})[-./](?P<second>\d{1,2})[-./](?P<third>\d{1,2})"
    r"|(?P<a>\d{1,2})[-./](?P<b>\d{1,2})[-./](?P<c>\d{4}|\d{2}))"
    r"(?P<clock>[ T]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<seconds>\d{2}))?\s*(?P<half>[AaPp][Mm])?)?",
    re.ASCII,
)
_CENTURY: Final = 2000
_NOON: Final = 12
PROBLEM_FIELDS: Final = {
    "telegram_id_unreadable": ImportField.TELEGRAM_ID, "username_unreadable": ImportField.USERNAME,
    "date_unreadable": ImportField.ENDS_AT, "date_too_far": ImportField.ENDS_AT, "date_past": ImportField.ENDS_AT,
    "note_too_long": ImportField.NOTE, "tag_too_long": ImportField.TAG,
}  # fmt: skip
"""In which column the cause of a problem stands, where it stands in one."""


class DateOrder(StrEnum):
    """How `02/03/2026` is meant. Dates that begin with the year are the same in both."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"


@dataclass(frozen=True, slots=True)
class Line:
    """What a line says; with a problem it is passed over."""

    number: int
    telegram_id: int | None = None
    username: str | None = None
    name: str = ""
    until_at: datetime | None = None
    note: str = ""
    tag: str = ""
    problem: str = ""
    is_repeated: bool = False


def read_line(
    number: int, cells: dict[str, str], *, zone: ZoneInfo, now: datetime, order: DateOrder = DateOrder.DAY_FIRST
) -> Line:
    """Return what the cells of a line say: `telegram_id`, `username`, `name`, `ends_at`, `note`, `tag`.

    Args:
        zone: Of dates without an offset.
    """
    # A spreadsheet's guard against formulas, as our own exports write it.
    cells = {name: cell.strip().removeprefix("'").strip() for name, cell in cells.items()}
    line = Line(number, name=clean_name(cells.get("name")))
    try:
        telegram_id = _read_id(cells.get("telegram_id", ""))
        username = _read_username(cells.get("username", ""))
        line = replace(line, telegram_id=telegram_id, username=username)
        if telegram_id is None and username is None:
            return replace(line, problem="nobody")
        tag, note = clean_tag(cells.get("tag", "")), _printable(cells.get("note", ""))
        if len(tag) > MAX_TAG_LENGTH:
            return replace(line, problem="tag_too_long")
        if len(note) > MAX_NOTE:
            return replace(line, problem="note_too_long")
        until_at = read_moment(cells.get("ends_at", ""), zone=zone, order=order)
    except ValueError as error:
        return replace(line, problem=str(error))
    if until_at is not None and until_at > now + timedelta(days=LONGEST_DAYS):
        return replace(line, problem="date_too_far")
    return replace(line, tag=tag, note=note, until_at=until_at)


def read_moment(text: str, *, zone: ZoneInfo, order: DateOrder = DateOrder.DAY_FIRST) -> datetime | None:
    """Return the moment that a date means, in UTC; None for an empty text. A day without a time counts to its end.

    Raises:
        ValueError: `date_unreadable`.
    """
    if not text:
        return None
    try:
        if (match := _LOCAL.fullmatch(text)) is not None:
            local = _read_local(match, order=order)
            return _to_utc(local, zone=zone) if match["clock"] else _end_of(local.date(), zone=zone)
        exact = datetime.fromisoformat(text)
        if exact.tzinfo is not None:
            return exact.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError("date_unreadable") from error
    raise ValueError("date_unreadable")


def is_somebody(text: str) -> bool:
    """Tell whether a cell can only be a person: an id of Telegram's usual length, a @name, or a link to one."""
    text = text.strip().removeprefix("'")
    return bool(_LONG_ID.fullmatch(text) or text.startswith("@") or _LINK.match(text))


def mark_repeated(lines: list[Line]) -> list[Line]:
    """Return the lines with those marked whose person stands further up."""
    seen: set[int | str] = set()
    marked: list[Line] = []
    for line in lines:
        keys = {key for key in (line.telegram_id, line.username) if key is not None} if not line.problem else set()
        marked.append(replace(line, is_repeated=not keys.isdisjoint(seen)))
        seen |= keys
    return marked


def _read_local(match: re.Match[str], *, order: DateOrder) -> datetime:
    if match["year"]:
        year, month, day = int(match["year"]), int(match["second"]), int(match["third"])
    else:
        day, month = int(match["a"]), int(match["b"])
        if order is DateOrder.MONTH_FIRST:
            day, month = month, day
        year = int(match["c"]) if len(match["c"]) > 2 else _CENTURY + int(match["c"])  # noqa: PLR2004 - two digits
    hour = int(match["hour"] or 0)
    if match["half"]:
        if not 1 <= hour <= _NOON:
            raise ValueError("date_unreadable")
        hour = hour % _NOON + (_NOON if match["half"].lower() == "pm" else 0)
    return datetime(year, month, day, hour, int(match["minute"] or 0), int(match["seconds"] or 0))  # noqa: DTZ001 - the zone follows


def _to_utc(local: datetime, *, zone: ZoneInfo) -> datetime:
    return local.replace(tzinfo=zone).astimezone(UTC)


def _end_of(day: date, *, zone: ZoneInfo) -> datetime:
    return _to_utc(datetime.combine(day + timedelta(days=1), time()), zone=zone)


def _read_id(text: str) -> int | None:
    if not text:
        return None
    digits = text.lower().removeprefix("user").removesuffix(".0")
    if not _DIGITS.fullmatch(digits) or not 0 < int(digits) < _MAX_TELEGRAM_ID:
        raise ValueError("telegram_id_unreadable")
    return int(digits)


def _read_username(text: str) -> str | None:
    if not text:
        return None
    name = _LINK.sub("", text).removeprefix("@").rstrip("/").lower()
    if not _USERNAME.fullmatch(name):
        raise ValueError("username_unreadable")
    return name


def _printable(text: str) -> str:
    return "".join(part if part.isprintable() or part == "\n" else " " for part in text).strip()
