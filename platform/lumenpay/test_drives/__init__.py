"""Test drives: a copy of a bot with its plans and texts, alive for an hour in the built-in sandbox."""
