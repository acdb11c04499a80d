"""Short words of the bot that tenants do not change: captions of buttons and reasons, a file a language."""
