"""What a tenant has of the platform, and the ways to Stripe's pages."""
