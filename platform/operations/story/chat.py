"""A person of the story at the phone: writes to the bot, reads, presses buttons, follows links."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from operations.story.doors import Doors, StoryBrokenError, wait_for

ANSWER_SECONDS = 20.0


@dataclass
class Phone:
    """One person's chat with one bot."""

    doors: Doors
    user_id: int
    bot_id: int

    async def messages(self) -> list[dict[str, Any]]:
        """Return the bot's messages, oldest first."""
        chat = await self.doors.telegram("GET", f"/users/{self.user_id}/chats/{self.bot_id}")
        return [item for item in chat["messages"] if item["from"] == "bot" and not item.get("deleted")]

    async def write(self, text: str) -> None:
        """Write to the bot."""
        await self.doors.telegram("POST", f"/users/{self.user_id}/messages", {"bot_id": self.bot_id, "text": text})

    async def read(self, *words: str, after: int = 0, seconds: float = ANSWER_SECONDS) -> dict[str, Any]:
        """Wait for the newest message that holds all the words.

        Args:
            after: Only messages with a greater id count, or edited ones where it is 0.
        """

        async def look() -> dict[str, Any] | None:
            found = [
                item
                for item in await self.messages()
                if item["message_id"] > after and all(word in (item.get("text") or "") for word in words)
            ]
            return found[-1] if found else None

        return await wait_for(f"a message with {', '.join(words)}", look, seconds=seconds)

    async def ask(self, text: str, *words: str) -> dict[str, Any]:
        """Write to the bot and wait for an answer that holds the words."""
        last = max((item["message_id"] for item in await self.messages()), default=0)
        await self.write(text)
        return await self.read(*words, after=last)

    async def press(self, message: dict[str, Any], caption: str) -> None:
        """Press the button whose caption holds the word."""
        button = find_button(message, caption)
        body = {"bot_id": self.bot_id, "message_id": message["message_id"], "data": button["callback_data"]}
        await self.doors.telegram("POST", f"/users/{self.user_id}/callbacks", body)

    async def join(self, invite_link: str) -> str:
        """Follow an invite link and return what happened."""
        answer = await self.doors.telegram("POST", f"/users/{self.user_id}/join", {"invite_link": invite_link})
        return str(answer["outcome"])


def find_button(message: dict[str, Any], caption: str) -> dict[str, Any]:
    """Return the button whose caption holds the word.

    Raises:
        StoryBrokenError: There is none.
    """
    rows = (message.get("reply_markup") or {}).get("inline_keyboard") or []
    for row in rows:
        for button in row:
            if caption in button["text"]:
                return dict(button)
    raise StoryBrokenError(f"no button «{caption}» under: {message.get('text')}")
