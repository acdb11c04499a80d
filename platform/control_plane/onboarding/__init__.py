"""The checklist of an owner who begins."""
