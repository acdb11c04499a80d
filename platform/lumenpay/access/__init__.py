"""The doors of channels: who may be inside, links, entries and removals."""
