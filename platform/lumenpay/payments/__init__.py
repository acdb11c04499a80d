"""Orders and the money for them."""
