"""What can go wrong with an embedded server, in words for the person at the terminal."""


class EmbeddedServerError(Exception):
    """An embedded server could not be prepared, started or stopped."""
