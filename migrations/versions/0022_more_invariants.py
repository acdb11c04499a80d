"""Each invariant a function of its own, ten more of them, and indexes that hold nothing but broken rows.

Revision ID: 0022
Revises: 0020
"""

from __future__ import annotations

import re
from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0020"
branch_labels = None
depends_on = None

SQL = Path(__file__).parent.parent / "sql"
NEW_READERS = {
    "promo_codes": "SELECT (tenant_id, id, uses_count)",
    "promo_code_uses": "SELECT (tenant_id, promo_code_id, status)",
}
MORE_COLUMNS = {
    "ledger_entries": "SELECT (payment_id, kind, account)",
    "memberships": "SELECT (joined_at)",
}
BROKEN = {
    "ix_subscriptions_cut_short": "status = 'active' AND access_ends_at < coalesce(ends_at, 'infinity')",
    "ix_subscriptions_ended_early": "status = 'expired' AND coalesce(access_ends_at, 'infinity') > expired_at",
}
"""Indexes of broken rows: as a rule there is not one in them."""
ASK = """
    CREATE OR REPLACE FUNCTION list_broken_rows(check_name text, now_at timestamptz, max_rows integer)
    RETURNS TABLE (tenant_id uuid, id uuid)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    BEGIN
      RETURN QUERY EXECUTE format('SELECT f.tenant_id, f.id FROM %I($1, $2) f', 'invariant_' || check_name)
      USING now_at, max_rows;
    END $$
"""


def upgrade() -> None:
    # First what is committed bit by bit: whoever is stopped here begins again, and finds nothing half made.
    with op.get_context().autocommit_block():
        for name, where in BROKEN.items():
            op.drop_index(name, table_name="subscriptions", if_exists=True, postgresql_concurrently=True)
            op.create_index(
                name, "subscriptions", ["tenant_id", "id"], postgresql_where=sa.text(where),
                postgresql_concurrently=True,
            )  # fmt: skip
    for table, columns in NEW_READERS.items():
        op.execute(f"CREATE POLICY checking ON {table} FOR SELECT TO lumenpay_dispatch USING (true)")
        op.execute(f"GRANT {columns} ON {table} TO lumenpay_dispatch")
    for table, columns in MORE_COLUMNS.items():
        op.execute(f"GRANT {columns} ON {table} TO lumenpay_dispatch")
    op.execute("GRANT lumenpay_dispatch TO CURRENT_USER")
    op.execute("GRANT CREATE ON SCHEMA public TO lumenpay_dispatch")
    for name, statement in read_checks().items():
        op.execute(statement.replace(":", "\\:"))
        op.execute(f"REVOKE ALL ON FUNCTION {name}(timestamptz, integer) FROM PUBLIC")
        op.execute(f"ALTER FUNCTION {name}(timestamptz, integer) OWNER TO lumenpay_dispatch")
    op.execute("REVOKE CREATE ON SCHEMA public FROM lumenpay_dispatch")
    op.execute(ASK)
    op.execute("REVOKE lumenpay_dispatch FROM CURRENT_USER")


def read_checks() -> dict[str, str]:
    """Return the functions of the checks by name."""
    script = (SQL / "0022_invariants.sql").read_text(encoding="utf-8")
    found = re.finditer(r"^CREATE FUNCTION (\w+).*?^\$\$(?=;$)", script, re.MULTILINE | re.DOTALL)
    return {match[1]: match[0] for match in found}


def downgrade() -> None:
    op.execute("GRANT lumenpay_dispatch TO CURRENT_USER")
    before = (SQL / "0013_invariants.sql").read_text(encoding="utf-8").partition("END $$;")[0]
    op.execute(before[before.index("CREATE FUNCTION") :].replace("CREATE", "CREATE OR REPLACE", 1) + "END $$")
    for name in read_checks():
        op.execute(f"DROP FUNCTION {name}(timestamptz, integer)")
    op.execute("REVOKE lumenpay_dispatch FROM CURRENT_USER")
    for table, columns in MORE_COLUMNS.items():
        op.execute(f"REVOKE {columns} ON {table} FROM lumenpay_dispatch")
    for table, columns in NEW_READERS.items():
        op.execute(f"DROP POLICY checking ON {table}")
        op.execute(f"REVOKE {columns} ON {table} FROM lumenpay_dispatch")
    with op.get_context().autocommit_block():
        for name in BROKEN:
            op.drop_index(name, table_name="subscriptions", if_exists=True, postgresql_concurrently=True)
