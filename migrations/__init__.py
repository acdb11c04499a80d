"""Alembic revisions of the database schema."""
