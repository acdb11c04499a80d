"""Which menu of commands Telegram shows of a bot, and when one that is out of date is set anew."""

from __future__ import annotations

from datetime import datetime

from lumenpay.kit.daily import next_daily_moment
from lumenpay.models.bots import Bot


def decide_menu(bot: Bot, wanted: str, *, now: datetime) -> bool:
    """Tell whether a locked bot's menu is to be set now; one that is out of date gets a moment of its own for it first.

    A new catalogue concerns every bot at once: their moments are spread over a day.

    Args:
        wanted: The digest of the menu that it should have.
    """
    if bot.menu_digest == wanted:
        bot.menu_due_at = None
    elif bot.menu_due_at is None:
        put_off_menu(bot, now=now)
    return bot.menu_due_at is not None and bot.menu_due_at <= now


def put_off_menu(bot: Bot, *, now: datetime) -> None:
    """Have a locked bot's menu set at its next moment: once a day at most."""
    bot.menu_due_at = next_daily_moment(bot.id, after=now)


def note_menu(bot: Bot, digest: str) -> None:
    """Keep of a locked bot that Telegram shows a menu."""
    bot.menu_digest, bot.menu_due_at = digest, None
