"""Telegram updates that could not be handled."""
