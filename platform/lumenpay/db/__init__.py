"""The database: engine, sessions that carry a tenant, sessions that carry none (allow-listed), the start-up guard."""
