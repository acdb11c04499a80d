"""Rules of bots: reading a pasted token, and what is wrong with a webhook."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lumenpay.bots.rules import decide_patience, decide_webhook_fault, find_token, is_health_news

TOKEN = "7000000001:AAExampleExampleExampleExampleExamp"
FATHER = (
    f"Done! Congratulations on your new bot. Use this token to access the HTTP API:\n{TOKEN}\nKeep your token secure"
)


@pytest.mark.parametrize(
    ("text", "token"),
    [
        (TOKEN, TOKEN),
        (f"  {TOKEN}\n", TOKEN),
        (FATHER, TOKEN),
        (f"`{TOKEN}`", TOKEN),
        ("7000000001:short", None),
        ("no token here", None),
        ("", None),
    ],
)
def test_a_token_is_found_alone_or_in_a_whole_message(text, token):
    assert find_token(text) == token


@pytest.mark.parametrize(
    ("url", "updates", "fault"),
    [
        ("https://ours", ["message", "chat_member"], ""),
        ("https://theirs", ["message", "chat_member"], "webhook_stolen"),
        ("", ["message", "chat_member"], "webhook_cleared"),
        ("https://ours", ["message"], "updates_missing"),
    ],
)
def test_a_webhook_that_drifted_is_named_e11_e12(url, updates, fault):
    decided = decide_webhook_fault(
        url=url, expected_url="https://ours", allowed_updates=updates, needed_updates=["message", "chat_member"]
    )
    assert decided == fault


@pytest.mark.parametrize(
    ("told", "code", "is_news"),
    [
        ("", "", False),
        ("", "webhook_stolen", True),
        ("webhook_stolen", "", True),
        ("webhook_stolen", "webhook_stolen", False),
        ("webhook_stolen", "webhook_cleared", False),
        ("updates_missing", "webhook_stolen", False),
        ("webhook_stolen", "token_revoked", True),
        ("webhook_failing", "webhook_refused", True),
    ],
)
def test_owners_hear_of_another_fault_and_not_of_other_signs_of_one_e12(told, code, is_news):
    assert is_health_news(code, told_code=told) is is_news


@pytest.mark.parametrize(
    ("told", "code", "minutes"),
    [
        ("", "token_revoked", 0),
        ("", "webhook_stolen", 0),
        ("", "webhook_failing", 15),
        ("", "webhook_refused", 15),
        ("token_revoked", "", 0),
        ("webhook_stolen", "", 30),
        ("webhook_failing", "", 30),
    ],
)
def test_what_may_pass_by_itself_has_to_last_before_owners_hear_of_it(told, code, minutes):
    assert decide_patience(code, told_code=told) == timedelta(minutes=minutes)
