"""Endpoints of bots."""
