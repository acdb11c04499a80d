"""Finding anything by a few letters, from anywhere in the portal."""
