"""Endpoints of access."""
