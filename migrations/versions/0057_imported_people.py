"""The funnel counts whom a list brought from when the bot first met them; the days that were closed are added up anew.

Revision ID: 0057
Revises: 0055
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0055"
branch_labels = None
depends_on = None

MET = "ix_users_met_imported"
DAYS = ("people_days", "money_days", "source_days", "funnel_days")
TABLES = ("tenants", "imports", *DAYS)


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index(MET, table_name="users", if_exists=True, postgresql_concurrently=True)
        op.create_index(
            MET, "users", ["tenant_id", "met_at"], postgresql_concurrently=True,
            postgresql_where=sa.text("source = 'import'"),
        )  # fmt: skip
    # The owner stands behind its wall too.
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    for table in DAYS:
        op.execute(f"DELETE FROM {table} WHERE tenant_id IN (SELECT i.tenant_id FROM imports i)")
    # Later than the code of before is gone, which would count them as it did.
    op.execute(
        "UPDATE tenants SET analytics_closed_on = NULL, analytics_due_at = now() + interval '15 minutes' "
        "WHERE id IN (SELECT i.tenant_id FROM imports i)"
    )
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index(MET, table_name="users", if_exists=True, postgresql_concurrently=True)
