"""Refunds: asking for them, noticing them, and what they undo."""
