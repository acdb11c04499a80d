"""Default texts, a file a language."""
