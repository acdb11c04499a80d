"""Promo codes: management, quoting, and limits that hold."""
