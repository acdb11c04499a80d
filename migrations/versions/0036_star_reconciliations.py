"""Runs over what Telegram lists of a bot's Stars, beside those over its shop; ids of charges in Stars are long.

Revision ID: 0036
Revises: 0035
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.walls import FIRST_DRIVE_TENANT, give_to_dispatch

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

FINDINGS, RUNS = "reconciliation_findings", "reconciliations"
TABLES = ("reconciliation_sightings", FINDINGS, RUNS)
RUNNING, DUE = "uq_reconciliations_running", "ix_bots_stars_reconcile_at"
FUNCTION = "due_star_reconciliations(timestamptz, integer)"


def upgrade() -> None:
    # Every bot that there is becomes due at once, at no cost: the tick forgets those that never had an order in Stars.
    moment = sa.DateTime(timezone=True)
    op.add_column("bots", sa.Column("stars_reconcile_at", moment, server_default=sa.text("now()"), nullable=True))
    op.alter_column("bots", "stars_reconcile_at", server_default=None)
    where = sa.text("stars_reconcile_at IS NOT NULL")
    op.create_index(DUE, "bots", ["stars_reconcile_at"], postgresql_where=where)
    for table in (RUNS, FINDINGS):
        column = sa.Column("provider", sa.String(16), server_default="yookassa", nullable=False)
        op.add_column(table, column)
    # Only the catalogue changes: the values stay as they are.
    op.alter_column(FINDINGS, "subject", type_=sa.String(255), existing_type=sa.String(64), existing_nullable=False)
    make_running_index(["tenant_id", "bot_id", "provider"])
    op.execute("GRANT SELECT (stars_reconcile_at) ON bots TO lumenpay_staff, lumenpay_dispatch")
    op.execute(
        f"""
        CREATE FUNCTION due_star_reconciliations(now_at timestamptz, max_rows integer)
        RETURNS TABLE (tenant_id uuid, id uuid)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
          SELECT b.tenant_id, b.id FROM bots b
          WHERE b.stars_reconcile_at IS NOT NULL AND b.stars_reconcile_at <= now_at
            AND b.tenant_id < {FIRST_DRIVE_TENANT}
          ORDER BY b.stars_reconcile_at LIMIT max_rows
        $$
        """
    )
    give_to_dispatch(FUNCTION)


def downgrade() -> None:
    op.execute("GRANT lumenpay_dispatch TO CURRENT_USER")
    op.execute(f"DROP FUNCTION {FUNCTION}")
    op.execute("REVOKE lumenpay_dispatch FROM CURRENT_USER")
    op.execute("REVOKE SELECT (stars_reconcile_at) ON bots FROM lumenpay_staff, lumenpay_dispatch")
    # The older code knows no such runs, and has one of a bot at a time.
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    for table in TABLES[:2]:
        op.execute(
            f"DELETE FROM {table} WHERE reconciliation_id IN (SELECT id FROM {RUNS} WHERE provider <> 'yookassa')"
        )
    op.execute(f"DELETE FROM {RUNS} WHERE provider <> 'yookassa'")
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    make_running_index(["tenant_id", "bot_id"])
    op.alter_column(
        FINDINGS, "subject", type_=sa.String(64), existing_type=sa.String(255), existing_nullable=False,
        postgresql_using="left(subject, 64)",
    )  # fmt: skip
    for table in (FINDINGS, RUNS):
        op.drop_column(table, "provider")
    op.drop_index(DUE, table_name="bots")
    op.drop_column("bots", "stars_reconcile_at")


def make_running_index(columns: list[str]) -> None:
    op.drop_index(RUNNING, table_name=RUNS)
    op.create_index(RUNNING, RUNS, columns, unique=True, postgresql_where=sa.text("status = 'running'"))
