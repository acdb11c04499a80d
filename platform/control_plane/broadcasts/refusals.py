"""What it means for a broadcast that Telegram refuses what was sent to its owner's own chat."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from control_plane.dependencies import TenantAccess
from lumenpay.bots import service as bots
from lumenpay.broadcasts.errors import BroadcastRefusedError, TestReaderMissingError
from lumenpay.models.bots import Bot
from lumenpay.telegram.errors import (
    TelegramChatGoneError,
    TelegramRejectedError,
    TelegramTokenRevokedError,
    TelegramUnreachableUserError,
)


@asynccontextmanager
async def telling_refusals(access: TenantAccess, bot: Bot) -> AsyncIterator[None]:
    """Turn what Telegram says to the body into what its sender can do about it; a revoked token is stored as such.

    Raises:
        TestReaderMissingError: The person never started the bot.
        BroadcastRefusedError: Telegram does not take the message.
    """
    try:
        yield
    except (TelegramUnreachableUserError, TelegramChatGoneError) as error:
        raise TestReaderMissingError from error
    except TelegramRejectedError as error:
        raise BroadcastRefusedError(fields={"telegram": error.description[:256]}) from error
    except TelegramTokenRevokedError:
        async with access.unit() as session:
            await bots.mark_token_revoked(session, bot.id, token_hint=bot.token_hint, now=access.now)
        raise
