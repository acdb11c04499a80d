"""Texts of the bot: catalogue, defaults, rendering within the limits of Telegram."""
