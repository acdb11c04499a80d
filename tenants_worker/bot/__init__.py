"""The bot in the subscriber's hands: one dispatcher for every tenant's bot."""
