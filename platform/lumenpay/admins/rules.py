"""Pure rules of accounts: e-mails, passwords, how long a session lives."""

from __future__ import annotations

from datetime import datetime, timedelta

from email_validator import EmailNotValidError, validate_email

IDLE = timedelta(hours=12)
ABSOLUTE = timedelta(days=14)
TOKEN_LIFETIME = timedelta(minutes=15)
MIN_PASSWORD = 10
MAX_PASSWORD = 256


def normalize_email(text: str) -> str | None:
    """Return an address in the one form in which it is stored, or nothing when it is none."""
    try:
        return validate_email(text.strip(), check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        return None


def is_password_acceptable(password: str, *, email: str) -> bool:
    """Tell whether a password is long enough and not simply a repetition or the address itself."""
    is_long_enough = MIN_PASSWORD <= len(password) <= MAX_PASSWORD
    return is_long_enough and len(set(password)) > 4 and password.lower() not in (email, email.partition("@")[0])  # noqa: PLR2004 - "aaaaaaaaaa"


def is_session_alive(
    *, created_at: datetime, last_seen_at: datetime, revoked_at: datetime | None, now: datetime
) -> bool:
    """Tell whether a session still counts: not ended, not idle for 12 hours, not older than 14 days."""
    return revoked_at is None and now - last_seen_at < IDLE and now - created_at < ABSOLUTE
