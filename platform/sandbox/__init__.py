"""Stand-ins for the outside services; they share no code with the product."""
