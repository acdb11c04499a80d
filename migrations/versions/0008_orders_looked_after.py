"""What the gateway said last of an order, and what its payer was told.

Revision ID: 0008
Revises: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

MOMENTS = ("checked_at", "delay_told_at", "receipt_sent_at")


def upgrade() -> None:
    for name in MOMENTS:
        op.add_column("payments", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.add_column("payments", sa.Column("check_result", sa.String(64), nullable=True))


def downgrade() -> None:
    for name in (*MOMENTS, "check_result"):
        op.drop_column("payments", name)
