"""A stand-in for Stripe: customers, prices, Checkout, the customer portal, subscriptions, invoices and webhooks.

What Stripe offers and this does not play is refused with the code `sandbox_not_played`, never ignored: metered and tiered
prices, coupons, automatic tax, invoices that are sent, Checkout in other modes, several intervals in one subscription,
pending updates, schedules, pauses, connected accounts. Two things differ without a word: `invoice.upcoming` is never
announced, and a draft becomes final after its hour even when nobody has answered `invoice.created`.
"""
