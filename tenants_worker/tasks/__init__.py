"""What workers do: one module per noun; a task is a few lines around one use case."""
