"""Outgoing webhooks: what happened in a tenant, told to its own programs (Standard Webhooks)."""
