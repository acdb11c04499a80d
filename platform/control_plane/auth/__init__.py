"""Endpoints of auth."""
