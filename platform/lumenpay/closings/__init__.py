"""Tenants that leave: everything stops at once, and after a while everything of theirs is removed."""
