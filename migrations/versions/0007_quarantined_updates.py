"""An index of the updates that were set aside: few among many, listed for humans and counted by the metrics.

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import text

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


NAME = "ix_telegram_updates_quarantined"


def upgrade() -> None:
    # Updates keep coming: an ordinary build would make their senders wait for it. An attempt that was cut off leaves an
    # invalid index behind, which the next one takes away first.
    with op.get_context().autocommit_block():
        op.drop_index(NAME, table_name="telegram_updates", if_exists=True, postgresql_concurrently=True)
        op.create_index(
            NAME,
            "telegram_updates",
            ["tenant_id", "bot_id", "update_id"],
            postgresql_where=text("status = 'quarantined'"),
            postgresql_concurrently=True,
        )


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index(NAME, table_name="telegram_updates", if_exists=True, postgresql_concurrently=True)
