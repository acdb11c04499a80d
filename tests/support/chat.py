"""A subscriber's phone: writes and presses in the sandbox, has the bot handle it, and reads what the chat shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import select

from lumenpay.bots.secrets import open_token
from lumenpay.messages.rules import MESSAGE_LIMIT
from lumenpay.models.bots import Bot
from lumenpay.models.users import User
from lumenpay.telegram.facts import ALLOWED_UPDATES
from tenants_worker.bot.dispatcher import feed_update
from tenants_worker.context import BotRuntime
from tests.support.stall import Stall


@dataclass
class Phone:
    """One person in the chat with a stall's bot."""

    stall: Stall
    id: int
    bot: BotRuntime
    seen: list[dict[str, Any]] = field(default_factory=list)

    async def write(self, text: str) -> None:
        """Write to the bot, which answers."""
        await self._control("POST", f"/users/{self.id}/messages", bot_id=self.bot.telegram_id, text=text)
        await self.let_bot_work()

    async def press(self, caption: str) -> dict[str, Any]:
        """Press a button of the newest message that has it; return the bot's answer to the press."""
        for message in reversed(await self.messages()):
            for button in buttons_of(message):
                if caption in button["text"]:
                    return await self.press_data(message["message_id"], button["callback_data"])
        raise AssertionError(f"no button {caption!r} in {await self.captions()}")

    async def press_data(self, message_id: int, data: str) -> dict[str, Any]:
        """Press a button by what it carries."""
        body = {"bot_id": self.bot.telegram_id, "message_id": message_id, "data": data}
        pressed = await self._control("POST", f"/users/{self.id}/callbacks", **body)
        await self.let_bot_work()
        shown = await self._control("GET", f"/users/{self.id}/callbacks/{pressed['callback_query_id']}")
        return dict(shown)

    async def updates(self) -> list[dict[str, Any]]:
        """Take the bot's new updates from the sandbox."""
        token, last = self.bot.token.reveal(), max((one["update_id"] for one in self.seen), default=0)
        url = f"{self.stall.market.telegram_url}/bot{token}/getUpdates"
        body = {"offset": last + 1, "allowed_updates": list(ALLOWED_UPDATES)}
        async with self.stall.market.http.post(url, json=body) as response:
            found = (await response.json())["result"]
        self.seen += found
        return list(found)

    async def let_bot_work(self) -> None:
        """Have every new update handled."""
        for update in await self.updates():
            await self.feed(update)

    async def feed(self, update: dict[str, Any] | bytes) -> None:
        """Have one raw update handled."""
        raw = update if isinstance(update, bytes) else orjson.dumps(update)
        await feed_update(self.stall.market.worker, self.bot, raw)

    async def messages(self) -> list[dict[str, Any]]:
        """Return what the bot has written, as it looks now."""
        chat = await self._control("GET", f"/users/{self.id}/chats/{self.bot.telegram_id}")
        return [one for one in chat["messages"] if one["from"] == "bot" and not one["deleted"]]

    async def screen(self) -> str:
        """Return the text of the newest message."""
        text = str((await self.messages())[-1]["text"])
        assert len(text.encode("utf-16-le")) // 2 <= MESSAGE_LIMIT
        return text

    async def captions(self) -> list[str]:
        """Return the buttons of the newest message."""
        return [button["text"] for button in buttons_of((await self.messages())[-1])]

    async def user(self) -> User:
        """Return the subscriber's row."""
        async with self.stall.market.tenant(self.stall.tenant_id) as session:
            query = select(User).where(User.tenant_id == self.stall.tenant_id, User.telegram_id == self.id)
            return (await session.execute(query)).scalar_one()

    async def _control(self, method: str, path: str, **body: Any) -> Any:
        return await self.stall.market.telegram(method, path, **body)


def buttons_of(message: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the buttons under a message."""
    rows = (message["reply_markup"] or {}).get("inline_keyboard", [])
    return [button for row in rows for button in row]


async def open_phone(stall: Stall, **person: Any) -> Phone:
    """Return the phone of a new person."""
    market = stall.market
    made = await market.telegram("POST", "/users", **({"first_name": "Анна", "language_code": "ru"} | person))
    async with market.tenant(stall.tenant_id) as session:
        bot = await session.get_one(Bot, (stall.tenant_id, stall.bot_id))
    token = open_token(market.ring, bot)
    runtime = BotRuntime(stall.tenant_id, bot.id, stall.telegram_bot_id, bot.username, token)
    phone = Phone(stall, made["id"], runtime)
    # What happened before this person came is not theirs to handle.
    await phone.updates()
    return phone
