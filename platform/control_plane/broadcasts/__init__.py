"""Messages to many subscribers."""
