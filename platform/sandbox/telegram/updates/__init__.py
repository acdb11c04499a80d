"""What a bot learns: which updates it wants, in which order and by which road they reach it."""
