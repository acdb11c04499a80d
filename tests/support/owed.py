"""What one person is owed of one plan, in words so plain that they can be checked by reading. No rule of ours is used.

Moments are aware UTC; an end that never comes is `FOREVER`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

FOREVER = datetime.max.replace(tzinfo=UTC)
PATIENCE = timedelta(minutes=30)
DAY = timedelta(days=1)
LENGTHS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": DAY, "week": timedelta(weeks=1)}


@dataclass(frozen=True)
class Terms:
    """What an order bought: so many units, and days that a promo code adds."""

    unit: str
    count: int
    extra_days: int = 0

    def after(self, start: datetime) -> datetime:
        """Return the end of what begins at `start`."""
        if self.unit == "lifetime":
            return FOREVER
        if self.unit in LENGTHS:
            return start + self.count * LENGTHS[self.unit] + self.extra_days * DAY
        first = start.replace(day=1)
        for _ in range(self.count * (12 if self.unit == "year" else 1)):
            first = (first + 31 * DAY).replace(day=1)
        last = (first + 31 * DAY).replace(day=1) - DAY
        return first.replace(day=min(start.day, last.day)) + self.extra_days * DAY


@dataclass
class Owed:
    """The oracle: until when the person stays inside, and of what they are reminded."""

    grace: timedelta
    offsets: tuple[int, ...]
    end: datetime | None = None
    """Until when was paid; empty before the first purchase."""
    access_end: datetime | None = None
    is_running: bool = False
    reminders: set[int] = field(default_factory=set)
    """Offsets whose moment is still to come, as of the last purchase, reminder or change of settings."""
    reminded: set[tuple[datetime, int]] = field(default_factory=set)
    pause: tuple[datetime, datetime] | None = None
    """When it began and when it ends at the latest. Until then `end` lies as far behind that as was left."""

    def pay(self, terms: Terms, now: datetime) -> bool:
        """Add what was bought to what is left; False where there is nothing to add to. Who buys is let in at once."""
        self.resume(now)
        return self.give(terms, now)

    def give(self, terms: Terms, now: datetime) -> bool:
        """Add what somebody is given; during a pause it waits with the rest."""
        if self.end == FOREVER:
            return False
        self.end = terms.after(max(self.end or now, now))
        if self.pause is not None:
            return True
        self.access_end = self.end if self.end == FOREVER else self.end + self.grace
        self.is_running = True
        self.plan(now)
        return True

    def revoke(self, now: datetime) -> None:
        """Take back what is left."""
        if self.is_running or self.pause is not None:
            self.end, self.access_end, self.is_running, self.pause = now, now, False, None

    def stand_still(self, days: int, now: datetime) -> bool:
        """Keep what is left, and nobody inside; False where nothing is left that could be kept."""
        if not self.is_running or self.end is None or self.end == FOREVER or self.end <= now:
            return False
        until = now + days * DAY
        self.pause, self.end = (now, until), until + (self.end - now)
        self.access_end, self.is_running = now, False
        self.reminders = set()
        return True

    def resume(self, now: datetime) -> bool:
        """Give back what was left, to the microsecond; False where nothing stands still."""
        if self.pause is None or self.end is None:
            return False
        began, until = self.pause
        # A clock that was set back takes nothing of what had been used up before.
        self.end, self.pause = max(now, began) + (self.end - until), None
        self.access_end, self.is_running = self.end + self.grace, True
        self.plan(now)
        return True

    def resume_in_time(self, now: datetime) -> bool:
        """End a pause that is over; nothing passed of what is left until somebody noticed."""
        return self.pause is not None and now >= self.pause[1] and self.resume(now)

    def expire(self, now: datetime, unpaid: list[datetime]) -> bool:
        """End it if it is over and nobody is paying; the end waits for who opened an order before it came."""
        if not self.is_running or self.end is None or self.access_end is None or now < self.access_end:
            return False
        waits = [opened + PATIENCE for opened in unpaid if opened < self.end + self.grace and now < opened + PATIENCE]
        if waits:
            self.access_end = max(waits)
            return False
        self.is_running = False
        return True

    def plan(self, now: datetime) -> None:
        """Look forward to the reminders of the present end; what has passed is not made up for."""
        self.reminders = set()
        if self.end is not None and self.end != FOREVER:
            ahead = {offset for offset in self.offsets if self.end - timedelta(seconds=offset) > now}
            self.reminders = {offset for offset in ahead if (self.end, offset) not in self.reminded}

    def remind(self, now: datetime) -> int | None:
        """Return which reminder is due: the first whose moment has come."""
        if not self.is_running or self.end is None:
            return None
        due = [offset for offset in self.reminders if self.end - timedelta(seconds=offset) <= now]
        if not due:
            return None
        self.reminded.add((self.end, max(due)))
        self.plan(now)
        return max(due)
