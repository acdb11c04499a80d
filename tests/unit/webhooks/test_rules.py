"""When a failed delivery is tried again, and when an endpoint is given up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from standardwebhooks import Webhook

from lumenpay.kit.crypto import Secret
from lumenpay.webhooks.rules import (
    GIVEN_UP_AFTER,
    PAUSES,
    TRIED_FOR,
    decide_next_attempt,
    is_given_up,
    is_taken,
    read_retry_after,
)
from lumenpay.webhooks.secrets import sign

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)


def test_the_pauses_grow_and_the_last_try_is_three_days_after_the_first() -> None:
    assert list(PAUSES) == sorted(PAUSES)
    pauses = [decide_next_attempt(attempts, now=NOW, jitter=0, tried_since_at=NOW) for attempts in range(1, 12)]
    assert pauses == [*(NOW + pause for pause in PAUSES), None, None]
    assert timedelta(days=3) < sum(PAUSES, timedelta()) < TRIED_FOR < GIVEN_UP_AFTER


def test_a_pause_is_stretched_by_a_tenth_at_most() -> None:
    assert decide_next_attempt(2, now=NOW, jitter=1, tried_since_at=NOW) == NOW + PAUSES[1] * 1.1


def test_an_endpoint_has_its_next_try_put_off_but_neither_brought_forward_nor_moved_past_the_last_one() -> None:
    def decide(asked: timedelta, *, since: timedelta = timedelta()) -> datetime | None:
        return decide_next_attempt(2, now=NOW, jitter=0, tried_since_at=NOW - since, asked_at=NOW + asked)

    assert decide(timedelta(hours=1)) == NOW + timedelta(hours=1)
    assert decide(timedelta(seconds=1)) == NOW + PAUSES[1]
    assert decide(timedelta(days=1), since=TRIED_FOR - timedelta(hours=1)) == NOW + timedelta(hours=1)
    assert decide(timedelta(0), since=TRIED_FOR) is None


@pytest.mark.parametrize(
    ("value", "status", "seconds"),
    [
        ("120", 429, 120), (" 0 ", 503, 0), ("9" * 400, 503, 86_400), ("100000", 429, 86_400),
        ("Sun, 29 Nov 2026 12:01:30 GMT", 503, 90), ("Sunday, 29-Nov-26 12:01:30 GMT", 429, 90),
        ("Sun, 06 Dec 2026 12:00:00 GMT", 503, 86_400), ("Sat, 28 Nov 2026 12:00:00 GMT", 429, -86_400),
        ("120", 500, None), ("", 429, None), ("soon", 429, None), ("-5", 429, None), ("1.5", 503, None),
        ("٣", 429, None), ("Sun, 99 Nov 2026 12:00:00 GMT", 429, None),
        ("Sun, 29 Nov 2026 12:00:00 +9999999999", 429, None),
    ],
)  # fmt: skip
def test_what_an_endpoint_asks_for_is_read_as_http_writes_it(value: str, status: int, seconds: int | None) -> None:
    asked_at = read_retry_after(value, status=status, now=NOW)
    assert asked_at == (None if seconds is None else NOW + timedelta(seconds=seconds))


@pytest.mark.parametrize(("status", "taken"), [(200, True), (204, True), (299, True), (301, False), (None, False)])
def test_an_answer_of_success_takes_an_event(status: int | None, taken: bool) -> None:
    assert is_taken(status) is taken


def test_an_endpoint_is_given_up_after_days_without_one_success() -> None:
    assert not is_given_up(None, now=NOW)
    assert not is_given_up(NOW - GIVEN_UP_AFTER + timedelta(seconds=1), now=NOW)
    assert is_given_up(NOW - GIVEN_UP_AFTER, now=NOW)


def test_a_signature_is_that_of_the_standard() -> None:
    # The example of the specification, https://github.com/standard-webhooks/standard-webhooks.
    secret = Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    body, event_id = b'{"test": 2432232314}', UUID(int=7)
    headers = sign([secret, Secret("whsec_" + "QUJD" * 8)], event_id=event_id, body=body, now=NOW)
    assert headers["webhook-id"] == f"evt_{event_id.hex}"
    assert headers["webhook-timestamp"] == str(int(NOW.timestamp()))
    mine = Webhook(secret.reveal()).sign(headers["webhook-id"], NOW, body.decode())
    assert headers["webhook-signature"].split(" ")[0] == mine
    assert len(headers["webhook-signature"].split(" ")) == 2
    known = Webhook(secret.reveal()).sign(
        "msg_p5jXN8AQM9LWM0D4loKWxJek", datetime.fromtimestamp(1614265330, UTC), body.decode()
    )
    assert known == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
