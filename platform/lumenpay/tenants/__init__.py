"""Owners of paid channels and the people who work for them."""
