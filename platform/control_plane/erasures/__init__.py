"""Endpoints of people's own data: telling it, and forgetting it."""
