"""Where a person opens the chat with a bot: in Telegram, or in the chats of the stand-in that all bots are at."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode


@dataclass(frozen=True, slots=True)
class ChatAddresses:
    """Addresses of chats for one person."""

    stand_in_url: str = ""
    """Empty: Telegram itself."""
    person_id: int | None = None
    """Who the person is at the stand-in, by Telegram's id; without one they are whoever they were there last."""

    def of_bot(self, username: str) -> str:
        """Return the address at which a browser opens the chat with a bot."""
        if not self.stand_in_url:
            return f"https://t.me/{username}"
        person = {} if self.person_id is None else {"you": self.person_id}
        return f"{self.stand_in_url}/?{urlencode({**person, 'bot': username})}"
