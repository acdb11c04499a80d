"""A stand-in for the Telegram Bot API that keeps to the official specification and behaves like the official server."""
