"""Telegram Stars: Telegram sells for the bot, in its own currency."""
