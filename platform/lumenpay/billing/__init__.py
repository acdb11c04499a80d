"""The platform as a business: what a tenant pays for, what it may have for that, and what a debt pauses."""
