"""A stand-in for the YooKassa API v3: payments, refunds, receipts, notifications, a payment page and faults."""
