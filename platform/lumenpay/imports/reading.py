"""Reading a whole file: a CSV of any common separator and encoding, or what Telegram Desktop writes of one chat."""

from __future__ import annotations

import codecs
import csv
import io
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import orjson

from lumenpay.imports.errors import ImportFileInvalidError
from lumenpay.imports.lines import Line, mark_repeated, read_line
from lumenpay.models.imports import ImportKind

MAX_BYTES: Final = 700_000
MAX_LINES: Final = 5_000
COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "telegram_id": (
        "telegram_id", "telegram id", "tg_id", "tg id", "user_id", "user id", "id", "телеграм id", "id телеграм",
        "id telegram",
    ),
    "username": ("username", "user name", "telegram", "nick", "login", "имя пользователя", "юзернейм", "ник", "логин"),
    "name": ("name", "first_name", "full name", "имя", "фио", "как зовут"),
    "ends_at": (
        "ends_at", "ends at", "end", "until", "paid until", "paid_until", "expires", "expires_at", "date",
        "access until", "оплачено до", "до", "дата", "дата окончания", "окончание", "доступ до", "срок",
    ),
    "note": ("note", "comment", "заметка", "комментарий", "примечание"),
    "tag": ("tag", "label", "тег", "метка"),
}  # fmt: skip
"""Titles by which a column is known, in lower case."""
_SEPARATORS = ";,\t|"


def read_file(content: bytes, *, zone: ZoneInfo, now: datetime) -> tuple[ImportKind, list[Line]]:
    """Return what kind of file it is, and its lines with what is wrong with each.

    Raises:
        ImportFileInvalidError: `empty`, `too_large`, `too_many_lines`, `unreadable`, `no_person_column`,
            `column_twice`, `several_chats` or `no_people`.
    """
    if len(content) > MAX_BYTES:
        raise ImportFileInvalidError("too_large")
    text = _decode(content)
    if not text.strip():
        raise ImportFileInvalidError("empty")
    if text.lstrip()[0] in "{[":
        kind, lines = ImportKind.TELEGRAM, _read_telegram(text, zone=zone, now=now)
    else:
        kind, lines = ImportKind.CSV, _read_csv(text, zone=zone, now=now)
    if len(lines) > MAX_LINES:
        raise ImportFileInvalidError("too_many_lines")
    if not lines:
        raise ImportFileInvalidError("no_people")
    return kind, mark_repeated(lines)


def _decode(content: bytes) -> str:
    encodings = ["utf-8-sig", "cp1251"]
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise ImportFileInvalidError("unreadable")


def _read_csv(text: str, *, zone: ZoneInfo, now: datetime) -> list[Line]:
    head = text.lstrip().splitlines()[0]
    separator = max(_SEPARATORS, key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    names: list[str | None] | None = None
    lines: list[Line] = []
    try:
        begun = 0
        for cells in reader:
            number, begun = begun + 1, reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if names is None:
                names = _read_titles(cells)
                continue
            known = {name: cell for name, cell in zip(names, cells, strict=False) if name is not None}
            lines.append(read_line(number, known, zone=zone, now=now))
            if len(lines) > MAX_LINES:
                break
    except csv.Error as error:
        raise ImportFileInvalidError("unreadable") from error
    return lines


def _read_titles(cells: list[str]) -> list[str | None]:
    known = {title: name for name, titles in COLUMNS.items() for title in titles}
    names = [known.get(" ".join(cell.lower().removeprefix("'").split())) for cell in cells]
    found = [name for name in names if name is not None]
    if not {"telegram_id", "username"} & set(found):
        raise ImportFileInvalidError("no_person_column")
    if len(found) != len(set(found)):
        raise ImportFileInvalidError("column_twice")
    return names


def _read_telegram(text: str, *, zone: ZoneInfo, now: datetime) -> list[Line]:
    try:
        export = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise ImportFileInvalidError("unreadable") from error
    if isinstance(export, dict) and "chats" in export:
        raise ImportFileInvalidError("several_chats")
    messages = export.get("messages") if isinstance(export, dict) else None
    if not isinstance(messages, list):
        raise ImportFileInvalidError("unreadable")
    people: dict[str, str] = {}
    for message in messages:
        for key, name in _read_authors(message):
            people[key] = name or people.get(key, "")
    found = enumerate(people.items(), start=1)
    return [read_line(n, {"telegram_id": key, "name": name}, zone=zone, now=now) for n, (key, name) in found]


def _read_authors(message: Any) -> list[tuple[str, str]]:  # noqa: ANN401 - somebody else's JSON
    """Return who wrote a message or did what it tells of: `user` and a number, and a name. Channels are nobody."""
    if not isinstance(message, dict):
        return []
    pairs = ((message.get("from_id"), message.get("from")), (message.get("actor_id"), message.get("actor")))
    return [
        (key, name if isinstance(name, str) else "")
        for key, name in pairs
        if isinstance(key, str) and key.startswith("user")
    ]
