"""An export of everything that a tenant owns is written file after file: where the writing stands.

Revision ID: 0058
Revises: 0057
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("exports", sa.Column("progress", JSONB(none_as_null=True)))


def downgrade() -> None:
    # Nobody knows what they are any more.
    op.execute("ALTER TABLE exports NO FORCE ROW LEVEL SECURITY")
    op.execute("DELETE FROM exports WHERE kind = 'whole'")
    op.execute("ALTER TABLE exports FORCE ROW LEVEL SECURITY")
    op.drop_column("exports", "progress")
