"""A subscription's life as a machine that Hypothesis plays: whatever comes, a world keeps to what is owed.

A world is the product, or a stand-in that asks the product's rules; `tests.support.owed` says what must come of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.support.owed import DAY, FOREVER, Owed, Terms

BEGINNINGS = tuple(
    datetime.fromisoformat(moment).replace(tzinfo=UTC)
    for moment in (
        "2026-01-31T21:30:00", "2027-02-28T20:59:59.999999", "2028-02-29T00:00:00", "2026-03-29T00:59:59",
        "2026-10-25T01:00:00", "2026-12-31T23:59:59", "2027-06-15T12:00:00.000001",
    )
)  # fmt: skip
"""Ends of months and years, a leap day, the hours in which Europe changes its clocks."""
PLANS = tuple(Terms(unit, count) for unit, count in (
    ("month", 1), ("day", 30), ("day", 1), ("month", 3), ("year", 1), ("week", 2), ("hour", 12), ("minute", 20),
))  # fmt: skip
OFFSETS = ((259_200, 86_400, 7_200), (86_400,), (3_600, 86_400, 604_800), (), (1_800, 60))
GRACES = tuple(timedelta(seconds=seconds) for seconds in (0, 3_600, 259_200))
ZONES = ("Europe/Moscow", "America/St_Johns", "Pacific/Apia", "Asia/Kathmandu", "Europe/Berlin")
SLIPS = tuple(timedelta(seconds=seconds) for seconds in (1, 61, 1_799, 1_801, 86_399, 86_400))
BACK = (timedelta(seconds=-61), -DAY)
LEAPS = (*SLIPS, 6 * DAY, 29 * DAY, 31 * DAY)
INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True)
class View:
    """What can be seen of a subscription; nothing at all is running before the first purchase."""

    is_running: bool
    end: datetime | None
    access_end: datetime | None
    may_stay: bool
    """Whether a removal that looked at this moment would leave the person inside."""


@dataclass
class Order:
    """An order as the person sees it."""

    key: Any
    terms: Terms
    opened_at: datetime
    is_replaced: bool = False


class World(Protocol):
    """What the machine does things to. Each returns what it did, so that nothing happens unseen."""

    def open_order(self, terms: Terms, now: datetime) -> Any: ...
    def pay(self, order: Order, now: datetime) -> bool: ...
    def cancel(self, order: Order, now: datetime) -> None: ...
    def give(self, days: int, now: datetime, *, is_added: bool) -> bool: ...
    def pause(self, days: int, now: datetime) -> bool: ...
    def resume(self, now: datetime) -> bool: ...
    def resume_in_time(self, now: datetime) -> bool: ...
    def revoke(self, now: datetime) -> None: ...
    def expire(self, now: datetime) -> bool: ...
    def remind(self, now: datetime) -> int | None: ...
    def change_settings(self, grace: timedelta, offsets: tuple[int, ...], zone: str, now: datetime) -> None: ...
    def look(self, now: datetime) -> View: ...
    def close(self) -> None: ...


class Life(RuleBasedStateMachine):
    """One person, one plan, and everything that may happen between them."""

    steps = 0
    """Of all runs."""

    def make_world(self) -> World:
        """Return an empty world with the first grace and offsets."""
        raise NotImplementedError

    @initialize(beginning=st.sampled_from(BEGINNINGS), plan=st.sampled_from(PLANS))
    def begin(self, beginning: datetime, plan: Terms) -> None:
        self.now = self.latest = beginning
        self.plan = plan
        self.owed = Owed(GRACES[0], OFFSETS[0])
        self.world = self.make_world()
        self.open: list[Order] = []
        self.lost: list[Order] = []
        self.told: list[tuple[datetime, int]] = []

    @rule(days=st.sampled_from((0, 0, 0, 7)))
    def press_buy(self, days: int) -> None:
        """Open an order, with a code for free days or without; the same again is the same order."""
        terms = Terms(self.plan.unit, self.plan.count, days)
        if self.owed.end == FOREVER:
            return
        key = self.world.open_order(terms, self.now)
        current = next((order for order in self.open if not order.is_replaced), None)
        if current is not None and current.terms == terms:
            assert key == current.key
            return
        if current is not None:
            current.is_replaced = True
        self.open.append(Order(key, terms, self.now))

    @rule(number=st.integers(0, 3))
    def pay_a_link(self, number: int) -> None:
        """Pay one of the links that were ever shown, replaced ones and those that were given up too."""
        links = self.open + self.lost
        if links:
            order = links[number % len(links)]
            for orders in (self.open, self.lost):
                if order in orders:
                    orders.remove(order)
            assert self.world.pay(order, self.now) == self.owed.pay(order.terms, self.now)

    @rule()
    def give_up_a_link(self) -> None:
        if self.open:
            order = self.open.pop(0)
            self.world.cancel(order, self.now)
            self.lost.append(order)

    @rule(days=st.sampled_from((1, 3, 30)))
    def give_days(self, days: int) -> None:
        """Grant by hand, which lets in at once, or add to what there is, which does not end a pause."""
        if self.owed.end != FOREVER:
            is_added = days > 1 and self.owed.end is not None
            owed = (self.owed.give if is_added else self.owed.pay)(Terms("day", days), self.now)
            assert self.world.give(days, self.now, is_added=is_added) == owed

    @rule(
        days=st.sampled_from((1, 7, 30)), leap=st.sampled_from((*BACK, timedelta(), *LEAPS)), is_resumed=st.booleans()
    )
    def pause(self, days: int, leap: timedelta, is_resumed: bool) -> None:
        """Have time stand still, for a while or until the pause is over; the clock may be set back meanwhile."""
        assert self.world.pause(days, self.now) == self.owed.stand_still(days, self.now)
        self.now += leap
        self.latest = max(self.latest, self.now)
        if is_resumed:
            self.resume()

    @rule()
    def resume(self) -> None:
        assert self.world.resume(self.now) == self.owed.resume(self.now)

    @rule(are_swept=st.booleans())
    def wait_for_the_end_of_a_pause(self, are_swept: bool) -> None:
        if self.owed.pause is not None:
            self._move(self.owed.pause[1], are_swept=are_swept)

    @rule(days=st.sampled_from((0, 1, 30)))
    def revoke(self, days: int) -> None:
        """Take back what is left, and think better of it at once or not."""
        self.owed.revoke(self.now)
        self.world.revoke(self.now)
        if days:
            self.give_days(days)

    @rule(plan=st.sampled_from((*PLANS, Terms("lifetime", 1))))
    def change_plan(self, plan: Terms) -> None:
        """New terms count for new orders only."""
        self.plan = plan

    @rule(grace=st.sampled_from(GRACES), offsets=st.sampled_from(OFFSETS), zone=st.sampled_from(ZONES))
    def change_settings(self, grace: timedelta, offsets: tuple[int, ...], zone: str) -> None:
        """New offsets reach running subscriptions, a new grace those bought from now on; a zone moves no end."""
        self.owed.grace, self.owed.offsets = grace, offsets
        if self.owed.is_running and self.owed.end is not None and self.owed.end > self.now:
            self.owed.plan(self.now)
        self.world.change_settings(grace, offsets, zone, self.now)

    @rule(leap=st.sampled_from(LEAPS), are_swept=st.booleans())
    def wait(self, leap: timedelta, are_swept: bool) -> None:
        self._move(self.now + leap, are_swept=are_swept)

    @rule(is_just_before=st.booleans(), are_swept=st.booleans())
    def wait_for_the_end(self, is_just_before: bool, are_swept: bool) -> None:
        end = self.owed.access_end
        if end is not None and end != FOREVER and end > self.now:
            self._move(end - (INSTANT if is_just_before else timedelta()), are_swept=are_swept)

    @rule(days=st.sampled_from((0, 7)), is_paid=st.booleans())
    def buy_at_the_last_moment(self, days: int, is_paid: bool) -> None:
        """The end comes while an order is open, and comes again when nobody is waited for any more."""
        self.wait_for_the_end(is_just_before=True, are_swept=False)
        self.press_buy(days)
        self.wait_for_the_end(is_just_before=False, are_swept=True)
        if is_paid:
            self.pay_a_link(len(self.open) - 1)
        self.wait_for_the_end(is_just_before=False, are_swept=True)

    @rule(leap=st.sampled_from(SLIPS))
    def set_the_clock_back(self, leap: timedelta) -> None:
        """What was done stays done: no second reminder comes when they are planned again, nobody is out who was in."""
        self.wait_for_a_reminder(are_swept=True)
        self.now -= leap
        self.change_settings(self.owed.grace, self.owed.offsets, ZONES[0])
        self.wait_for_a_reminder(are_swept=True)

    @rule(are_swept=st.booleans())
    def wait_for_a_reminder(self, are_swept: bool) -> None:
        if self.owed.reminders and self.owed.end is not None:
            self._move(self.owed.end - timedelta(seconds=max(self.owed.reminders)), are_swept=are_swept)

    @rule()
    def sweep(self) -> None:
        """Look for the end and for reminders, twice: the second time there is nothing left to do."""
        for _ in range(2):
            assert self.world.resume_in_time(self.now) == self.owed.resume_in_time(self.now)
            unpaid = [order.opened_at for order in self.open if not order.is_replaced]
            assert self.world.expire(self.now) == self.owed.expire(self.now, unpaid)
            reminded = self.world.remind(self.now)
            assert reminded == self.owed.remind(self.now)
            if reminded is not None and self.owed.end is not None:
                self.told.append((self.owed.end, reminded))
        assert self.world.remind(self.now) is None

    def teardown(self) -> None:
        if hasattr(self, "world"):
            self.world.close()

    def _move(self, moment: datetime, *, are_swept: bool) -> None:
        self.now = max(self.now, moment)
        self.latest = max(self.latest, self.now)
        if are_swept:
            self.sweep()

    @invariant()
    def is_what_is_owed(self) -> None:
        type(self).steps += 1
        if not hasattr(self, "world"):
            return
        owed, seen = self.owed, self.world.look(self.now)
        end, access_end = (None if moment == FOREVER else moment for moment in (owed.end, owed.access_end))
        assert (seen.is_running, seen.end, seen.access_end) == (owed.is_running, end, access_end)
        assert seen.may_stay == (owed.is_running and (access_end is None or self.now < access_end))
        # In so many words: nobody is out before the time they paid for, and nobody is reminded of the same twice.
        assert seen.is_running or owed.end is None or owed.end <= self.latest or owed.pause is not None
        assert len(set(self.told)) == len(self.told)
