"""A mail server that keeps what it is given, with a page to read it and an API to look into it."""
