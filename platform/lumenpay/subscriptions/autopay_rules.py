"""Pure rules of autopay: when to tell, when to charge, and what follows from each reason why a charge failed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

NOTICE_AHEAD: Final = timedelta(days=1)
"""So long before the end the person is told of the charge."""
CHARGE_AHEAD: Final = timedelta(hours=1)
"""So long before the end the charge is made: nobody loses access for the minutes that it may take."""
NOTICE_REST: Final = timedelta(hours=2)
"""So much time to turn autopay off lies at least between a notice, however late it came, and the charge."""
CHARGE_WAIT: Final = timedelta(hours=3)
"""So long after its own end access waits for a charge that is on its way."""
POSTPONED_BY: Final = timedelta(hours=1)
"""When to look again where nothing may be charged for the moment."""
RETRY_AFTER: Final = (timedelta(days=1), timedelta(days=3))
"""When to try again, counted from the end that the charge is for; only as long as access lasts."""


class Dunning(StrEnum):
    """What a failed charge leads to."""

    RETRY = "retry"
    """Tried again later; the person may pay by hand meanwhile."""
    ASK = "ask"
    """Nothing is tried again for this end; the person is asked to pay by hand."""
    REPLACE = "replace"
    """The method does not work any more: it is forgotten, and the person is asked for another one."""
    STOP = "stop"
    """The payer or the bank took the permission back: the method is forgotten and autopay ends."""
    NONE = "none"
    """Nothing was charged for a reason of our own; nobody is told."""


_PASSING: Final = frozenset({
    "insufficient_funds", "payment_method_limit_exceeded", "issuer_unavailable", "internal_timeout",
    "general_decline", "call_issuer", "expired_on_capture", "expired_on_confirmation", "deal_expired",
    "canceled_by_merchant", "never_created", "shop_rejected", "shop_does_not_sell",
})  # fmt: skip
_METHOD_GONE: Final = frozenset({
    "card_expired", "invalid_card_number", "invalid_csc", "3d_secure_failed", "country_forbidden",
    "payment_method_restricted", "identification_required", "unsupported_mobile_operator", "loan_declined",
    "method_unknown", "shop_without_recurring",
})  # fmt: skip
_PERMISSION_GONE: Final = frozenset({"permission_revoked", "fraud_suspected"})
AUTOPAY_OFF: Final = "autopay_off"
RENEWED_MEANWHILE: Final = "renewed_meanwhile"
NOT_TOLD: Final = "not_told"
"""The notice before the charge could not reach the person, so that there was no charge."""
PAUSED_MEANWHILE: Final = "paused_meanwhile"
_OUR_OWN: Final = frozenset({AUTOPAY_OFF, RENEWED_MEANWHILE, PAUSED_MEANWHILE})


@dataclass(frozen=True, slots=True)
class Followup:
    """What to do after a failed charge; `retry_at` is given with a retry only."""

    dunning: Dunning
    retry_at: datetime | None = None


def decide_notice_at(ends_at: datetime | None) -> datetime | None:
    """Return when a person is told of the charge; nothing where there is no end to prolong."""
    return None if ends_at is None else ends_at - NOTICE_AHEAD


def decide_charge_at(ends_at: datetime, *, noticed_at: datetime) -> datetime:
    """Return when the charge is made after the notice reached the person."""
    return max(ends_at - CHARGE_AHEAD, noticed_at + NOTICE_REST)


def decide_followup(
    reason: str, *, attempts: int, ends_at: datetime, access_ends_at: datetime, now: datetime
) -> Followup:
    """Return what a charge that failed for this reason leads to; a reason that nobody knows passes, as most do.

    Args:
        attempts: How many payments were made for this end, this one included.
        ends_at: The end that the charge was to prolong; retries are counted from it.
        access_ends_at: The end of the grace; nothing is tried after it.
    """
    if reason in _OUR_OWN:
        return Followup(Dunning.NONE)
    if reason in _PERMISSION_GONE:
        return Followup(Dunning.STOP)
    if reason in _METHOD_GONE:
        return Followup(Dunning.REPLACE)
    upcoming = (ends_at + delay for delay in RETRY_AFTER[attempts - 1 :])
    retry_at = next((moment for moment in upcoming if now < moment < access_ends_at), None)
    return Followup(Dunning.ASK) if retry_at is None else Followup(Dunning.RETRY, retry_at)


def decide_charge_wait(own_end: datetime, *, is_underway: bool, now: datetime) -> datetime | None:
    """Return until when access waits for a charge; nothing when it does not."""
    until = own_end + CHARGE_WAIT
    return until if is_underway and now < until else None
