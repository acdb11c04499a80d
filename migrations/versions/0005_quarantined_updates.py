"""An index of the updates that were set aside: few among many, listed for humans and counted by the metrics.

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import text

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_telegram_updates_quarantined",
        "telegram_updates",
        ["tenant_id", "bot_id", "update_id"],
        postgresql_where=text("status = 'quarantined'"),
    )


def downgrade() -> None:
    op.drop_index("ix_telegram_updates_quarantined", table_name="telegram_updates")
