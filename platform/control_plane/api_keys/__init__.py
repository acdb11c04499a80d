"""Endpoints of API keys."""
