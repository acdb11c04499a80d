"""Rules of bots: reading a pasted token, and what is wrong with a webhook."""

from __future__ import annotations

import pytest

from lumenpay.bots.rules import decide_webhook_fault, find_token

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
