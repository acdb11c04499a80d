"""A payment that could buy nothing, because access had no end already, is no grant without a period.

Revision ID: 0035
Revises: 0034
"""

from __future__ import annotations

from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

_HEAD = """
    CREATE OR REPLACE FUNCTION invariant_grant_without_period(now_at timestamptz, max_rows integer)
    RETURNS TABLE (tenant_id uuid, id uuid) LANGUAGE sql STABLE AS $$
"""
_WITHOUT_PERIOD = """
      SELECT g.tenant_id, g.payment_id FROM grants g
      WHERE NOT EXISTS (SELECT 1 FROM subscription_periods s
                        WHERE s.tenant_id = g.tenant_id AND s.payment_id = g.payment_id)
"""
# The few that there are first: OFFSET 0 keeps every payment from being looked at beside every grant. A spare payment
# stays marked until somebody has given it back.
_UNLESS_SPARE = f"""
      SELECT f.tenant_id, f.payment_id FROM ({_WITHOUT_PERIOD} OFFSET 0) f
      JOIN payments p ON p.tenant_id = f.tenant_id AND p.id = f.payment_id
      WHERE p.quarantine_reason IS DISTINCT FROM 'nothing_to_add'
        AND (p.amount_minor = 0 OR p.refunded_minor < p.amount_minor) LIMIT max_rows
"""


def upgrade() -> None:
    replace(_UNLESS_SPARE)
    op.execute("GRANT SELECT (refunded_minor) ON payments TO lumenpay_dispatch")


def downgrade() -> None:
    op.execute("REVOKE SELECT (refunded_minor) ON payments FROM lumenpay_dispatch")
    replace(f"{_WITHOUT_PERIOD} LIMIT max_rows")


def replace(query: str) -> None:
    op.execute("GRANT lumenpay_dispatch TO CURRENT_USER")
    op.execute("GRANT CREATE ON SCHEMA public TO lumenpay_dispatch")
    op.execute(f"{_HEAD}{query}$$")
    op.execute("REVOKE CREATE ON SCHEMA public FROM lumenpay_dispatch")
    op.execute("REVOKE lumenpay_dispatch FROM CURRENT_USER")
