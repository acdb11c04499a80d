"""Which features are switched on, for one tenant or for all."""
