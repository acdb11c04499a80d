"""Filters as coroutines: aiogram runs a plain function or an `F` expression in a thread, once an update and filter."""

from __future__ import annotations

from collections import OrderedDict

from aiogram.enums import ContentType
from aiogram.filters import Filter
from aiogram.types import CallbackQuery, ChatMemberUpdated, Message

from tenants_worker.bot.conversation import Conversation


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


class SaysSomething(Filter):
    """What a person wrote or sent, and of an album its first part only; not what Telegram tells of the chat."""

    _KINDS = frozenset(
        ContentType(kind)
        for kind in (
            "text", "animation", "audio", "checklist", "contact", "dice", "document", "game", "live_photo",
            "location", "paid_media", "photo", "poll", "rich_message", "sticker", "story", "venue", "video",
            "video_note", "voice",
        )
    )  # fmt: skip
    _ALBUMS_REMEMBERED = 10_000

    def __init__(self) -> None:
        """Know no album yet."""
        self._albums: OrderedDict[tuple[int, int, str], int] = OrderedDict()

    async def __call__(self, message: Message, conversation: Conversation) -> bool:
        """Tell whether it is something that wants an answer."""
        if message.content_type not in self._KINDS:
            return False
        if message.media_group_id is None:
            return True
        # In the memory of this process: an album whose parts two processes handle gets a second answer, and no harm.
        key = (conversation.bot.telegram_id, message.chat.id, message.media_group_id)
        answered = self._albums.setdefault(key, message.message_id)
        if len(self._albums) > self._ALBUMS_REMEMBERED:
            self._albums.popitem(last=False)
        return answered == message.message_id


class HasPaid(Filter):
    """The service message of a payment."""

    async def __call__(self, message: Message) -> bool:
        """Tell whether it is one."""
        return message.successful_payment is not None


class HasBeenRefunded(Filter):
    """The service message of a payment that went back."""

    async def __call__(self, message: Message) -> bool:
        """Tell whether it is one."""
        return message.refunded_payment is not None


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
