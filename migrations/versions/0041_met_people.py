"""When a person first wrote to the bot, which who only stands on a list never did.

Revision ID: 0041
Revises: 0040
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("met_at", sa.DateTime(timezone=True), nullable=True))
    # The owner stands behind its wall too. Of whom a list brought and the bot met since, only the latest time is known.
    op.execute("ALTER TABLE users NO FORCE ROW LEVEL SECURITY")
    op.execute(
        "UPDATE users SET met_at = CASE WHEN source = 'import' THEN last_seen_at ELSE created_at END "
        "WHERE source <> 'import' OR last_seen_at > created_at"
    )
    op.execute("ALTER TABLE users FORCE ROW LEVEL SECURITY")
    # The code of before names no such column, and nearly everybody whom it stores is writing to the bot.
    op.alter_column("users", "met_at", server_default=sa.text("now()"))


def downgrade() -> None:
    op.drop_column("users", "met_at")
