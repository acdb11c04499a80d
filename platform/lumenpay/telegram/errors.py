"""What can go wrong between us and Telegram, in our own terms."""

from __future__ import annotations

from lumenpay.errors import ErrorKind, LumenError, UnavailableError


class TelegramTokenRevokedError(LumenError):
    """Telegram does not accept the bot's token any more."""

    code = "telegram_token_revoked"
    kind = ErrorKind.CONFLICT


class TelegramRetryLaterError(UnavailableError):
    """Telegram asks to slow down (429)."""

    code = "telegram_retry_later"


class TelegramUnavailableError(UnavailableError):
    """No usable answer.

    Attributes:
        is_outcome_unknown: The call may have been carried out.
    """

    code = "telegram_unavailable"

    def __init__(self, message: str = "", *, is_outcome_unknown: bool = True) -> None:
        """Keep whether the call may have worked."""
        super().__init__(message)
        self.is_outcome_unknown = is_outcome_unknown


class TelegramUnreachableUserError(LumenError):
    """The person blocked the bot, deleted the account or never started the bot."""

    code = "telegram_unreachable_user"
    kind = ErrorKind.CONFLICT


class TelegramMissingRightsError(LumenError):
    """The bot is no admin of the chat, or lacks the right that the call needs."""

    code = "telegram_missing_rights"
    kind = ErrorKind.CONFLICT


class TelegramChatGoneError(LumenError):
    """There is no such chat for this bot."""

    code = "telegram_chat_gone"
    kind = ErrorKind.NOT_FOUND


class TelegramChatMigratedError(LumenError):
    """The group became a supergroup and has another id now."""

    code = "telegram_chat_migrated"
    kind = ErrorKind.CONFLICT

    def __init__(self, new_chat_id: int, *, old_chat_id: int | None = None) -> None:
        """Keep the new id, and the old one where the call named it."""
        super().__init__()
        self.new_chat_id, self.old_chat_id = new_chat_id, old_chat_id


class TelegramTargetIsAdminError(LumenError):
    """The person is the owner or an admin of the chat and cannot be removed by a bot."""

    code = "telegram_target_is_admin"
    kind = ErrorKind.CONFLICT


class TelegramRejectedError(LumenError):
    """Telegram refuses the call for good; the description says why."""

    code = "telegram_rejected"

    def __init__(self, description: str) -> None:
        """Keep Telegram's own words."""
        super().__init__(description)
        self.description = description
