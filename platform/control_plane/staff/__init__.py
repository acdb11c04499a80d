"""Endpoints of the console. For everybody but staff they do not exist."""
