"""Subscribers, as one bot knows them."""
