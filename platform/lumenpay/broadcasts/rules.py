"""Pure rules of broadcasts: which messages can be sent, which state follows which, and when people are written to."""

from __future__ import annotations

import itertools
from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from lumenpay.messages.rules import CAPTION_LIMIT, MESSAGE_LIMIT, check_text
from lumenpay.models.broadcasts import BroadcastStatus, MediumKind, Repeats

VARIABLES: Final = ("name", "plan", "paid_until")
MAX_BUTTONS, MAX_ROWS, MAX_IN_ROW, MAX_CAPTION = 20, 10, 4, 64
BRAKE_AFTER: Final = 20
"""So many refusals and not a single message that arrived: something is wrong with the message itself."""
LOOKED_AFTER_EVERY: Final = timedelta(minutes=2)
"""A broadcast that runs and whose job did nothing for so long gets another one."""
_LINKS = ("https://", "http://", "tg://")
_SMALLEST_FILE_ID = 16


@dataclass(frozen=True, slots=True)
class ButtonPlan:
    """A button under a broadcast, in a row of its number: it opens an address, a plan or a promo code."""

    row: int
    text: str
    url: str | None = None
    plan_id: UUID | None = None
    promo_code_id: UUID | None = None

    def dump(self) -> dict[str, Any]:
        """Return the button as it is stored."""
        ids = {"plan_id": self.plan_id, "promo_code_id": self.promo_code_id}
        target = {name: str(value) for name, value in {"url": self.url, **ids}.items() if value is not None}
        return {"row": self.row, "text": self.text, **target}


def load_button(stored: Mapping[str, Any]) -> ButtonPlan:
    """Return the button that `ButtonPlan.dump` wrote."""
    ids = {name: UUID(stored[name]) if name in stored else None for name in ("plan_id", "promo_code_id")}
    return ButtonPlan(int(stored["row"]), str(stored["text"]), stored.get("url"), **ids)


@dataclass(frozen=True, slots=True)
class Content:
    """What a broadcast says. A medium is a file id of Telegram's, or an https address."""

    text: str
    medium_kind: MediumKind | None = None
    medium: str | None = None
    buttons: tuple[ButtonPlan, ...] = ()
    name_fallback: str = ""
    plan_fallback: str = ""
    paid_until_fallback: str = ""

    @property
    def names_subscription(self) -> bool:
        """Whether something of the person's subscription stands in it."""
        return "{plan}" in self.text or "{paid_until}" in self.text


@dataclass(frozen=True, slots=True)
class SendingHours:
    """The hours of a day in which people are written to; `until` is the first one that is too late.

    Of each reader's own day where a broadcast goes to each at a moment of their own, else of the tenant's.
    """

    from_hour: int = 0
    until_hour: int = 24


ALWAYS: Final = SendingHours()


class Action(StrEnum):
    """What can be done about a broadcast."""

    CHANGE = "change"
    DISCARD = "discard"
    SCHEDULE = "schedule"
    UNSCHEDULE = "unschedule"
    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"
    RETRY = "retry"


_DRAFT, _SCHEDULED, _RUNNING, _PAUSED, _FINISHED, _STOPPED = BroadcastStatus
_FROM: Final[Mapping[Action, frozenset[BroadcastStatus]]] = {
    Action.CHANGE: frozenset({_DRAFT, _SCHEDULED}),
    Action.DISCARD: frozenset({_DRAFT, _SCHEDULED}),
    Action.SCHEDULE: frozenset({_DRAFT, _SCHEDULED}),
    Action.UNSCHEDULE: frozenset({_SCHEDULED}),
    Action.START: frozenset({_DRAFT, _SCHEDULED}),
    Action.PAUSE: frozenset({_RUNNING, _SCHEDULED}),
    Action.RESUME: frozenset({_PAUSED}),
    Action.STOP: frozenset({_RUNNING, _PAUSED, _SCHEDULED}),
    Action.RETRY: frozenset({_RUNNING, _PAUSED, _FINISHED, _STOPPED}),
}
_BEFORE_START = frozenset({Action.CHANGE, Action.DISCARD, Action.SCHEDULE, Action.UNSCHEDULE, Action.START})


def may(action: Action, status: BroadcastStatus, *, has_started: bool) -> bool:
    """Tell whether something can be done about a broadcast in a state; one that began and waits has started."""
    if status not in _FROM[action]:
        return False
    if action in _BEFORE_START:
        return not has_started
    return has_started


def limit_of(medium_kind: MediumKind | None) -> int:
    """Return how many UTF-16 units of visible text there is room for."""
    return MESSAGE_LIMIT if medium_kind is None else CAPTION_LIMIT


def find_problems(content: Content, hours: SendingHours) -> dict[str, str]:
    """Return what keeps a message from being sent, by field; empty when nothing does."""
    problems: dict[str, str] = {}
    found = check_text(content.text, variables=VARIABLES, limit=limit_of(content.medium_kind))
    if found:
        problems["text"] = ", ".join(f"{problem.code} {problem.about}".strip() for problem in found)
    if (content.medium_kind is None) != (content.medium is None):
        problems["medium"] = "incomplete"
    elif content.medium is not None and not _is_medium(content.medium):
        problems["medium"] = "invalid"
    if hours.from_hour >= hours.until_hour:
        problems["until_hour"] = "before_from_hour"
    return problems | _find_button_problems(content.buttons)


def _is_medium(medium: str) -> bool:
    if "://" in medium:
        return medium.startswith("https://")
    return len(medium) >= _SMALLEST_FILE_ID and medium.isascii() and medium.isprintable() and " " not in medium


def _find_button_problems(buttons: Sequence[ButtonPlan]) -> dict[str, str]:
    problems: dict[str, str] = {}
    for number, button in enumerate(buttons):
        targets = [target for target in (button.url, button.plan_id, button.promo_code_id) if target is not None]
        if not button.text.strip() or len(button.text) > MAX_CAPTION:
            problems[f"buttons.{number}.text"] = "invalid"
        elif len(targets) != 1:
            problems[f"buttons.{number}"] = "one_target"
        elif button.url is not None and not button.url.lower().startswith(_LINKS):
            problems[f"buttons.{number}.url"] = "invalid"
    rows = arrange(buttons)
    if len(buttons) > MAX_BUTTONS or len(rows) > MAX_ROWS or any(len(row) > MAX_IN_ROW for row in rows):
        problems["buttons"] = "too_many"
    return problems


def arrange(buttons: Sequence[ButtonPlan]) -> list[list[ButtonPlan]]:
    """Return the buttons in their rows; numbers that are left out leave no empty row."""
    in_order = sorted(buttons, key=lambda button: button.row)
    return [list(row) for _, row in groupby(in_order, key=lambda button: button.row)]


def find_opening(now: datetime, *, hours: SendingHours, time_zone: str) -> datetime | None:
    """Return when people can be written to again; nothing when they can be now."""
    local = now.astimezone(ZoneInfo(time_zone))
    if hours.from_hour <= local.hour < hours.until_hour:
        return None
    opening = local.replace(hour=hours.from_hour, minute=0, second=0, microsecond=0)
    if local.hour >= hours.until_hour:
        opening += timedelta(days=1)
    # A day's length is that of the wall clock: the zone decides, not 24 hours.
    return opening.replace(fold=0).astimezone(now.tzinfo)


def has_closed(hours: SendingHours, zones: Iterable[str], *, since: datetime, now: datetime) -> bool:
    """Tell whether people of any of the zones could be written to at a moment up to an hour ago, and cannot be now."""
    return any(
        find_opening(since, hours=hours, time_zone=zone) is None
        and find_opening(now, hours=hours, time_zone=zone) is not None
        for zone in zones
    )  # fmt: skip


def find_next_time(since: datetime, repeats: Repeats, *, time_zone: str, after: datetime) -> datetime:
    """Return when a broadcast goes out next: at the time of day of the first one, by the wall clock of the zone.

    In a month that has no such day, on its last one; counted from the first, so that the day comes back.
    """
    first = since.astimezone(ZoneInfo(time_zone))
    # A month has 31 days at most: no count beyond it is tried for nothing more than a few times.
    days = {Repeats.DAILY: 1, Repeats.WEEKLY: 7, Repeats.MONTHLY: 31}[repeats]
    for number in itertools.count(max(1, (after - since).days // days)):
        moment = _shift(first, repeats, number).replace(fold=0).astimezone(since.tzinfo)
        if moment > after:
            return moment
    raise AssertionError("time goes on")


def _shift(first: datetime, repeats: Repeats, number: int) -> datetime:
    if repeats is not Repeats.MONTHLY:
        return first + timedelta(days=number * (7 if repeats is Repeats.WEEKLY else 1))
    years, month = divmod(first.month - 1 + number, 12)
    year, month = first.year + years, month + 1
    return first.replace(year=year, month=month, day=min(first.day, monthrange(year, month)[1]))


def is_refused_by_all(*, sent: int, failed: int) -> bool:
    """Tell whether Telegram takes the message for nobody."""
    return sent == 0 and failed >= BRAKE_AFTER
