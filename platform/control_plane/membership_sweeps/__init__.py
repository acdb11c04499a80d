"""Endpoints of sweeps through the people of channels."""
