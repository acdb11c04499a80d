"""Telegram HTML as Telegram's own server reads it: its tags, its four named characters, lengths in UTF-16 units."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from lumenpay.kit.text import utf16_length

TAGS: Final = frozenset({
    "b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "tg-spoiler", "span", "a", "code", "pre", "blockquote",
    "tg-emoji",
})  # fmt: skip
_CHARACTERS: Final = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_LAST_CHARACTER: Final = 0x10FFFF
_ATTRIBUTE = r"""\s+[A-Za-z][A-Za-z0-9-]*(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+))?"""
_PART = re.compile(
    rf"""
    </(?P<closed>[A-Za-z][A-Za-z0-9-]*)\s*>
    | <(?P<opened>[A-Za-z][A-Za-z0-9-]*)(?P<attributes>(?:{_ATTRIBUTE})*)\s*>
    | (?P<character>&(?:(?P<name>lt|gt|amp|quot)|\#(?P<decimal>\d{{1,7}})|\#x(?P<hex>[0-9A-Fa-f]{{1,6}}));?)
    | (?P<plain>[^<&]+|&)
    | (?P<stray></?[A-Za-z][A-Za-z0-9-]*|<)
    """,
    re.VERBOSE,
)
_PAIR = re.compile(r"""\s+([A-Za-z][A-Za-z0-9-]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of Telegram HTML: visible text, a tag that opens or closes, or a `<` that begins neither."""

    source: str
    text: str = ""
    opened: str = ""
    closed: str = ""
    attributes: tuple[tuple[str, str], ...] = ()
    is_stray: bool = False


def read_parts(html: str) -> Iterator[Part]:
    """Yield the pieces of a text; put together, their sources are the text."""
    for match in _PART.finditer(html):
        source = match.group()
        if match["stray"]:
            yield Part(source, is_stray=True)
        elif match["opened"]:
            yield Part(source, opened=match["opened"].lower(), attributes=_read_attributes(match["attributes"]))
        elif match["closed"]:
            yield Part(source, closed=match["closed"].lower())
        else:
            yield Part(source, text=_read_character(match) if match["character"] else source)


def visible_text(html: str) -> str:
    """Return what a reader of the message sees, without formatting."""
    return "".join(part.text for part in read_parts(html))


def visible_length(html: str) -> int:
    """Return the length as Telegram counts it: without tags, in UTF-16 units."""
    return utf16_length(visible_text(html))


def fits(html: str, limit: int) -> bool:
    """Tell whether the visible text fits `limit` UTF-16 units."""
    # No text is longer to the eye than it is written, and most are written in less: these need not be read.
    return utf16_length(html) <= limit or visible_length(html) <= limit


def cut_html(html: str, limit: int) -> str:
    """Return Telegram HTML whose visible text fits `limit` UTF-16 units, every open tag closed."""
    if fits(html, limit):
        return html
    room = limit - 1
    kept: list[str] = []
    open_tags: list[str] = []
    for part in read_parts(html):
        if part.text:
            piece, room = _take(part, room)
            kept.append(piece)
            if room <= 0:
                break
            continue
        if part.closed and open_tags:
            open_tags.pop()
        elif part.opened:
            open_tags.append(part.opened)
        kept.append(part.source)
    return "".join(kept).rstrip() + "…" + "".join(f"</{tag}>" for tag in reversed(open_tags))


def _take(part: Part, room: int) -> tuple[str, int]:
    length = utf16_length(part.text)
    if length <= room:
        return part.source, room - length
    if part.source != part.text:
        return "", 0
    kept: list[str] = []
    for character in part.text:
        room -= utf16_length(character)
        if room < 0:
            break
        kept.append(character)
    return "".join(kept), 0


def _read_attributes(source: str) -> tuple[tuple[str, str], ...]:
    return tuple((pair[1].lower(), pair[2] or pair[3] or pair[4] or "") for pair in _PAIR.finditer(source or ""))


def _read_character(match: re.Match[str]) -> str:
    if match["name"]:
        return _CHARACTERS[match["name"]]
    code = int(match["decimal"]) if match["decimal"] else int(match["hex"], 16)
    # Telegram shows what is no character as it was written.
    return chr(code) if 0 < code <= _LAST_CHARACTER else match["character"]
