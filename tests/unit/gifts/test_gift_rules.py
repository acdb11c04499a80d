"""Rules of gifts: how long one waits, when its giver is reminded, and who can take it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from lumenpay.gifts.rules import GiftRefusal, decide_expiry, decide_next_step, decide_refusal, sources_of
from lumenpay.models.gifts import GiftStatus

PAID = datetime(2026, 3, 1, 12, tzinfo=UTC)
YEAR = PAID + timedelta(days=365)


def days(number: float) -> datetime:
    return PAID + timedelta(days=number)


@pytest.mark.parametrize(("fixed_end_at", "expires_at"), [(None, YEAR), (days(40), days(40)), (days(900), YEAR)])
def test_a_gift_waits_a_year_and_not_beyond_the_end_of_what_it_gives(
    fixed_end_at: datetime | None, expires_at: datetime
) -> None:
    assert decide_expiry(PAID, fixed_end_at=fixed_end_at) == expires_at


@pytest.mark.parametrize(
    ("expires_at", "moments"),
    [
        (YEAR, [days(7), days(335), YEAR]),
        (days(33), [days(3), days(7), days(33)]),
        (days(37), [days(7), days(37)]),
        (days(30), [days(7), days(30)]),
        (days(7), [days(7)]),
        (days(2), [days(2)]),
    ],
)
def test_the_giver_is_reminded_while_there_is_time(expires_at: datetime, moments: list[datetime]) -> None:
    steps = [decide_next_step(PAID, expires_at=expires_at, reminders_count=n) for n in range(len(moments))]
    assert steps == moments
    assert decide_next_step(PAID, expires_at=expires_at, reminders_count=9) == expires_at


@pytest.mark.parametrize(
    ("status", "is_being_refunded", "adds_nothing", "now", "refusal"),
    [
        (GiftStatus.WAITING, False, False, PAID, None),
        (GiftStatus.WAITING, False, False, YEAR - timedelta(seconds=1), None),
        (GiftStatus.WAITING, False, False, YEAR, GiftRefusal.EXPIRED),
        (GiftStatus.WAITING, True, False, PAID, GiftRefusal.CLOSED),
        (GiftStatus.WAITING, False, True, PAID, GiftRefusal.ADDS_NOTHING),
        (GiftStatus.CLAIMED, False, False, PAID, GiftRefusal.TAKEN),
        (GiftStatus.EXPIRED, False, False, PAID, GiftRefusal.EXPIRED),
        (GiftStatus.REVOKED, False, False, PAID, GiftRefusal.CLOSED),
        (GiftStatus.REFUNDED, False, False, PAID, GiftRefusal.CLOSED),
    ],
)
def test_who_can_take_it(
    status: GiftStatus, *, is_being_refunded: bool, adds_nothing: bool, now: datetime, refusal: GiftRefusal | None
) -> None:
    found = decide_refusal(
        status, expires_at=YEAR, is_being_refunded=is_being_refunded, adds_nothing=adds_nothing, now=now
    )
    assert found == refusal


def test_nothing_leads_back_to_waiting() -> None:
    assert sources_of(GiftStatus.WAITING) == []
    assert sources_of(GiftStatus.CLAIMED) == [GiftStatus.WAITING]
