"""Endpoints of fiscal receipts."""
