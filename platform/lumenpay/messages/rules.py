"""Pure rules of texts: which Telegram HTML is allowed, filling in variables, and cutting to Telegram's limits."""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser

from lumenpay.kit.text import utf16_length

MESSAGE_LIMIT = 4096
"""UTF-16 units of visible text that one message holds."""

_TAGS = frozenset({
    "b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "tg-spoiler", "span", "a", "code", "pre", "blockquote",
    "tg-emoji",
})  # fmt: skip
_VARIABLE = re.compile(r"\{([a-z_]+)\}")
# Right-to-left overrides would let a name turn the text around it.
_INVISIBLE = re.compile("[\u202a-\u202e\u2066-\u2069\ud800-\udfff\x00-\x08\x0b-\x1f]")


class Html(str):
    """A text that is Telegram HTML already and must not be escaped."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class TextProblem:
    """What is wrong with a tenant's text: a code, and the tag or variable that it is about."""

    code: str
    about: str = ""


class _Checker(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open_tags: list[str] = []
        self.problems: list[TextProblem] = []
        self.visible = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _TAGS:
            self.problems.append(TextProblem("tag_not_allowed", tag))
        elif tag == "a" and not any(name == "href" and value for name, value in attrs):
            self.problems.append(TextProblem("link_without_address", tag))
        elif tag == "span" and ("class", "tg-spoiler") not in attrs:
            self.problems.append(TextProblem("tag_not_allowed", tag))
        self.open_tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open_tags or self.open_tags.pop() != tag:
            self.problems.append(TextProblem("tags_not_balanced", tag))

    def handle_startendtag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        self.problems.append(TextProblem("tag_not_allowed", tag))

    def handle_data(self, data: str) -> None:
        self.visible += utf16_length(data)

    def handle_comment(self, _data: str) -> None:
        self.problems.append(TextProblem("tag_not_allowed", "!--"))

    def handle_decl(self, _decl: str) -> None:
        self.problems.append(TextProblem("tag_not_allowed", "!"))

    def unknown_decl(self, _data: str) -> None:
        self.problems.append(TextProblem("tag_not_allowed", "!"))

    def handle_pi(self, _data: str) -> None:
        self.problems.append(TextProblem("tag_not_allowed", "?"))


def check_text(text: str, *, variables: Collection[str]) -> list[TextProblem]:
    """Return what is wrong with a text; empty when Telegram will take it.

    Args:
        variables: The names that may stand in braces.
    """
    if not text.strip():
        return [TextProblem("empty")]
    checker = _Checker()
    checker.feed(text)
    checker.close()
    problems = checker.problems + [TextProblem("tags_not_balanced", tag) for tag in checker.open_tags]
    problems += [TextProblem("unknown_variable", name) for name in _VARIABLE.findall(text) if name not in variables]
    if re.search(r"<(?![a-z/])", text, flags=re.IGNORECASE):
        problems.append(TextProblem("stray_angle_bracket"))
    if checker.visible > MESSAGE_LIMIT:
        problems.append(TextProblem("too_long", str(checker.visible)))
    return problems


def fill_in(template: str, variables: Mapping[str, str]) -> str:
    """Return the text with its variables; plain values are escaped and freed of characters that turn text around."""

    def value_of(match: re.Match[str]) -> str:
        value = variables.get(match[1], "")
        return value if isinstance(value, Html) else escape(value)

    return _VARIABLE.sub(value_of, template)


def escape(text: str) -> Html:
    """Return plain text as Telegram HTML."""
    return Html(html.escape(_INVISIBLE.sub("", text), quote=True))


def cut_html(text: str, limit: int = MESSAGE_LIMIT) -> str:
    """Return Telegram HTML whose visible text fits `limit` UTF-16 units, every open tag closed."""
    if visible_length(text) <= limit:
        return text
    room = limit - 1
    kept: list[str] = []
    open_tags: list[str] = []
    for part in re.findall(r"<[^>]*>|&(?:#\d+|#x[0-9a-fA-F]+|\w+);|[^<&]|[<&]", text):
        if part.startswith("</") and open_tags:
            open_tags.pop()
        elif part.startswith("<") and len(part) > 1:
            open_tags.append(re.split(r"[\s>]", part[1:])[0])
        else:
            room -= utf16_length(html.unescape(part))
            if room < 0:
                break
        kept.append(part)
    closing = "".join(f"</{tag}>" for tag in reversed(open_tags))
    return "".join(kept).rstrip() + "…" + closing


def visible_length(text: str) -> int:
    """Return the length of Telegram HTML as Telegram counts it: without tags, in UTF-16 units."""
    return utf16_length(html.unescape(re.sub(r"<[^>]*>", "", text)))
