"""The command-line door: starting, stopping and looking after an installation."""
