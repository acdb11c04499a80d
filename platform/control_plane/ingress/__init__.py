"""Webhooks: check the secret, store the raw event, commit, answer. Nothing is parsed further and nobody is called."""
