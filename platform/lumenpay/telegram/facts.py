"""What Telegram says, as plain values; and the buttons that we put under a message."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

ALLOWED_UPDATES = (
    "message",
    "callback_query",
    "my_chat_member",
    "chat_member",
    "chat_join_request",
    "pre_checkout_query",
    "subscription",
)
"""Named in full: an empty list would leave out `chat_member`, and a missing one would keep an older setting."""

INSIDE_STATUSES = frozenset({"creator", "administrator", "member"})
BANNED_STATUS = "kicked"
ADMIN_STATUSES = frozenset({"creator", "administrator"})
ANONYMOUS_ADMIN_ID = 1087968824
"""@GroupAnonymousBot: what an admin does who is hidden behind the name of the group is told as its doing."""


class JoinQueryResult(StrEnum):
    """The answer to a question about a join request, which must be given within ten seconds."""

    APPROVE = "approve"
    DECLINE = "decline"
    QUEUE = "queue"
    """Other administrators decide."""


@dataclass(frozen=True, slots=True)
class Button:
    """An inline button; it carries either an address or callback data (up to 64 bytes)."""

    text: str
    url: str | None = None
    data: str | None = None


Buttons = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class BotProfile:
    """Who a token belongs to."""

    telegram_id: int
    username: str
    name: str


@dataclass(frozen=True, slots=True)
class WebhookFacts:
    """What Telegram has on record for a bot's webhook."""

    url: str
    allowed_updates: tuple[str, ...]
    pending_count: int
    last_error: str
    last_error_at: datetime | None


@dataclass(frozen=True, slots=True)
class ChatFacts:
    """A chat as the bot sees it; `kind` is Telegram's own word."""

    chat_id: int
    kind: str
    title: str
    username: str | None


@dataclass(frozen=True, slots=True)
class MemberFacts:
    """One person's (or the bot's own) place in a chat."""

    status: str
    is_inside: bool
    is_admin: bool
    can_invite_users: bool
    can_restrict_members: bool
