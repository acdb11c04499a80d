"""What every tenant-owned table gets in the migration that makes it: forced row-level security, plain grants.

The policy compares on the column's own type, so that indexes stay usable; an empty or missing setting is no tenant.
"""

from __future__ import annotations

from alembic import op

FIRST_DRIVE_TENANT = "'ffffffff-0000-0000-0000-000000000000'::uuid"
"""Tenants of test drives, which staff do not see, have ids from here on."""
CURRENT_TENANT = "(SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)"
READ_WRITE = "SELECT, INSERT, UPDATE, DELETE"
APPEND_ONLY = "SELECT, INSERT"


def protect(table: str, *, grants: str, column: str = "tenant_id", hidden: frozenset[str] = frozenset()) -> None:
    """Put the table behind both walls and grant the application `grants` on it.

    Args:
        hidden: Columns that the staff role must not read (ciphertexts and hashes).
    """
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY tenant_wall ON {table} USING ({column} = {CURRENT_TENANT}) "
        f"WITH CHECK ({column} = {CURRENT_TENANT})"
    )
    op.execute(
        f"CREATE POLICY staff_reading ON {table} FOR SELECT TO lumenpay_staff USING ({column} < {FIRST_DRIVE_TENANT})"
    )
    grant(table, grants=grants, hidden=hidden)
    let_remover(table)


def let_remover(table: str) -> None:
    """Let what removes tenants that left reach their rows, and no others; before there was such a role, do nothing."""
    op.execute(
        f"""
        DO $$ BEGIN
          IF EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = 'tenants'::regclass AND attname = 'removal_at'
                     AND NOT attisdropped) THEN
            EXECUTE 'CREATE POLICY removing_closed ON {table} TO lumenpay_remover USING (tenant_id IN '
                    '(SELECT t.id FROM tenants t WHERE t.removal_at <= now())) WITH CHECK (false)';
            EXECUTE 'GRANT SELECT, DELETE ON {table} TO lumenpay_remover';
          END IF;
        END $$
        """
    )


def grant(table: str, *, grants: str, hidden: frozenset[str] = frozenset()) -> None:
    """Grant the application `grants`, and the staff role SELECT on what is not hidden."""
    op.execute(f"GRANT {grants} ON {table} TO lumenpay_app")
    if not hidden:
        op.execute(f"GRANT SELECT ON {table} TO lumenpay_staff")
        return
    names = ", ".join(f"'{name}'" for name in sorted(hidden))
    op.execute(
        f"""
        DO $$ DECLARE shown text; BEGIN
          SELECT string_agg(quote_ident(attname), ', ') INTO shown FROM pg_attribute
          WHERE attrelid = '{table}'::regclass AND attnum > 0 AND NOT attisdropped AND attname NOT IN ({names});
          EXECUTE format('GRANT SELECT (%s) ON {table} TO lumenpay_staff', shown);
        END $$
        """
    )


def let_dispatch(table: str, *, grants: str) -> None:
    """Let the dispatch functions past the wall of one table, with the named privileges only."""
    op.execute(f"CREATE POLICY dispatching ON {table} TO lumenpay_dispatch USING (true) WITH CHECK (true)")
    op.execute(f"GRANT {grants} ON {table} TO lumenpay_dispatch")


def give_to_dispatch(*signatures: str) -> None:
    """Make functions run with the rights of the dispatch role, callable by the application only."""
    op.execute("GRANT lumenpay_dispatch TO CURRENT_USER")
    op.execute("GRANT CREATE ON SCHEMA public TO lumenpay_dispatch")
    for signature in signatures:
        op.execute(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {signature} TO lumenpay_app")
        op.execute(f"ALTER FUNCTION {signature} OWNER TO lumenpay_dispatch")
    op.execute("REVOKE CREATE ON SCHEMA public FROM lumenpay_dispatch")
    op.execute("REVOKE lumenpay_dispatch FROM CURRENT_USER")
