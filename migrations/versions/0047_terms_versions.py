"""Which words of the terms held when an order was made.

Revision ID: 0047
Revises: 0046
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.walls import APPEND_ONLY, protect

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

TABLE = "terms_versions"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.String(16), nullable=False),
        sa.Column("locale", sa.String(8), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f(f"fk_{TABLE}_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "version", name=op.f(f"pk_{TABLE}")),
    )  # fmt: skip
    protect(TABLE, grants=APPEND_ONLY)
    op.add_column("payments", sa.Column("terms_version", sa.String(16), nullable=True))


def downgrade() -> None:
    op.drop_column("payments", "terms_version")
    op.drop_table(TABLE)
