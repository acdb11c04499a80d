"""Turns what aiogram raises into our errors; nobody above sees an aiogram exception."""

from __future__ import annotations

from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.utils.token import TokenValidationError
from aiohttp import ClientConnectorError

from lumenpay.errors import LumenError
from lumenpay.telegram.errors import (
    TelegramChatGoneError,
    TelegramChatMigratedError,
    TelegramMissingRightsError,
    TelegramRejectedError,
    TelegramRetryLaterError,
    TelegramTargetIsAdminError,
    TelegramTokenRevokedError,
    TelegramUnavailableError,
    TelegramUnreachableUserError,
)

_MISSING_RIGHTS = ("not enough rights", "chat_admin_required", "need administrator rights", "method is available only")
_CHAT_GONE = (
    "chat not found",
    "bot was kicked",
    "bot is not a member",
    "channel_private",
    "group chat was deactivated",
)
_TARGET_IS_ADMIN = ("user is an administrator", "can't remove chat owner", "user_admin_invalid", "chat owner")
_UNREACHABLE = ("blocked by the user", "user is deactivated", "can't initiate conversation", "can't write to private")

_NO_ANSWER = (TelegramNetworkError, TelegramServerError, ClientDecodeError, TimeoutError, OSError)


def translate_error(error: Exception) -> LumenError:
    """Return our error for what a call to Telegram raised."""
    if isinstance(error, TelegramRetryAfter):
        return TelegramRetryLaterError(retry_after_seconds=float(error.retry_after))
    if isinstance(error, TelegramUnauthorizedError | TokenValidationError):
        return TelegramTokenRevokedError()
    if isinstance(error, TelegramMigrateToChat):
        named = getattr(error.method, "chat_id", None)
        return TelegramChatMigratedError(
            error.migrate_to_chat_id, old_chat_id=named if isinstance(named, int) else None
        )
    if isinstance(error, TelegramEntityTooLarge):  # a network error in aiogram's eyes, and as final as they come
        return _translate_refusal(error)
    # An HTML page of a proxy is a decode error; the call may have reached Telegram all the same.
    if isinstance(error, _NO_ANSWER):
        never_connected = isinstance(error.__cause__, ClientConnectorError)
        return TelegramUnavailableError(type(error).__name__, is_outcome_unknown=not never_connected)
    if isinstance(error, TelegramAPIError):
        return _translate_refusal(error)
    raise error


def _translate_refusal(error: TelegramAPIError) -> LumenError:
    description = error.message
    text = description.lower()
    if any(part in text for part in _TARGET_IS_ADMIN):
        return TelegramTargetIsAdminError(description)
    if any(part in text for part in _MISSING_RIGHTS):
        return TelegramMissingRightsError(description)
    if any(part in text for part in _CHAT_GONE):
        return TelegramChatGoneError(description)
    if any(part in text for part in _UNREACHABLE) or isinstance(error, TelegramForbiddenError):
        return TelegramUnreachableUserError(description)
    return TelegramRejectedError(description)
