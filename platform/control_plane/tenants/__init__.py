"""Endpoints of tenants."""
