"""Broadcasts that repeat or go to each person by themselves, and what stands for a plan where a person has none.

Revision ID: 0043
Revises: 0042
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

BROADCASTS = "scheduled_broadcasts"
FALLBACKS = ("plan_fallback", "paid_until_fallback")


def upgrade() -> None:
    for name in FALLBACKS:
        op.add_column(BROADCASTS, sa.Column(name, sa.String(64), server_default="", nullable=False))
    op.add_column(BROADCASTS, sa.Column("repeats", sa.String(16), nullable=True))
    op.add_column(BROADCASTS, sa.Column("repeats_since_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(BROADCASTS, sa.Column("trigger", sa.String(32), nullable=True))
    op.add_column(BROADCASTS, sa.Column("delay_minutes", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    for name in ("delay_minutes", "trigger", "repeats_since_at", "repeats", *FALLBACKS):
        op.drop_column(BROADCASTS, name)
