"""Endpoints of reconciliations."""
