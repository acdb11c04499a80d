"""The hosted pages: Checkout, the customer portal and invoices. They work without scripts."""
