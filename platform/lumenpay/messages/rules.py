"""Pure rules of texts: which Telegram HTML a tenant may write, filling in variables, fitting Telegram's limits."""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from lumenpay.kit.text import cut_utf16, utf16_length
from lumenpay.messages.markup import TAGS, Part, cut_html, fits, read_parts, visible_length, visible_text

MESSAGE_LIMIT = 4096
"""UTF-16 units of visible text that one message holds."""
CAPTION_LIMIT = 1024
"""The same of a text under a photo, a video or a document."""
NOTE_LIMIT = 200
"""UTF-16 units of the note that answers a pressed button; it has no formatting."""

_VARIABLE = re.compile(r"\{([a-z_]+)\}")
# Overrides of direction would let a name turn the text around it; the others cannot be stored or sent.
_UNSAFE = re.compile("[\u202a-\u202e\u2066-\u2069\ud800-\udfff\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]")
_EMPTY_LINES = re.compile(r"\n(?:[ \t]*\n){2,}")


class Html(str):
    """A text that is Telegram HTML already and must not be escaped."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class TextProblem:
    """What is wrong with a tenant's text: a code, and the tag, variable or length that it is about.

    Codes: `empty`, `too_long`, `tag_not_allowed`, `tags_not_balanced`, `stray_angle_bracket`, `link_without_address`,
    `emoji_without_id`, `unknown_variable`, `variable_in_tag`, `forbidden_character`.
    """

    code: str
    about: str = ""


def check_text(text: str, *, variables: Collection[str], limit: int = MESSAGE_LIMIT) -> list[TextProblem]:
    """Return what is wrong with a text; empty when Telegram will take it.

    Args:
        variables: The names that may stand in braces.
        limit: UTF-16 units of visible text that there is room for.
    """
    if not visible_text(text).strip():
        return [TextProblem("empty")]
    problems: list[TextProblem] = []
    open_tags: list[str] = []
    for part in read_parts(text):
        problems += _check_part(part)
        if part.opened:
            open_tags.append(part.opened)
        elif part.closed and (not open_tags or open_tags.pop() != part.closed):
            problems.append(TextProblem("tags_not_balanced", part.closed))
    problems += [TextProblem("tags_not_balanced", tag) for tag in open_tags]
    problems += [TextProblem("unknown_variable", name) for name in _VARIABLE.findall(text) if name not in variables]
    if (unsafe := _UNSAFE.search(text)) is not None:
        problems.append(TextProblem("forbidden_character", f"U+{ord(unsafe.group()):04X}"))
    if (length := visible_length(text)) > limit:
        problems.append(TextProblem("too_long", str(length)))
    return list(dict.fromkeys(problems))


def _check_part(part: Part) -> list[TextProblem]:
    if part.is_stray:
        name = part.source.strip("</").lower()
        is_foreign = bool(name) and name not in TAGS
        return [TextProblem("tag_not_allowed", name) if is_foreign else TextProblem("stray_angle_bracket")]
    if not part.opened:
        return []
    attributes = dict(part.attributes)
    problems = []
    if part.opened not in TAGS or (part.opened == "span" and attributes.get("class") != "tg-spoiler"):
        problems.append(TextProblem("tag_not_allowed", part.opened))
    if part.opened == "a" and not attributes.get("href"):
        problems.append(TextProblem("link_without_address", part.opened))
    if part.opened == "tg-emoji" and not attributes.get("emoji-id", "").isdecimal():
        problems.append(TextProblem("emoji_without_id", part.opened))
    if _VARIABLE.search(part.source):
        # A value may be HTML itself, which an attribute cannot hold.
        problems.append(TextProblem("variable_in_tag", part.opened))
    return problems


def fill_in(template: str, variables: Mapping[str, str], *, limit: int = MESSAGE_LIMIT) -> str:
    """Return the text with its variables, within what one message holds.

    Plain values are escaped. If the whole is too long, the longest values give way, so that the text around them, such
    as a price after a long description, stays.
    """
    values = {name: value if isinstance(value, Html) else escape(value) for name, value in variables.items()}
    text = _substitute(template, values)
    if fits(text, limit):
        return text
    for name in sorted(values, key=lambda name: -visible_length(values[name])):
        overflow = visible_length(text) - limit
        if overflow <= 0:
            break
        # A name that stands twice in the text counts twice; what still is too long is cut at the end.
        times = max(1, template.count(f"{{{name}}}"))
        room = max(1, visible_length(values[name]) - -(-overflow // times))
        values[name] = Html(cut_html(values[name], room))
        text = _substitute(template, values)
    return cut_html(text, limit)


def _substitute(template: str, values: Mapping[str, str]) -> str:
    return _EMPTY_LINES.sub("\n\n", _VARIABLE.sub(lambda match: values.get(match[1], ""), template)).strip()


def escape(text: str) -> Html:
    """Return plain text as Telegram HTML, without characters that turn the text around or cannot be sent."""
    return Html(html.escape(_UNSAFE.sub("", text), quote=True))


def plain_note(text: str) -> str:
    """Return Telegram HTML as the short plain text that answers a pressed button."""
    return cut_utf16(visible_text(text).strip(), NOTE_LIMIT)


def is_worth_sending(text: str) -> bool:
    """Tell whether Telegram would take a filled-in text: one without visible text is refused."""
    return utf16_length(visible_text(text).strip()) > 0
