"""Handlers of updates, a file a noun: parse, call one use case, render."""
