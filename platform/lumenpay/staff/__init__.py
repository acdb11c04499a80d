"""What the people who run the platform see and do: over all tenants, and in one."""
