"""Campaign links over HTTP."""
