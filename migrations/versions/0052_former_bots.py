"""Whose row a deleted bot is, so that it goes on where it was when the same project connects it again.

Revision ID: 0052
Revises: 0051
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("bots", sa.Column("former_telegram_id", sa.BigInteger(), nullable=True))
    op.execute("GRANT SELECT (former_telegram_id) ON bots TO lumenpay_staff")


def downgrade() -> None:
    op.drop_column("bots", "former_telegram_id")
