"""Rules of broadcasts: which messages can be sent, what can be done when, and when people are written to."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from lumenpay.broadcasts.rules import (
    ALWAYS,
    Action,
    ButtonPlan,
    Content,
    SendingHours,
    arrange,
    find_next_time,
    find_opening,
    find_problems,
    is_refused_by_all,
    load_button,
    may,
)
from lumenpay.models.broadcasts import BroadcastStatus, MediumKind, Repeats

PHOTO, FILE_ID = MediumKind.PHOTO, "AgACAgIAAxkBAAIB"
DRAFT, SCHEDULED, RUNNING, PAUSED, FINISHED, STOPPED = BroadcastStatus


@pytest.mark.parametrize(
    ("content", "problems"),
    [
        (Content("<b>Hello</b>, {name}!"), {}),
        (Content("x" * 4096), {}),
        (Content("😀" * 2049), {"text": "too_long 4098"}),
        (Content("x" * 1024, PHOTO, FILE_ID), {}),
        (Content("x" * 1025, PHOTO, FILE_ID), {"text": "too_long 1025"}),
        (Content(" <b> </b> "), {"text": "empty"}),
        (Content("{until}"), {"text": "unknown_variable until"}),
        (Content("x", PHOTO), {"medium": "incomplete"}),
        (Content("x", None, FILE_ID), {"medium": "incomplete"}),
        (Content("x", PHOTO, "https://example.org/a.jpg"), {}),
        (Content("x", PHOTO, "file:///etc/passwd"), {"medium": "invalid"}),
        (Content("x", PHOTO, "short"), {"medium": "invalid"}),
        (Content("x", buttons=(ButtonPlan(0, "Go", "https://a.example", uuid4()),)), {"buttons.0": "one_target"}),
        (Content("x", buttons=(ButtonPlan(0, " ", "https://a.example"),)), {"buttons.0.text": "invalid"}),
        (Content("x", buttons=(ButtonPlan(0, "Go", "javascript:alert(1)"),)), {"buttons.0.url": "invalid"}),
        (Content("x", buttons=(ButtonPlan(0, "Go", "https://a.example"),) * 5), {"buttons": "too_many"}),
    ],
)
def test_what_telegram_would_refuse_is_named_by_its_field(content: Content, problems: dict[str, str]) -> None:
    assert find_problems(content, ALWAYS) == problems


def test_buttons_stand_in_their_rows_and_come_back_as_they_were_stored() -> None:
    buttons = (
        ButtonPlan(3, "c", plan_id=uuid4()),
        ButtonPlan(1, "a", "https://a.example"),
        ButtonPlan(3, "d", promo_code_id=uuid4()),
    )
    assert [[button.text for button in row] for row in arrange(buttons)] == [["a"], ["c", "d"]]
    assert tuple(load_button(button.dump()) for button in buttons) == buttons


@pytest.mark.parametrize(
    ("status", "has_started", "allowed"),
    [
        (DRAFT, False, {Action.CHANGE, Action.DISCARD, Action.SCHEDULE, Action.START}),
        (SCHEDULED, False, {Action.CHANGE, Action.DISCARD, Action.SCHEDULE, Action.UNSCHEDULE, Action.START}),
        (SCHEDULED, True, {Action.PAUSE, Action.STOP}),
        (RUNNING, True, {Action.PAUSE, Action.STOP, Action.RETRY}),
        (PAUSED, True, {Action.RESUME, Action.STOP, Action.RETRY}),
        (FINISHED, True, {Action.RETRY}),
        (STOPPED, True, {Action.RETRY}),
    ],
)
def test_what_has_begun_is_not_changed_and_what_has_not_is_not_steered(
    status: BroadcastStatus, has_started: bool, allowed: set[Action]
) -> None:
    assert {action for action in Action if may(action, status, has_started=has_started)} == allowed


@pytest.mark.parametrize(
    ("local", "opening"),
    [
        ("2026-11-24 10:00", None),
        ("2026-11-24 19:59", None),
        ("2026-11-24 20:00", "2026-11-25 10:00"),
        ("2026-11-24 00:30", "2026-11-24 10:00"),
        # The nights in which the clocks are changed are an hour shorter and longer.
        ("2026-03-28 21:00", "2026-03-29 10:00"),
        ("2026-10-24 21:00", "2026-10-25 10:00"),
    ],
)
def test_the_opening_is_by_the_wall_clock_of_the_tenant(local: str, opening: str | None) -> None:
    zone = ZoneInfo("Europe/Berlin")
    now = datetime.fromisoformat(local).replace(tzinfo=zone).astimezone(UTC)
    expected = None if opening is None else datetime.fromisoformat(opening).replace(tzinfo=zone)
    assert find_opening(now, hours=SendingHours(10, 20), time_zone="Europe/Berlin") == expected
    assert find_opening(now, hours=ALWAYS, time_zone="Europe/Berlin") is None


def test_only_a_message_that_nobody_got_is_held_back() -> None:
    assert [is_refused_by_all(sent=sent, failed=failed) for sent, failed in ((0, 19), (0, 20), (1, 500))] == [
        False, True, False,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("since", "repeats", "after", "expected"),
    [
        ("2026-01-31T12:00", Repeats.DAILY, "2026-01-31T12:00", "2026-02-01T12:00"),
        ("2026-01-31T12:00", Repeats.DAILY, "2026-03-10T13:00", "2026-03-11T12:00"),
        ("2026-01-31T12:00", Repeats.WEEKLY, "2026-01-31T12:00", "2026-02-07T12:00"),
        ("2026-01-31T12:00", Repeats.MONTHLY, "2026-01-31T12:00", "2026-02-28T12:00"),
        ("2026-01-31T12:00", Repeats.MONTHLY, "2026-02-28T12:00", "2026-03-31T12:00"),
        ("2026-12-31T12:00", Repeats.MONTHLY, "2027-01-31T11:00", "2027-01-31T12:00"),
        ("2026-03-28T12:00", Repeats.DAILY, "2026-03-28T12:00", "2026-03-29T12:00"),
        ("2026-01-31T12:00", Repeats.MONTHLY, "2036-02-01T00:00", "2036-02-29T12:00"),
    ],
)
def test_a_broadcast_that_repeats_keeps_its_time_and_its_day(
    since: str, repeats: Repeats, after: str, expected: str
) -> None:
    zone = ZoneInfo("Europe/Berlin")
    moments = [datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC) for text in (since, after, expected)]
    assert find_next_time(moments[0], repeats, time_zone=zone.key, after=moments[1]) == moments[2]
