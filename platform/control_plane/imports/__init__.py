"""Imports of subscribers."""
