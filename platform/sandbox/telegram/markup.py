"""Formatted text: HTML to Telegram's entities and back, counted in UTF-16 units as Telegram counts."""

from __future__ import annotations

import html
import re
from typing import Any

from sandbox.telegram.errors import ApiError, bad_request, not_modelled

Entity = dict[str, Any]

SIMPLE_TAGS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler", "code": "code",
}  # fmt: skip
OTHER_TAGS = frozenset({"a", "span", "pre", "blockquote", "tg-emoji"})
HTML_OF = {
    "bold": "b", "italic": "i", "underline": "u", "strikethrough": "s", "spoiler": "tg-spoiler", "code": "code",
    "pre": "pre", "blockquote": "blockquote", "expandable_blockquote": "blockquote",
}  # fmt: skip
SAFE_SCHEMES = ("http://", "https://", "tg://", "mailto:")

TAG_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
ATTRIBUTE = re.compile(r"""\s+([A-Za-z][A-Za-z0-9-]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")
CHARACTER = re.compile(r"&(?:(lt|gt|amp|quot)|#(\d+)|#x([0-9A-Fa-f]+));?")
PLAIN = re.compile(r"[^<&]+")
LAST_CHARACTER = 0x10FFFF
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
AUTOMATIC = re.compile(
    r"(?P<bot_command>(?<![\w/@])/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?)|(?P<url>https?://[^\s<>\"]+[^\s<>\".,!?)])"
)


def units(text: str) -> int:
    """The length of a text in UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def read_text(raw: str, parse_mode: str | None, entities: list[Entity] | None) -> tuple[str, list[Entity]]:
    """The visible text and its entities, trimmed as Telegram trims.

    Raises:
        ApiError: The markup cannot be parsed.
    """
    if not parse_mode:
        text, found = raw, list(entities or [])
    elif parse_mode.lower() == "html":
        text, found = _HtmlReader(raw).read()
    elif parse_mode.lower() in {"markdown", "markdownv2"}:
        raise not_modelled(f"parse_mode {parse_mode}")
    else:
        raise bad_request("unsupported parse_mode")
    text, found = _trim(text, found)
    found += find_automatic(text, found)
    return text, sorted(found, key=lambda entity: (entity["offset"], -entity["length"]))


def find_automatic(text: str, taken: list[Entity]) -> list[Entity]:
    """Entities that Telegram adds by itself: commands and addresses outside of the given entities."""
    if "/" not in text:
        return []
    found = []
    for match in AUTOMATIC.finditer(text):
        offset, length = units(text[: match.start()]), units(match.group())
        hidden = any(
            one["offset"] < offset + length and offset < one["offset"] + one["length"]
            for one in taken
            if one["type"] in {"code", "pre", "text_link", "url", "bot_command"}
        )
        if not hidden:
            found.append({"type": str(match.lastgroup), "offset": offset, "length": length})
    return found


def _trim(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    kept = text.lstrip()
    cut = units(text) - units(kept)
    kept = kept.rstrip()
    end = units(kept)
    if not cut and all(entity["offset"] + entity["length"] <= end for entity in entities):
        return kept, entities
    moved = []
    for entity in entities:
        start = max(entity["offset"] - cut, 0)
        stop = min(entity["offset"] + entity["length"] - cut, end)
        if stop > start:
            moved.append(entity | {"offset": start, "length": stop - start})
    return kept, moved


class _HtmlReader:
    """One pass over an HTML text. Error texts and byte offsets are those of the official server."""

    def __init__(self, raw: str) -> None:
        self.raw = raw
        self.at = 0
        self.out: list[str] = []
        self.length = 0
        self.open: list[tuple[str, int, dict[str, str], int]] = []
        self.entities: list[Entity] = []

    def read(self) -> tuple[str, list[Entity]]:
        while self.at < len(self.raw):
            character = self.raw[self.at]
            if character == "<":
                self._read_tag()
            elif character == "&":
                self._read_character()
            else:
                plain = PLAIN.match(self.raw, self.at)
                self._emit(plain.group() if plain else "")
                self.at = plain.end() if plain else len(self.raw)
        if self.open:
            raise self._error(f'Can\'t find end tag corresponding to start tag "{self.open[-1][0]}"')
        return "".join(self.out), self.entities

    def _emit(self, text: str) -> None:
        self.out.append(text)
        self.length += units(text)

    def _error(self, text: str) -> ApiError:
        return bad_request(f"can't parse entities: {text}")

    def _byte(self, index: int) -> int:
        return len(self.raw[:index].encode())

    def _read_character(self) -> None:
        match = CHARACTER.match(self.raw, self.at)
        code = int(match[2]) if match and match[2] else int(match[3], 16) if match and match[3] else None
        if match is None or (code is not None and not 0 < code <= LAST_CHARACTER):
            self._emit("&")
            self.at += 1
            return
        self._emit(chr(code) if code is not None else NAMED[match[1]])
        self.at = match.end()

    def _read_tag(self) -> None:
        begin = self.at
        closing = self.raw.startswith("</", begin)
        name = TAG_NAME.match(self.raw, begin + (2 if closing else 1))
        if closing:
            self._close_tag(begin, name.group().lower() if name else "")
            return
        tag = name.group().lower() if name else ""
        if name is None or tag not in SIMPLE_TAGS.keys() | OTHER_TAGS:
            raise self._error(f'Unsupported start tag "{tag}" at byte offset {self._byte(begin)}')
        position, attributes = name.end(), {}
        while match := ATTRIBUTE.match(self.raw, position):
            value = next((group for group in match.groups()[1:] if group is not None), "")
            attributes[match[1].lower()] = html.unescape(value)
            position = match.end()
        rest = re.compile(r"\s*>").match(self.raw, position)
        if rest is None:
            raise self._error(f'Unclosed start tag "{tag}" at byte offset {self._byte(begin)}')
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise self._error(f'Tag "span" must have class "tg-spoiler" at byte offset {self._byte(begin)}')
        self.open.append((tag, self.length, attributes, len(self.out)))
        self.at = rest.end()

    def _close_tag(self, begin: int, tag: str) -> None:
        stop = self.raw.find(">", begin)
        if stop < 0:
            raise self._error(f"Unclosed end tag at byte offset {self._byte(begin)}")
        if not self.open:
            raise self._error(f"Unexpected end tag at byte offset {self._byte(begin)}")
        expected, start, attributes, first = self.open.pop()
        if tag not in {"", expected}:
            offset = self._byte(begin)
            raise self._error(f'Unmatched end tag at byte offset {offset}, expected "</{expected}>", found "</{tag}>"')
        self.at = stop + 1
        if self.length > start:
            entity = self._entity(expected, attributes, "".join(self.out[first:]))
            if entity:
                self.entities.append(entity | {"offset": start, "length": self.length - start})

    def _entity(self, tag: str, attributes: dict[str, str], inside: str) -> Entity | None:
        language = attributes.get("class", "").removeprefix("language-")
        if tag == "code" and self.open and self.open[-1][0] == "pre" and language:
            self.open[-1][2]["language"] = language
            return None
        if tag in SIMPLE_TAGS:
            return {"type": SIMPLE_TAGS[tag]}
        if tag == "a":
            return _link(attributes.get("href") or inside)
        if tag == "tg-emoji":
            return {"type": "custom_emoji", "custom_emoji_id": attributes.get("emoji-id", "")}
        if tag == "pre" and "language" in attributes:
            return {"type": "pre", "language": attributes["language"]}
        quote = "expandable_blockquote" if "expandable" in attributes else "blockquote"
        return {"type": {"span": "spoiler", "blockquote": quote}.get(tag, tag)}


def _link(address: str) -> Entity | None:
    if not address.startswith(SAFE_SCHEMES):
        address = f"http://{address}" if "." in address and ":" not in address and " " not in address else ""
    return {"type": "text_link", "url": address} if address else None


def to_html(text: str, entities: list[Entity]) -> str:
    """Safe HTML of a formatted text: only Telegram's tags and addresses with known schemes."""
    encoded = text.encode("utf-16-le")
    opens: dict[int, list[str]] = {}
    closes: dict[int, list[str]] = {}
    for entity in sorted(entities, key=lambda one: (one["offset"], -one["length"])):
        tags = _tags(entity, encoded)
        if tags:
            opens.setdefault(entity["offset"], []).append(tags[0])
            closes.setdefault(entity["offset"] + entity["length"], []).insert(0, tags[1])
    cuts = sorted({0, len(encoded) // 2, *opens, *closes})
    parts = []
    for begin, end in zip(cuts, [*cuts[1:], cuts[-1]], strict=True):
        parts += [*closes.get(begin, []), *opens.get(begin, [])]
        parts.append(html.escape(encoded[begin * 2 : end * 2].decode("utf-16-le", "replace")))
    return "".join(parts)


def _tags(entity: Entity, encoded: bytes) -> tuple[str, str] | None:
    kind = entity["type"]
    if kind in {"text_link", "url"}:
        begin, end = entity["offset"] * 2, (entity["offset"] + entity["length"]) * 2
        address = entity.get("url") or encoded[begin:end].decode("utf-16-le", "replace")
        if not address.startswith(SAFE_SCHEMES):
            return None
        return f'<a href="{html.escape(address)}">', "</a>"
    name = HTML_OF.get(kind)
    return (f"<{name}>", f"</{name}>") if name else None
