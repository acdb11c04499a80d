"""Pure rules of subscribers: language, and names that fit their columns."""

from __future__ import annotations

from lumenpay.kit.text import cut_utf16

LOCALES = ("ru", "en")
INVITATION_PREFIX = "ref_"
"""How the payload of somebody's own invitation link begins."""
BY_INVITATION = "ref"
"""The source of everybody who came by such a link, whoever invited them."""
MAX_TAGS = 20
MAX_TAG_LENGTH = 32
# Languages whose speakers commonly read Russian better than English.
_RUSSIAN_READERS = frozenset({"ru", "be", "uk", "kk", "ky", "tg", "uz", "tk", "hy", "az", "ka", "mo", "tt", "ba", "cv"})


def choose_locale(language_code: str | None, *, default: str = "ru") -> str:
    """Return the language of the bot's texts for a person: `ru` or `en`."""
    if not language_code:
        return default
    return "ru" if language_code.split("-")[0].lower() in _RUSSIAN_READERS else "en"


def clean_name(text: str | None, *, limit: int = 64) -> str:
    """Return a name without characters that a column or a chat cannot hold, cut to `limit` UTF-16 units."""
    return cut_utf16("".join(part for part in (text or "") if part.isprintable()), limit).strip()


def name_source(payload: str) -> str:
    """Return the source that the payload of /start stands for: one for all who were invited, else the payload."""
    return BY_INVITATION if payload.startswith(INVITATION_PREFIX) else payload


def clean_tag(text: str) -> str:
    """Return a tag as it is stored: in lower case, with single spaces; empty when there is nothing left of it."""
    return " ".join("".join(part if part.isprintable() else " " for part in text).split()).lower()
