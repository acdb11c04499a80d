"""What bots show as their menu, readers' nights, what letters to owners name, endpoints that asked for rest.

Revision ID: 0054
Revises: 0053
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("bots", sa.Column("menu_digest", sa.String(16), nullable=True))
    op.add_column("bots", sa.Column("menu_due_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("GRANT SELECT (menu_digest, menu_due_at) ON bots TO lumenpay_staff")
    op.add_column("webhook_endpoints", sa.Column("held_until_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("GRANT SELECT (held_until_at) ON webhook_endpoints TO lumenpay_staff")
    op.add_column("letters", sa.Column("details", JSONB(), server_default=sa.text("'{}'"), nullable=False))
    op.add_column("platform_refunds", sa.Column("owners_told_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("scheduled_broadcasts", sa.Column("hours_kept_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("scheduled_broadcasts", "hours_kept_at")
    op.drop_column("platform_refunds", "owners_told_at")
    op.drop_column("letters", "details")
    op.drop_column("webhook_endpoints", "held_until_at")
    op.drop_column("bots", "menu_due_at")
    op.drop_column("bots", "menu_digest")
