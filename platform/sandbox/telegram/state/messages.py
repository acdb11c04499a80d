"""Messages and the chats between one user and one bot."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sandbox.telegram import markup
from sandbox.telegram.state.users import Waiters

# A chat forgets its oldest messages beyond this many, so that load runs do not fill the memory.
CHAT_HISTORY = 1_000


@dataclass(slots=True, eq=False)
class Message:
    """One message. `content` holds the fields that differ by kind (photo, invoice, successful_payment, …)."""

    id: int
    seq: int
    chat: dict[str, Any]
    sender: dict[str, Any] | None
    from_bot: bool
    date: int
    text: str | None = None
    entities: list[dict[str, Any]] = field(default_factory=list)
    reply_markup: dict[str, Any] | None = None
    content: dict[str, Any] = field(default_factory=dict)
    edit_date: int | None = None
    is_deleted: bool = False
    is_caption: bool = False

    def as_json(self) -> dict[str, Any]:
        """The Message object of the Bot API."""
        message: dict[str, Any] = {"message_id": self.id, "date": self.date, "chat": self.chat, **self.content}
        if self.sender is not None:
            message["from"] = self.sender
        else:
            message["sender_chat"] = self.chat
        if self.text is not None:
            message["caption" if self.is_caption else "text"] = self.text
        if self.entities:
            message["caption_entities" if self.is_caption else "entities"] = self.entities
        if self.reply_markup is not None and "inline_keyboard" in self.reply_markup:
            message["reply_markup"] = self.reply_markup
        if self.edit_date is not None:
            message["edit_date"] = self.edit_date
        return message

    def as_view(self) -> dict[str, Any]:
        """The message as the chat page shows it."""
        return {
            "message_id": self.id,
            "seq": self.seq,
            "from": "bot" if self.from_bot else "user",
            "text": self.text,
            "entities": self.entities,
            "html": None if self.text is None else markup.to_html(self.text, self.entities),
            "reply_markup": self.reply_markup,
            "date": self.date,
            "edit_date": self.edit_date,
            "deleted": self.is_deleted,
            **self.content,
        }


@dataclass(slots=True, eq=False)
class MessageBook:
    """The messages of one chat. `version` grows with every change."""

    messages: dict[int, Message] = field(default_factory=dict)
    version: int = 0
    last_seq: int = 0
    waiters: Waiters = field(default_factory=Waiters)

    def add(self, message: Message) -> None:
        """The message is the newest of the chat."""
        self.messages[message.id] = message
        if len(self.messages) > CHAT_HISTORY:
            del self.messages[next(iter(self.messages))]
        self.touch()

    def next_seq(self) -> int:
        """The place of the next message in this chat."""
        self.last_seq += 1
        return self.last_seq

    def touch(self) -> None:
        """The chat counts as changed."""
        self.version += 1
        self.waiters.wake()


@dataclass(slots=True, eq=False)
class PrivateChat:
    """The chat of one user with one bot."""

    bot_id: int
    user_id: int
    book: MessageBook = field(default_factory=MessageBook)
    # The user has written to the bot, so the bot may write to the user.
    is_started: bool = False
    is_blocked: bool = False
