"""Whose turn it is, where a bot has more to say than Telegram lets it."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any

import pytest
from aiogram.exceptions import TelegramRetryAfter

from lumenpay.telegram.lean import SendText
from lumenpay.telegram.limits import PER_BOT_RATE, PacingMiddleware

BOT: Any = SimpleNamespace(id=1)
NEIGHBOUR: Any = SimpleNamespace(id=2)


@pytest.fixture
def sent() -> list[tuple[int, int]]:
    return []


@pytest.fixture
def say(sent: list[tuple[int, int]]) -> Any:
    pacing = PacingMiddleware()

    async def make_request(bot: Any, method: Any) -> Any:
        sent.append((bot.id, method.chat_id))

    async def say_one(bot: Any, chat_id: int, *, can_wait: bool = True) -> None:
        await pacing(make_request, bot, SendText(chat_id=chat_id, text="x", can_wait=can_wait))

    return say_one


async def test_what_cannot_wait_takes_no_turn_from_what_can_e16(say: Any, sent: list[tuple[int, int]]) -> None:
    refused = 0
    for stranger in range(200):
        try:
            await say(BOT, stranger, can_wait=False)
        except TelegramRetryAfter:
            refused += 1
    assert (len(sent) + refused, refused > 200 - 3 * PER_BOT_RATE) == (200, True)
    began_at = time.monotonic()
    await say(BOT, 1_000)
    await say(NEIGHBOUR, 1_000)
    # One turn, and not those of two hundred strangers, which would be five seconds and a refusal.
    assert time.monotonic() - began_at < 2
    assert sent[-2:] == [(1, 1_000), (2, 1_000)]
