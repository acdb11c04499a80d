"""Twenty thousand things that happen to subscriptions over simulated years: the rules keep to what is owed (H5, H6)."""

from __future__ import annotations

import itertools
import os
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from lumenpay.models.plans import PeriodUnit
from lumenpay.models.subscriptions import SubscriptionStatus
from lumenpay.subscriptions.pause_rules import decide_pause_refusal, decide_resumed_at, move_end
from lumenpay.subscriptions.rules import (
    Period,
    decide_access_end,
    decide_next_reminder,
    decide_pending_grace,
    decide_period,
)
from tests.support.life import GRACES, OFFSETS, Life, Order, View
from tests.support.owed import Terms

STEPS = int(os.environ.get("LUMENPAY_LIFE_STEPS", "20000"))
_LONGEST_LIFE = 50


@dataclass
class Slate:
    """One row in memory, changed as the rules decide. `tests/faults` plays the same with services and a database."""

    grace: timedelta
    offsets: tuple[int, ...]
    is_running: bool = False
    period: Period | None = None
    access_end: datetime | None = None
    next_reminder: tuple[datetime, int] | None = None
    sent: set[tuple[datetime, int]] = field(default_factory=set)
    orders: dict[int, tuple[Terms, datetime]] = field(default_factory=dict)
    numbers: Any = field(default_factory=itertools.count)
    current: int | None = None
    paused: tuple[datetime, datetime] | None = None

    @property
    def end(self) -> datetime | None:
        return self.period.ends_at if self.period else None

    def open_order(self, terms: Terms, now: datetime) -> int:
        if self.current is None or self.orders[self.current][0] != terms:
            self.current = next(self.numbers)
            self.orders[self.current] = (terms, now)
        return self.current

    def pay(self, order: Order, now: datetime) -> bool:
        self.cancel(order, now)
        self.resume(now)
        return self._extend(order.terms, now)

    def cancel(self, order: Order, _now: datetime) -> None:
        self.current = None if self.current == order.key else self.current

    def give(self, days: int, now: datetime, *, is_added: bool) -> bool:
        if not is_added:
            self.resume(now)
        return self._extend(Terms("day", days), now)

    def pause(self, days: int, now: datetime) -> bool:
        status = SubscriptionStatus.ACTIVE if self.is_running else SubscriptionStatus.EXPIRED
        if decide_pause_refusal(status, ends_at=self.end, now=now):
            return False
        self.paused = now, now + timedelta(days=days)
        self._move(*self.paused)
        self.is_running, self.access_end, self.next_reminder = False, now, None
        return True

    def resume(self, now: datetime) -> bool:
        if self.paused is None:
            return False
        began, until = self.paused
        self._move(until, decide_resumed_at(started_at=began, now=now))
        self.paused, self.is_running = None, True
        self.access_end = decide_access_end(self.end, grace_seconds=round(self.grace.total_seconds()))
        self._plan(now)
        return True

    def resume_in_time(self, now: datetime) -> bool:
        return self.paused is not None and self.paused[1] <= now and self.resume(now)

    def _move(self, from_at: datetime, to_at: datetime) -> None:
        assert self.period is not None
        assert self.period.ends_at is not None
        moved = move_end(self.period.ends_at, from_at=from_at, to_at=to_at)
        self.period = replace(self.period, starts_at=min(self.period.starts_at, moved), ends_at=moved)

    def _extend(self, terms: Terms, now: datetime) -> bool:
        is_lifetime = self.period is not None and self.period.ends_at is None
        period = decide_period(
            last_end=self.end, is_lifetime=is_lifetime, unit=PeriodUnit(terms.unit), count=terms.count,
            extra_days=terms.extra_days, now=now,
        )  # fmt: skip
        if period is None:
            return False
        assert period.starts_at >= (self.end or period.starts_at), "periods overlap"
        self.period = period
        if self.paused is not None:
            return True
        self.is_running = True
        self.access_end = decide_access_end(period.ends_at, grace_seconds=round(self.grace.total_seconds()))
        self._plan(now)
        return True

    def revoke(self, now: datetime) -> None:
        if self.is_running or self.paused is not None:
            self.period, self.access_end, self.is_running, self.next_reminder = Period(now, now), now, False, None
            self.paused = None

    def expire(self, now: datetime) -> bool:
        if not self.is_running or self.access_end is None or self.access_end > now or self.end is None:
            return False
        opened = [] if self.current is None else [self.orders[self.current][1]]
        until = decide_pending_grace(self.end + self.grace, orders_opened_at=opened, now=now)
        if until is not None:
            self.access_end = until
            return False
        self.is_running, self.next_reminder = False, None
        return True

    def remind(self, now: datetime) -> int | None:
        if self.next_reminder is None or self.next_reminder[0] > now or self.end is None:
            return None
        offset = self.next_reminder[1]
        self.sent.add((self.end, offset))
        self._plan(now)
        return offset

    def change_settings(self, grace: timedelta, offsets: tuple[int, ...], _zone: str, now: datetime) -> None:
        self.grace, self.offsets = grace, offsets
        if self.is_running and self.end is not None and self.end > now:
            self._plan(now)

    def _plan(self, now: datetime) -> None:
        sent = {offset for end, offset in self.sent if end == self.end}
        self.next_reminder = decide_next_reminder(self.end, offsets_seconds=self.offsets, sent=sent, now=now)

    def look(self, now: datetime) -> View:
        may_stay = self.is_running and (self.access_end is None or self.access_end > now)
        return View(self.is_running, self.end, self.access_end, may_stay=may_stay)

    def close(self) -> None:
        pass


class LifeByTheRules(Life):
    def make_world(self) -> Slate:
        return Slate(GRACES[0], OFFSETS[0])


def test_whatever_happens_in_whatever_order_the_rules_give_what_is_owed_h5_h6():
    LifeByTheRules.steps = 0
    # Some lives are drawn shorter than the longest.
    while (left := STEPS - LifeByTheRules.steps) > 0:
        chosen = settings(
            max_examples=left // _LONGEST_LIFE + 10, stateful_step_count=_LONGEST_LIFE, deadline=None, database=None,
            suppress_health_check=[HealthCheck.too_slow],
        )  # fmt: skip
        run_state_machine_as_test(LifeByTheRules, settings=chosen)
