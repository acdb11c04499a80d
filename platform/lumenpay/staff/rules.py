"""Pure rules of the console: how long staff may look, and what must always be true."""

from __future__ import annotations

from typing import Final

MIN_REASON: Final = 10
MAX_IMPERSONATION_MINUTES: Final = 30

INVARIANTS: Final = (
    "ledger_unbalanced",
    "paid_without_grant",
    "payment_not_booked",
    "payment_unasked",
    "grant_without_payment",
    "grant_without_period",
    "period_without_grant",
    "periods_overlap",
    "end_without_period",
    "access_cut_short",
    "ended_early",
    "pause_not_open",
    "subscription_not_expired",
    "reminder_overdue",
    "member_without_right",
    "payer_put_out",
    "promo_uses_miscounted",
    "gift_broken",
    "gift_step_overdue",
    "job_stuck",
    "lease_forgotten",
    "inbox_stuck",
    "notice_stuck",
    "audit_unchained",
)
"""Names of the checks, each saying what a row that breaks it is: `x` is the function `invariant_x` of the database."""
