"""Comparing what a shop lists at the gateway with our payments: what drifted is repaired or shown."""
