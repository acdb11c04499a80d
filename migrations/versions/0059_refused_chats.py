"""The chat in which a bot was made an admin last and that could not become a channel, so that the owner sees why.

Revision ID: 0059
Revises: 0058
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None

COLUMNS = ("refused_chat_id", "refused_chat_title", "refused_chat_reason")


def upgrade() -> None:
    op.add_column("bots", sa.Column("refused_chat_id", sa.BigInteger(), nullable=True))
    op.add_column("bots", sa.Column("refused_chat_title", sa.String(256), nullable=True))
    op.add_column("bots", sa.Column("refused_chat_reason", sa.String(32), nullable=True))
    op.execute(f"GRANT SELECT ({', '.join(COLUMNS)}) ON bots TO lumenpay_staff")


def downgrade() -> None:
    for column in COLUMNS:
        op.drop_column("bots", column)
