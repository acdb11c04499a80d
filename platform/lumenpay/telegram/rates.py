"""What Telegram allows a bot in a second, and how many people that lets go in a minute.

Telegram allows about 30 calls a second a bot and about one message a second to one chat, with short bursts.
"""

from __future__ import annotations

from typing import Final

PER_BOT_RATE: Final = 29.0
BULK_RATE: Final = 28.5
"""What a bot's broadcasts take of it together; what somebody waits for goes out beside and ahead of them."""
BULK_RATE_ALONE: Final = 10.0
"""The same for one process that cannot ask what the others send."""
PER_CHAT_RATE: Final = 1.0
PER_CHAT_BURST: Final = 5.0
CALLS_PER_REMOVAL: Final = 3
"""Look where the person is, take them out, look whether they are."""
CALLS_PER_END: Final = CALLS_PER_REMOVAL + 1
"""And the message that says so."""
ENDS_PER_MINUTE: Final = int(PER_BOT_RATE * 60 / CALLS_PER_END)
"""So many subscriptions of one bot can end in a minute, with everybody told and outside."""


def count_minutes(people: int) -> int:
    """Return in how many minutes a bot has taken so many people out and told them, rounded up."""
    return -(-people // ENDS_PER_MINUTE)
