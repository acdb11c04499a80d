"""What went back, beside what was paid, on each local day; days that were closed without it are added up anew.

Revision ID: 0033
Revises: 0032
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

DAYS = ("money_days", "source_days")
OF_DAY = "ix_refunds_settled"
ALL_DAYS = ("people_days", "money_days", "source_days", "funnel_days")
READ = ("tenants", "refunds", *ALL_DAYS)


def upgrade() -> None:
    # First, so that an attempt that was cut off leaves nothing behind that the next one stumbles over.
    with op.get_context().autocommit_block():
        op.drop_index(OF_DAY, table_name="refunds", if_exists=True, postgresql_concurrently=True)
        op.create_index(
            OF_DAY, "refunds", ["tenant_id", "settled_at"], postgresql_where=sa.text("status = 'succeeded'"),
            postgresql_concurrently=True,
        )  # fmt: skip
    for table in DAYS:
        op.add_column(table, sa.Column("refunded_minor", sa.BigInteger(), server_default="0", nullable=False))
    for table in READ:
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    # Whoever gave money back has days that do not tell of it: they are forgotten, and the next tick closes them again.
    refunded = "(SELECT DISTINCT tenant_id FROM refunds WHERE status = 'succeeded')"
    for table in ALL_DAYS:
        op.execute(f"DELETE FROM {table} WHERE tenant_id IN {refunded}")
    op.execute(f"UPDATE tenants SET analytics_closed_on = NULL, analytics_due_at = now() WHERE id IN {refunded}")
    for table in READ:
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def downgrade() -> None:
    for table in DAYS:
        op.drop_column(table, "refunded_minor")
    op.drop_index(OF_DAY, table_name="refunds")
