"""Bots of tenants: connecting, secrets, health, and the shop that each sells through."""
