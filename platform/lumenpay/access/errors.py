"""What can go wrong at the doors."""

from __future__ import annotations

from lumenpay.errors import ConflictError


class NothingToSendError(ConflictError):
    """No running subscription: there is no link to send."""

    code = "nothing_to_send"


class BotBlockedError(ConflictError):
    """The person has blocked the bot and cannot be written to."""

    code = "bot_blocked_by_user"
