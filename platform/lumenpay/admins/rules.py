"""Pure rules of accounts: e-mails, passwords, how long things live."""

from __future__ import annotations

from datetime import datetime, timedelta

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


def is_password_acceptable(password: str, *, email: str, name: str = "") -> bool:
    """Tell whether a password is long enough and hard to guess, also for who knows the person."""
    if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
        return False
    known = [part for part in (email, email.partition("@")[0], name, "lumenpay") if part]
    return int(zxcvbn(password[:_LOOKED_AT], user_inputs=known)["score"]) >= _STRONG_ENOUGH


def is_session_alive(
    *, created_at: datetime, last_seen_at: datetime, revoked_at: datetime | None, now: datetime
) -> bool:
    """Tell whether a session still counts: not ended, not idle for 12 hours, not older than 14 days."""
    return revoked_at is None and now - last_seen_at < IDLE and now - created_at < ABSOLUTE


def is_proof_fresh(proved_at: datetime | None, *, now: datetime) -> bool:
    """Tell whether a dangerous change may follow from a proof."""
    return proved_at is not None and now - proved_at <= PROOF_LIFETIME
