"""Pure rules of changing a plan: what unused time is worth, what a change costs, and what it gives.

A period is worth what was paid for it: its payment, less what went back, plus what that payment itself had carried
over. Its unused part is worth its share of that, by the time that is left of the time that was bought; a pause is no
part of either. Time is counted to the microsecond and not by begun days: with those, whoever changed to and fro every
day would never pay again. Every rounding is in favour of the subscriber: a credit up to a whole minor unit, time up to
a whole minute.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Final
from uuid import UUID

QUOTE_LASTS: Final = timedelta(hours=1)
"""So long a quote is honoured to the last kopeck, whatever time passes: as long as the gateway's link can be paid."""
OWN_CHANGES_APART: Final = timedelta(days=1)
"""A person changes once a day at most, so that roundings add up to nothing that is worth the trouble."""
_MICROSECOND: Final = timedelta(microseconds=1)
_MINUTE: Final = timedelta(minutes=1)
_LONGEST: Final = timedelta(days=3660)
_ABOUT: Final = timedelta(days=3)
"""So much longer than 28 days a month can be."""


class ChangeRefusal(StrEnum):
    """Why a plan cannot be changed now, in the order in which it is looked at."""

    NOT_RUNNING = "not_running"
    PAUSED = "paused"
    """Time that stands still is not reckoned with: the pause is ended first."""
    HAS_NO_END = "has_no_end"
    """A lifetime has no price of a day."""
    SAME_PLAN = "same_plan"
    NOT_OFFERED = "not_offered"
    """The owner lets nobody change from the one plan or to the other, or it is free or a trial."""
    RENEWED_IN_STARS = "renewed_in_stars"
    """Telegram charges for it, and cannot be told to charge for something else."""
    BEING_CHARGED = "being_charged"
    """The next period is being paid at this moment."""
    CHANGED_LATELY = "changed_lately"
    NOTHING_TO_CARRY = "nothing_to_carry"
    """What is left was given, or paid in another currency: it stays, and the other plan is simply bought."""
    WORTH_MORE = "worth_more"
    """What is left is worth more than the new plan, which has no length that could be made longer, or years of it."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A period of the plan that is left."""

    payment_id: UUID
    starts_at: datetime
    ends_at: datetime | None
    worth_minor: int
    """What was paid for it, less what went back or is on its way back, plus what its payment had carried over."""
    currency: str
    stood_still: timedelta = timedelta()
    """How long pauses inside it lasted: they made it longer, and are no part of what was bought."""


@dataclass(frozen=True, slots=True)
class Share:
    """What is left of one period."""

    payment_id: UUID
    credit_minor: int
    unused: timedelta


@dataclass(frozen=True, slots=True)
class NewTerms:
    """The plan that is changed to; `length` is empty where it ends never or for everybody at one moment."""

    price_minor: int
    currency: str
    length: timedelta | None


@dataclass(frozen=True, slots=True)
class ChangeQuote:
    """What a change costs and carries over.

    Attributes:
        amount_minor: To be paid now for a whole period of the new plan; 0 where time is turned into time.
        turned: How long the new plan lasts from now where nothing is paid, in whole minutes.
    """

    shares: Sequence[Share]
    credit_minor: int
    kept: timedelta
    amount_minor: int
    turned: timedelta | None


def decide_share(stretch: Stretch, *, at: datetime) -> Share:
    """Return what is left of a period at a moment, and what it is worth; nothing of one that never ends."""
    if stretch.ends_at is None:
        return Share(stretch.payment_id, 0, timedelta())
    bought = stretch.ends_at - stretch.starts_at - stretch.stood_still
    unused = min(stretch.ends_at - max(at, stretch.starts_at), bought)
    if unused <= timedelta() or bought <= timedelta():
        return Share(stretch.payment_id, 0, timedelta())
    credit = Fraction(max(0, stretch.worth_minor) * (unused // _MICROSECOND), bought // _MICROSECOND)
    return Share(stretch.payment_id, _up(credit), unused)


def decide_carried(stretches: Iterable[Stretch], *, currency: str, at: datetime) -> list[Share]:
    """Return what of the periods is carried over to a plan in a currency; what was given stays where it is."""
    shares = [decide_share(stretch, at=at) for stretch in stretches if stretch.currency == currency]
    return [share for share in shares if share.credit_minor > 0]


def decide_change(shares: Sequence[Share], new: NewTerms, *, old_length: timedelta) -> ChangeQuote | ChangeRefusal:
    """Return what a change to other terms costs and gives.

    All of the credit is turned into time where it is worth a whole period of the new plan, or where a day of that costs
    no more than one of what is left. Otherwise it is taken off the price of a whole period; so it is, too, where the
    new plan is sold for longer than the old one: a day of a year is cheap for whoever pays for the year.

    Args:
        old_length: For how long the old plan is sold.
    """
    if not shares:
        return ChangeRefusal.NOTHING_TO_CARRY
    credit = sum(share.credit_minor for share in shares)
    kept = sum((share.unused for share in shares), timedelta())
    left = new.price_minor - credit
    if new.length is None:
        if left <= 0:
            return ChangeRefusal.WORTH_MORE
        return ChangeQuote(shares, credit, kept, left, None)
    turned = decide_turned(credit, new)
    if turned is None:
        return ChangeRefusal.WORTH_MORE
    if left > 0 and (turned < kept or new.length > old_length + _ABOUT):
        return ChangeQuote(shares, credit, kept, left, None)
    return ChangeQuote(shares, credit, kept, 0, turned)


def decide_turned(credit_minor: int, new: NewTerms) -> timedelta | None:
    """Return how much time of a plan a credit buys, up to a whole minute; nothing where that is beyond all reason.

    Raises:
        ValueError: The plan has no length, or costs nothing.
    """
    if new.length is None or new.price_minor <= 0:
        raise ValueError("only time that has a price can be bought")
    time = Fraction(credit_minor * (new.length // _MICROSECOND), new.price_minor)
    minutes = _up(time / (_MINUTE // _MICROSECOND))
    return minutes * _MINUTE if minutes <= _LONGEST // _MINUTE else None


def decide_honoured(*, quoted: dict[UUID, int], shares: Iterable[Share]) -> dict[UUID, int]:
    """Return what is left of a quoted credit, by payment: what was quoted of each, or less where less of it is left."""
    return {
        share.payment_id: min(quoted[share.payment_id], share.credit_minor)
        for share in shares
        if share.payment_id in quoted
    }


def decide_looked_at(quoted_at: datetime, *, now: datetime) -> datetime:
    """Return as of when the time of the old plan counts when an order is granted."""
    return quoted_at if now - quoted_at <= QUOTE_LASTS else now


def scale_time(length: timedelta, *, part: int, whole: int) -> timedelta:
    """Return `part` of `whole` of some time, rounded up to a microsecond; all of it where the whole is nothing."""
    if part >= whole:
        return length
    return _up(Fraction((length // _MICROSECOND) * part, whole)) * _MICROSECOND


def _up(value: Fraction) -> int:
    return -(-value.numerator // value.denominator)
