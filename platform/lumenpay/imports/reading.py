"""Reading a whole file: a CSV of any common separator and encoding, or what Telegram Desktop writes of one chat."""

from __future__ import annotations

import codecs
import csv
import io
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import orjson

from lumenpay.imports.columns import Choice, Column, clean_heading, decide_fields, describe_columns
from lumenpay.imports.errors import ImportFileInvalidError
from lumenpay.imports.lines import Line, mark_repeated, read_line
from lumenpay.models.imports import ImportField, ImportKind

MAX_BYTES: Final = 700_000
MAX_LINES: Final = 5_000
_SEPARATORS = ";,\t|"


@dataclass(frozen=True, slots=True)
class Contents:
    """What a file holds: its lines with what is wrong with each, and of a CSV where it says what."""

    kind: ImportKind
    lines: list[Line]
    columns: list[Column] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Layout:
    """What is shown of a file before somebody says what its columns are; of a Telegram export nothing need be said."""

    kind: ImportKind
    columns: list[Column] = field(default_factory=list)
    has_headings: bool = True


def read_layout(content: bytes) -> Layout:
    """Return what columns a file has, with a guess for each.

    Raises:
        ImportFileInvalidError: `empty`, `too_large`, `too_many_lines`, `unreadable`, `several_chats` or `no_people`.
    """
    kind, text = _open(content)
    if kind is ImportKind.TELEGRAM:
        _read_people(text)
        return Layout(kind)
    rows = [cells for _, cells in _read_rows(text)]
    columns, has_headings = describe_columns(rows)
    if len(rows) == 1 and has_headings:
        raise ImportFileInvalidError("no_people")
    return Layout(kind, columns, has_headings)


def read_file(content: bytes, *, zone: ZoneInfo, now: datetime, choice: Choice | None = None) -> Contents:
    """Return what a file holds, its columns being what the owner says, or else what their headings say.

    Raises:
        ImportFileInvalidError: As above; without a choice also `no_person_column` or `column_twice`.
        ImportColumnsInvalidError: What the owner says of the columns cannot be meant.
    """
    choice = choice or Choice()
    kind, text = _open(content)
    columns: list[Column] = []
    if kind is ImportKind.TELEGRAM:
        found = enumerate(_read_people(text).items(), start=1)
        lines = [read_line(n, {"telegram_id": key, "name": name}, zone=zone, now=now) for n, (key, name) in found]
    else:
        rows = _read_rows(text)
        headings = [""] * max(len(cells) for _, cells in rows)
        if choice.has_headings:
            (_, first), *rows = rows
            headings[: len(first)] = first
        fields = decide_fields(headings, choice)
        columns = [Column(number, clean_heading(headings[number - 1]), name) for number, name in fields.items()]
        lines = [
            read_line(number, _pick(cells, fields), zone=zone, now=now, order=choice.date_order)
            for number, cells in rows
        ]
    if len(lines) > MAX_LINES:
        raise ImportFileInvalidError("too_many_lines")
    if not lines:
        raise ImportFileInvalidError("no_people")
    return Contents(kind, mark_repeated(lines), columns)


def _open(content: bytes) -> tuple[ImportKind, str]:
    if len(content) > MAX_BYTES:
        raise ImportFileInvalidError("too_large")
    text = _decode(content)
    if not text.strip():
        raise ImportFileInvalidError("empty")
    return (ImportKind.TELEGRAM if text.lstrip()[0] in "{[" else ImportKind.CSV), text


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


def _read_rows(text: str) -> list[tuple[int, list[str]]]:
    """Return the lines of a CSV that are not blank, each with its number as an editor shows it."""
    head = text.lstrip().splitlines()[0]
    separator = max(_SEPARATORS, key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[tuple[int, list[str]]] = []
    try:
        begun = 0
        for cells in reader:
            number, begun = begun + 1, reader.line_num
            if any(cell.strip() for cell in cells):
                rows.append((number, cells))
            if len(rows) > MAX_LINES + 1:
                raise ImportFileInvalidError("too_many_lines")
    except csv.Error as error:
        raise ImportFileInvalidError("unreadable") from error
    if not rows:
        raise ImportFileInvalidError("empty")
    return rows


def _pick(cells: list[str], fields: dict[int, ImportField]) -> dict[str, str]:
    return {name: cells[number - 1] for number, name in fields.items() if number <= len(cells)}


def _read_people(text: str) -> dict[str, str]:
    """Return the names of those whom a Telegram export tells of, by Telegram's keys for them."""
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
    return people


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
