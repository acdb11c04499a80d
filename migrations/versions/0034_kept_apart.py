"""What staff does not read, and a check that who is paused has exactly one pause that goes on, and nobody else any.

Bodies of calls to gateways hold payers' addresses.

Revision ID: 0034
Revises: 0033
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.walls import grant

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

WITH_BODIES = ("payments", "refunds")
PAUSED = "ix_subscriptions_paused"
CHECK = "invariant_pause_not_open(timestamptz, integer)"


def upgrade() -> None:
    # First what is committed bit by bit: whoever is stopped here begins again, and finds nothing half made.
    with op.get_context().autocommit_block():
        op.drop_index(PAUSED, table_name="subscriptions", if_exists=True, postgresql_concurrently=True)
        op.create_index(
            PAUSED, "subscriptions", ["tenant_id", "id"], postgresql_where=sa.text("status = 'paused'"),
            postgresql_concurrently=True,
        )  # fmt: skip
    for table in WITH_BODIES:
        op.execute(f"REVOKE SELECT ON {table} FROM lumenpay_staff")
        grant(table, grants="SELECT", hidden=frozenset({"request_body"}))
    make_check()


def make_check() -> None:
    # There is no second one that goes on: a unique index sees to it.
    op.execute("GRANT lumenpay_dispatch TO CURRENT_USER")
    op.execute("GRANT CREATE ON SCHEMA public TO lumenpay_dispatch")
    op.execute(
        """
        CREATE FUNCTION invariant_pause_not_open(now_at timestamptz, max_rows integer)
        RETURNS TABLE (tenant_id uuid, id uuid) LANGUAGE sql STABLE AS $$
          (SELECT s.tenant_id, s.id FROM subscriptions s
           WHERE s.status = 'paused' AND NOT EXISTS (
             SELECT 1 FROM subscription_pauses p
             WHERE p.tenant_id = s.tenant_id AND p.subscription_id = s.id AND p.ended_at IS NULL))
          UNION ALL
          (SELECT p.tenant_id, p.subscription_id FROM subscription_pauses p
           JOIN subscriptions s ON s.tenant_id = p.tenant_id AND s.id = p.subscription_id
           WHERE p.ended_at IS NULL AND s.status <> 'paused')
          LIMIT max_rows
        $$
        """
    )
    op.execute(f"REVOKE ALL ON FUNCTION {CHECK} FROM PUBLIC")
    op.execute(f"ALTER FUNCTION {CHECK} OWNER TO lumenpay_dispatch")
    op.execute("REVOKE CREATE ON SCHEMA public FROM lumenpay_dispatch")
    op.execute("REVOKE lumenpay_dispatch FROM CURRENT_USER")


def downgrade() -> None:
    op.execute("GRANT lumenpay_dispatch TO CURRENT_USER")
    op.execute(f"DROP FUNCTION {CHECK}")
    op.execute("REVOKE lumenpay_dispatch FROM CURRENT_USER")
    for table in WITH_BODIES:
        op.execute(f"REVOKE SELECT ON {table} FROM lumenpay_staff")
        op.execute(f"GRANT SELECT ON {table} TO lumenpay_staff")
    op.drop_index(PAUSED, table_name="subscriptions")
