"""Bringing in people who had access before the bot: a file is read, looked at, and then carried out once."""
