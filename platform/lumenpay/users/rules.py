"""Pure rules of subscribers: language, and names that fit their columns."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from lumenpay.kit.text import cut_utf16

LOCALES = ("ru", "en")
INVITATION_PREFIX = "ref_"
"""How the payload of somebody's own invitation link begins."""
BY_INVITATION = "ref"
"""The source of everybody who came by such a link, whoever invited them."""
BY_CLAIM, BY_GIFT, BY_ACCESS_CODE = "claim", "gift", "code"
BY_IMPORT = "import"
"""The source of everybody whom a list brought: they came by no link."""
_KINDS = {INVITATION_PREFIX: BY_INVITATION, "claim_": BY_CLAIM, "gift_": BY_GIFT, "code_": BY_ACCESS_CODE}
"""Links of which each is one person's, or opens something: what is kept of them is their kind."""
LINK_OF_A_KIND = f"^({'|'.join(_KINDS.values())})_.*$"
"""Finds in SQL what `name_source` shortens to its first group."""
MAX_TAGS = 20
MAX_TAG_LENGTH = 32
# Languages whose speakers commonly read Russian better than English.
_RUSSIAN_READERS = frozenset({"ru", "be", "uk", "kk", "ky", "tg", "uz", "tk", "hy", "az", "ka", "mo", "tt", "ba", "cv"})


class Reach(StrEnum):
    """Whether the bot can write to a person."""

    OPEN = "open"
    BLOCKED = "blocked"
    NOT_STARTED = "not_started"
    """Known from an imported list only: Telegram lets a bot write to nobody who has not started it."""


def decide_reach(*, met_at: datetime | None, blocked_bot_at: datetime | None) -> Reach:
    """Return whether a person can be written to; until Telegram has refused once, everybody can."""
    if blocked_bot_at is None:
        return Reach.OPEN
    return Reach.NOT_STARTED if met_at is None else Reach.BLOCKED


def choose_locale(language_code: str | None, *, default: str = "ru") -> str:
    """Return the language of the bot's texts for a person: `ru` or `en`."""
    if not language_code:
        return default
    return "ru" if language_code.split("-")[0].lower() in _RUSSIAN_READERS else "en"


def clean_name(text: str | None, *, limit: int = 64) -> str:
    """Return a name without characters that a column or a chat cannot hold, cut to `limit` UTF-16 units."""
    return cut_utf16("".join(part for part in (text or "") if part.isprintable()), limit).strip()


def name_source(payload: str) -> str:
    """Return the source that the payload of /start stands for: the kind of a link that is one person's or a key.

    Whoever reads where somebody came from must not be able to take the gift. Safe to repeat: sources of before, which
    were kept whole, are read through it.
    """
    return next((kind for prefix, kind in _KINDS.items() if payload.startswith(prefix)), payload)


def is_kind(source: str) -> bool:
    """Tell whether a source stands for all links of a kind."""
    return source in _KINDS.values()


def clean_tag(text: str) -> str:
    """Return a tag as it is stored: in lower case, with single spaces; empty when there is nothing left of it."""
    return " ".join("".join(part if part.isprintable() else " " for part in text).split()).lower()
