"""Live hints of what changed in a tenant."""
