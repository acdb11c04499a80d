"""Fiscal receipts by 54-FZ: what is written into them, where they go, and that each is registered in the end."""
