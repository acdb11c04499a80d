"""A stand-in for Stripe: customers, prices, Checkout, the customer portal, subscriptions, invoices and webhooks."""
