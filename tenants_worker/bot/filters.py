"""Filters as coroutines: aiogram runs a plain function or an `F` expression in a thread, once an update and filter."""

from __future__ import annotations

from aiogram.filters import Filter
from aiogram.types import CallbackQuery, ChatMemberUpdated, Message


class InPrivateChat(Filter):
    """A message or a change of membership in a person's own chat with the bot."""

    async def __call__(self, event: Message | ChatMemberUpdated) -> bool:
        """Tell whether it happened there, and a person did it."""
        return event.chat.type == "private" and event.from_user is not None


class HasPlainText(Filter):
    """A text that is no command."""

    async def __call__(self, message: Message) -> bool:
        """Tell whether it is one."""
        return bool(message.text) and not str(message.text).startswith("/")


class HasMigrated(Filter):
    """The service message of a group that became a supergroup."""

    async def __call__(self, message: Message) -> bool:
        """Tell whether it is one."""
        return message.migrate_to_chat_id is not None


class Pressed(Filter):
    """One of some fixed buttons."""

    def __init__(self, *data: str) -> None:
        """Take the buttons' data."""
        self._data = frozenset(data)

    async def __call__(self, query: CallbackQuery) -> bool:
        """Tell whether it was one of them."""
        return query.data in self._data
