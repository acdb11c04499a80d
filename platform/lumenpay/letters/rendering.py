"""Turns a template into a letter. A template is text: the subject, then paragraphs; a lone link becomes a button."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

LOCALES = ("ru", "en")


@dataclass(frozen=True, slots=True)
class LetterText:
    """A letter without its addresses; not for logs, as it may carry a link."""

    subject: str
    plain: str = field(repr=False)
    html: str = field(repr=False)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("lumenpay.letters"), undefined=StrictUndefined, keep_trailing_newline=False,
        autoescape=select_autoescape(("html",), default=False),
    )  # fmt: skip


def render_letter(kind: str, *, locale: str, **values: str) -> LetterText:
    """Return the letter of a kind in a language; values come from people and are only ever text."""
    language = locale if locale in LOCALES else LOCALES[0]
    flat = {name: " ".join(value.split()) for name, value in values.items()}
    written = _environment().get_template(f"{language}/{kind}.txt").render(**flat)
    subject, _, body = written.partition("\n")
    paragraphs = [part.strip() for part in body.strip().split("\n\n")]
    html = _environment().get_template("letter.html").render(
        subject=subject, paragraphs=paragraphs, link=flat.get("link", ""), language=language,
        button=_BUTTONS[language],
    )  # fmt: skip
    return LetterText(subject.strip()[:200], "\n\n".join(paragraphs) + "\n", html)


_BUTTONS = {"ru": "Открыть", "en": "Open"}
