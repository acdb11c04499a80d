"""Which of a lane's waiting updates a turn takes: each chat its share, however many another chat has sent."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from lumenpay.db.session import Database
from tenants_worker.inbox_turn import Turn, load_rows

BATCH = 100
"""How many updates a turn takes, most often all there are …"""
SHARE = 8
"""… and how many of them one chat may have as long as others wait."""
SURPLUS = 20
"""Of a person with more plain messages waiting than this the rest are done without a reply."""
_PAGE = 1000
_PAGES = 5

# What people say. Whatever else a message can be (a payment, a chat that was picked, a service message) is no chatter.
_CHATTER = frozenset({
    "animation", "audio", "contact", "dice", "document", "location", "photo", "poll", "sticker", "story", "text",
    "venue", "video", "video_note", "voice",
})  # fmt: skip


@dataclass(slots=True)
class Slice:
    """What a turn does: the updates of each chat in their order, and the ids that are done without a reply."""

    bot: Any = None
    """A row with the bot's columns; None when the bot was deleted."""
    chats: dict[int, list[Any]] = field(default_factory=lambda: defaultdict(list))
    surplus: list[int] = field(default_factory=list)
    resting: list[int] = field(default_factory=list)
    """Updates behind one that failed a moment ago: their chat is left alone in this turn."""


async def load_slice(database: Database, turn: Turn) -> Slice:
    """Return what the next turn of a lane does.

    More is looked at only where somebody's flood fills the first page. Whoever waits behind five thousand updates of
    others waits until surplus messages have been cleared away.
    """
    parts, bot = _Parts(), None
    after, size = -1, BATCH
    for _ in range(_PAGES + 1):
        rows = await load_rows(database, turn, after=after, size=size)
        bot = rows[0] if rows else None
        parts.add(row for row in rows if row.update_id is not None)
        if len(rows) < size or parts.count_shares() >= BATCH:
            break
        after, size = rows[-1].update_id, _PAGE
    found = parts.cut()
    found.bot = bot
    return found


class _Parts:
    """The loaded updates by chat, in the order in which the chats began to wait."""

    def __init__(self) -> None:
        self._chats: dict[int, list[Any]] = defaultdict(list)
        self._chatter: Counter[int] = Counter()
        self._resting: set[int] = set()
        self._surplus: list[int] = []

    def add(self, rows: Iterable[Any]) -> None:
        for row in rows:
            chat, is_chatter = read_key(row.body)
            self._chatter[chat] += is_chatter
            if is_chatter and self._chatter[chat] > SURPLUS:
                self._surplus.append(row.update_id)
                continue
            if row.is_resting:
                self._resting.add(chat)
            self._chats[chat].append(row)

    def count_shares(self) -> int:
        return sum(min(len(rows), SHARE) for chat, rows in self._chats.items() if chat not in self._resting)

    def cut(self) -> Slice:
        found = Slice(surplus=self._surplus)
        room = BATCH
        for limit in (SHARE, BATCH):
            # The second time round, what the shares have left free goes to whoever has more.
            for chat, rows in self._chats.items():
                if chat in self._resting:
                    continue
                have = len(found.chats[chat])
                more = rows[have : min(limit, have + room)]
                found.chats[chat] += more
                room -= len(more)
        found.resting = [row.update_id for chat in self._resting for row in self._chats[chat]]
        return found


def read_key(body: bytes) -> tuple[int, bool]:
    """Return what orders an update, and whether it is a private message that merely says something.

    The order is that of the chat in which it happened, else of the person, else of 0. Unreadable bodies share 0.
    """
    try:
        update = orjson.loads(body)
    except orjson.JSONDecodeError:
        return 0, False
    for name, event in update.items() if isinstance(update, dict) else ():
        if name == "update_id" or not isinstance(event, dict):
            continue
        message = event.get("message")
        chat_id = _id_of(event, "chat") or (_id_of(message, "chat") if isinstance(message, dict) else 0)
        person_id = _id_of(event, "from") or (_id_of(event, "user") if name == "subscription" else 0)
        # Joining and leaving is about a person, wherever it happens: two people need not wait for each other.
        is_about_a_person = name in ("chat_join_request", "chat_member")
        found = person_id or chat_id if is_about_a_person else chat_id or person_id
        if found:
            return found, name == "message" and _is_chatter(event)
    return 0, False


def _is_chatter(message: Mapping[str, Any]) -> bool:
    chat, words = message.get("chat"), message.get("text", "")
    is_command = isinstance(words, str) and words.startswith("/")
    is_private = isinstance(chat, dict) and chat.get("type") == "private"
    return is_private and not is_command and not _CHATTER.isdisjoint(message) and "successful_payment" not in message


def _id_of(event: Mapping[str, Any], name: str) -> int:
    holder = event.get(name)
    found = holder.get("id") if isinstance(holder, dict) else None
    return found if isinstance(found, int) else 0
