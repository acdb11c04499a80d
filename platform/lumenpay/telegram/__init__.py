"""Telegram for the core: typed calls, our own errors, pacing. Outside the bot's handlers nobody else knows aiogram."""
