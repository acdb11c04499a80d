"""Work for later: a typed catalogue, an outbox in the caller's transaction, claims with leases, the doorbell."""
