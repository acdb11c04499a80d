"""Endpoints of channels."""
