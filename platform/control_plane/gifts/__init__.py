"""Endpoints of gifts."""
