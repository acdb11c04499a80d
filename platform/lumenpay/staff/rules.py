"""Pure rules of the console: how long staff may look, and what must always be true."""

from __future__ import annotations

from typing import Final

MIN_REASON: Final = 10
MAX_IMPERSONATION_MINUTES: Final = 30

INVARIANTS: Final = (
    "ledger_unbalanced",
    "paid_without_grant",
    "grant_without_payment",
    "grant_without_period",
    "periods_overlap",
    "subscription_not_expired",
    "member_without_right",
    "job_stuck",
    "inbox_stuck",
    "notice_stuck",
    "audit_unchained",
)
"""Names of the checks of the database's `list_broken_rows`. Each says what a row that breaks it is."""
