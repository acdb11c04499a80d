"""One line of a list: what it says of a person, each field checked by itself."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from lumenpay.users.rules import MAX_TAG_LENGTH, clean_name, clean_tag

LONGEST_DAYS: Final = 3660
MAX_NOTE: Final = 2_000
_MAX_TELEGRAM_ID: Final = 2**52
_DIGITS = re.compile(r"[0-9]{1,16}")
_USERNAME = re.compile(r"[a-z][a-z0-9_]{3,31}")
_LINK = re.compile(r"^(?:https?://)?(?:t\.me|telegram\.me)/", re.IGNORECASE)
_DAYS = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y")
_TIMES = ("", " %H:%M", " %H:%M:%S")


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


def read_line(number: int, cells: dict[str, str], *, zone: ZoneInfo, now: datetime) -> Line:
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
        until_at = read_moment(cells.get("ends_at", ""), zone=zone)
    except ValueError as error:
        return replace(line, problem=str(error))
    if until_at is not None and until_at > now + timedelta(days=LONGEST_DAYS):
        return replace(line, problem="date_too_far")
    return replace(line, tag=tag, note=note, until_at=until_at)


def read_moment(text: str, *, zone: ZoneInfo) -> datetime | None:
    """Return the moment that a date means, in UTC; None for an empty text. A day without a time counts to its end.

    Raises:
        ValueError: `date_unreadable`.
    """
    if not text:
        return None
    for day in _DAYS:
        for clock in _TIMES:
            try:
                found = datetime.strptime(text.replace("T", " "), day + clock)  # noqa: DTZ007 - the zone follows
            except ValueError:
                continue
            return _to_utc(found, zone=zone) if clock else _end_of(found.date(), zone=zone)
    try:
        exact = datetime.fromisoformat(text)
        if exact.tzinfo is not None:
            return exact.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise ValueError("date_unreadable")


def mark_repeated(lines: list[Line]) -> list[Line]:
    """Return the lines with those marked whose person stands further up."""
    seen: set[int | str] = set()
    marked: list[Line] = []
    for line in lines:
        keys = {key for key in (line.telegram_id, line.username) if key is not None} if not line.problem else set()
        marked.append(replace(line, is_repeated=not keys.isdisjoint(seen)))
        seen |= keys
    return marked


def _to_utc(local: datetime, *, zone: ZoneInfo) -> datetime:
    try:
        return local.replace(tzinfo=zone).astimezone(UTC)
    except OverflowError as error:
        raise ValueError("date_unreadable") from error


def _end_of(day: date, *, zone: ZoneInfo) -> datetime:
    try:
        return _to_utc(datetime.combine(day + timedelta(days=1), time()), zone=zone)
    except OverflowError as error:
        raise ValueError("date_unreadable") from error


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
