"""Pure rules of accounts: e-mails, passwords, how long things live."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from email_validator import EmailNotValidError, validate_email
from zxcvbn import zxcvbn

IDLE = timedelta(hours=12)
ABSOLUTE = timedelta(days=14)
TOKEN_LIFETIME = timedelta(minutes=15)
SIGN_UP_LIFETIME = timedelta(hours=24)
RESET_LIFETIME = timedelta(minutes=30)
CHANGE_EMAIL_LIFETIME = timedelta(hours=2)
CHALLENGE_LIFETIME = timedelta(minutes=5)
ATTEMPT_LIFETIME = timedelta(minutes=10)
PROOF_LIFETIME = timedelta(minutes=10)
"""How long a proof of who somebody is counts for dangerous changes."""
MIN_PASSWORD = 10
MAX_PASSWORD = 256
_STRONG_ENOUGH = 3
_LOOKED_AT = 72
"""The estimate costs more than linearly, and nothing after so many characters makes a password weak."""


def normalize_email(text: str) -> str | None:
    """Return an address in the one form in which it is stored, or nothing when it is none."""
    try:
        return validate_email(text.strip(), check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        return None


class PasswordFault(StrEnum):
    """What makes a password no good; stands in an answer as the code of its field."""

    TOO_SHORT = "password_too_short"
    TOO_LONG = "password_too_long"
    LIKE_ACCOUNT = "password_like_account"
    """Made of the person's name or address."""
    COMMON = "password_common"
    """Made of what stands in lists of leaked and often used passwords."""
    PREDICTABLE = "password_predictable"
    """Repeats, rows of keys, dates, single words: tried before anything else."""


def find_password_fault(password: str, *, email: str, name: str = "") -> PasswordFault | None:
    """Return what makes a password too short, or easy to guess also for who knows the person; nothing of a good one."""
    if len(password) < MIN_PASSWORD:
        return PasswordFault.TOO_SHORT
    if len(password) > MAX_PASSWORD:
        return PasswordFault.TOO_LONG
    known = [part for part in (email, email.partition("@")[0], name, "lumenpay") if part]
    guessed = zxcvbn(password[:_LOOKED_AT], user_inputs=known)
    if int(guessed["score"]) >= _STRONG_ENOUGH:
        return None
    sources = {part.get("dictionary_name") for part in guessed["sequence"]}
    if "user_inputs" in sources:
        return PasswordFault.LIKE_ACCOUNT
    return PasswordFault.COMMON if "passwords" in sources else PasswordFault.PREDICTABLE


def is_session_alive(
    *, created_at: datetime, last_seen_at: datetime, revoked_at: datetime | None, now: datetime
) -> bool:
    """Tell whether a session still counts: not ended, not idle for 12 hours, not older than 14 days."""
    return revoked_at is None and now - last_seen_at < IDLE and now - created_at < ABSOLUTE


def is_proof_fresh(proved_at: datetime | None, *, now: datetime) -> bool:
    """Tell whether a dangerous change may follow from a proof."""
    return proved_at is not None and now - proved_at <= PROOF_LIFETIME
