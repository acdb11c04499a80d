"""Endpoints of test drives."""
