"""The Bot API methods that the sandbox models, one module per topic; importing `catalogue` registers them all."""
