"""People and bots."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sandbox.telegram.limits import BotBuckets
    from sandbox.telegram.updates.feed import UpdateFeed


@dataclass(slots=True, eq=False)
class User:
    """A Telegram user, human or bot."""

    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None
    is_premium: bool = False
    is_bot: bool = False
    is_deactivated: bool = False
    # Plays a test drive: the page marks the person, and the bots and channels that the person owns.
    is_test_drive: bool = False
    stars: int = 10_000

    def as_json(self) -> dict[str, Any]:
        """The User object of the Bot API."""
        user: dict[str, Any] = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        for name in ("last_name", "username", "language_code"):
            value = getattr(self, name)
            if value is not None:
                user[name] = value
        if self.is_premium:
            user["is_premium"] = True
        return user

    def as_chat(self) -> dict[str, Any]:
        """The private Chat object that a bot sees for this user."""
        chat: dict[str, Any] = {"id": self.id, "type": "private", "first_name": self.first_name}
        if self.last_name is not None:
            chat["last_name"] = self.last_name
        if self.username is not None:
            chat["username"] = self.username
        return chat


@dataclass(slots=True, eq=False)
class Bot:
    """A bot account: its user, its secret token and what it has set up."""

    user: User
    token: str
    owner_user_id: int | None
    feed: UpdateFeed
    buckets: BotBuckets
    profile: dict[object, Any] = field(default_factory=dict)
    commands: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    last_message_id: int = 0
    # Users whose join request allows the bot to write first, until this Unix time.
    may_write_until: dict[int, float] = field(default_factory=dict)

    @property
    def id(self) -> int:
        """The bot's user id, which is also the first part of its token."""
        return self.user.id

    def as_json(self) -> dict[str, Any]:
        """The bot as the control API shows it to its owner."""
        return {
            "id": self.id,
            "token": self.token,
            "username": self.user.username,
            "name": self.user.first_name,
            "owner_user_id": self.owner_user_id,
            "webhook_url": self.feed.settings.url,
        }


class Waiters:
    """Lets any number of readers wait for the next change of something."""

    __slots__ = ("_futures",)

    def __init__(self) -> None:
        self._futures: list[asyncio.Future[None]] = []

    def wake(self) -> None:
        """Everyone who waits goes on."""
        for future in self._futures:
            if not future.done():
                future.set_result(None)
        self._futures.clear()

    async def wait(self, seconds: float) -> None:
        """Return at the next change, or after `seconds`."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._futures.append(future)
        await asyncio.wait([future], timeout=seconds)
        if not future.done():
            future.cancel()
