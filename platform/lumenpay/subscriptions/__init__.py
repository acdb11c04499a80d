"""Paid periods: settling payments, renewing, reminding, expiring."""
