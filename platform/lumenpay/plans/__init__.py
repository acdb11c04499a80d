"""What tenants sell."""
