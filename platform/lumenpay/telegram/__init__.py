"""Telegram for the core: typed calls, our own errors, pacing. Outside the bot's handlers nobody else knows aiogram."""

from lumenpay.kit.memory import uncollected

with uncollected():
    import aiogram  # noqa: F401 - its models of the whole Bot API are two thirds of what a process loads
