"""Endpoints of promo_codes."""
