"""What a period was when its payment opened it, for whatever moves or cuts it later.

Revision ID: 0042
Revises: 0041
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSTZRANGE

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Of what was opened before nobody knows it any more.
    op.add_column("subscription_periods", sa.Column("at_first", TSTZRANGE(), nullable=True))


def downgrade() -> None:
    op.drop_column("subscription_periods", "at_first")
