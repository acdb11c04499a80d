"""People who log in to the portal."""
