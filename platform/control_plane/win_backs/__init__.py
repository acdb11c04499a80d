"""Endpoints of the win-back series."""
