"""Tenants that leave: when all of theirs is removed, and a role that can remove theirs and nobody else's.

Revision ID: 0046
Revises: 0045
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.walls import let_remover

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
REMOVER = "lumenpay_remover"
DUE, REMOVE = "due_tenant_removals(timestamptz, integer)", "remove_closed_tenant(uuid, integer)"
WALLED = (
    "SELECT tablename::text FROM pg_policies "
    "WHERE schemaname = 'public' AND policyname = 'tenant_wall' AND tablename <> 'tenants'"
)


def upgrade() -> None:
    op.add_column("tenants", sa.Column("closing_asked_at", MOMENT, nullable=True))
    op.add_column("tenants", sa.Column("removal_at", MOMENT, nullable=True))
    op.create_index(
        "ix_tenants_removal_at", "tenants", ["removal_at"], postgresql_where=sa.text("removal_at IS NOT NULL")
    )
    op.execute(
        f"DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{REMOVER}') THEN "
        f"CREATE ROLE {REMOVER} NOLOGIN NOSUPERUSER; END IF; END $$"
    )
    op.execute(f"GRANT USAGE ON SCHEMA public TO {REMOVER}")
    # What may be removed is said by the walls themselves, whatever a function would say; by the database's own clock.
    op.execute(f"CREATE POLICY removing_closed ON tenants TO {REMOVER} USING (removal_at <= now()) WITH CHECK (false)")
    op.execute(f"GRANT SELECT (id, removal_at), DELETE ON tenants TO {REMOVER}")
    for (table,) in op.get_bind().execute(sa.text(WALLED)).all():
        let_remover(table)
    make_functions()


def make_functions() -> None:
    op.execute(f"GRANT {REMOVER} TO CURRENT_USER")
    op.execute(f"GRANT CREATE ON SCHEMA public TO {REMOVER}")
    op.execute(
        """
        CREATE FUNCTION due_tenant_removals(now_at timestamptz, max_rows integer)
        RETURNS TABLE (tenant_id uuid, id uuid)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
          SELECT t.id, t.id FROM tenants t WHERE t.removal_at <= now_at ORDER BY t.removal_at LIMIT max_rows
        $$
        """
    )
    # A table whose rows others still point at is passed over until they are gone; what then is left goes with the
    # tenant itself.
    op.execute(
        """
        CREATE FUNCTION remove_closed_tenant(of_tenant uuid, max_rows integer) RETURNS integer
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
        DECLARE walled text; removed integer := 0; part integer;
        BEGIN
          PERFORM 1 FROM tenants t WHERE t.id = of_tenant AND t.removal_at <= now();
          IF NOT FOUND THEN RETURN 0; END IF;
          FOR walled IN
            SELECT p.tablename FROM pg_policies p WHERE p.policyname = 'removing_closed' AND p.tablename <> 'tenants'
            ORDER BY p.tablename
          LOOP
            BEGIN
              EXECUTE format('DELETE FROM %1$I WHERE ctid = ANY (ARRAY(SELECT ctid FROM %1$I WHERE tenant_id = $1 '
                             'LIMIT $2))', walled) USING of_tenant, max_rows - removed;
              GET DIAGNOSTICS part = ROW_COUNT;
              removed := removed + part;
            EXCEPTION WHEN foreign_key_violation THEN
              CONTINUE;
            END;
            EXIT WHEN removed >= max_rows;
          END LOOP;
          IF removed = 0 THEN
            DELETE FROM tenants t WHERE t.id = of_tenant AND t.removal_at <= now();
            GET DIAGNOSTICS removed = ROW_COUNT;
          END IF;
          RETURN removed;
        END $$
        """
    )
    for signature in (DUE, REMOVE):
        op.execute(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {signature} TO lumenpay_app")
        op.execute(f"ALTER FUNCTION {signature} OWNER TO {REMOVER}")
    op.execute(f"REVOKE CREATE ON SCHEMA public FROM {REMOVER}")
    op.execute(f"REVOKE {REMOVER} FROM CURRENT_USER")


def downgrade() -> None:
    op.execute(f"GRANT {REMOVER} TO CURRENT_USER")
    for signature in (DUE, REMOVE):
        op.execute(f"DROP FUNCTION {signature}")
    op.execute(f"REVOKE {REMOVER} FROM CURRENT_USER")
    for (table,) in op.get_bind().execute(sa.text(WALLED)).all():
        op.execute(f"DROP POLICY IF EXISTS removing_closed ON {table}")
        op.execute(f"REVOKE ALL ON {table} FROM {REMOVER}")
    op.execute("DROP POLICY removing_closed ON tenants")
    op.execute(f"REVOKE SELECT (id, removal_at), DELETE ON tenants FROM {REMOVER}")
    # The role belongs to the whole cluster, where other databases may use it: it stays.
    op.execute(f"REVOKE USAGE ON SCHEMA public FROM {REMOVER}")
    op.drop_index("ix_tenants_removal_at", table_name="tenants")
    op.drop_column("tenants", "removal_at")
    op.drop_column("tenants", "closing_asked_at")
