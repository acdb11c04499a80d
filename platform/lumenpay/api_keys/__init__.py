"""Keys with which programs of a tenant call the API."""
