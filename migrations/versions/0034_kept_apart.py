"""What staff does not read, and a check that who is paused has exactly one pause that goes on, and nobody else any.

Bodies of calls to gateways hold payers' addresses. People of an import are matched by their username with an index, and
what a list says of people is forgotten once it is old.

Revision ID: 0034
Revises: 0033
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.walls import give_to_dispatch, grant, let_dispatch

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

WITH_BODIES = ("payments", "refunds")
PAUSED, NAMED = "ix_subscriptions_paused", "ix_users_username"
FUNCTIONS = ("find_users_named(uuid, text[])", "forget_imports(timestamptz, integer)")
CHECK = "invariant_pause_not_open(timestamptz, integer)"


def upgrade() -> None:
    # First what is committed bit by bit: whoever is stopped here begins again, and finds nothing half made.
    with op.get_context().autocommit_block():
        op.drop_index(PAUSED, table_name="subscriptions", if_exists=True, postgresql_concurrently=True)
        op.create_index(
            PAUSED, "subscriptions", ["tenant_id", "id"], postgresql_where=sa.text("status = 'paused'"),
            postgresql_concurrently=True,
        )  # fmt: skip
        op.drop_index(NAMED, table_name="users", if_exists=True, postgresql_concurrently=True)
        op.create_index(
            NAMED, "users", ["tenant_id", "bot_id", sa.text("lower(username)")], postgresql_concurrently=True
        )
    for table in WITH_BODIES:
        op.execute(f"REVOKE SELECT ON {table} FROM lumenpay_staff")
        grant(table, grants="SELECT", hidden=frozenset({"request_body"}))
    make_check()
    make_imports()


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


def make_imports() -> None:
    op.add_column("imports", sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("GRANT SELECT (bot_id, username) ON users TO lumenpay_dispatch")
    let_dispatch("imports", grants="SELECT (tenant_id, id, created_at, forgotten_at), UPDATE (forgotten_at)")
    let_dispatch(
        "import_rows",
        grants="SELECT (tenant_id, import_id), UPDATE (telegram_id, username, name, note, tag, claim_token)",
    )
    # `lower` might tell what it compares, so that no wall lets it near an index: looked for from behind the wall.
    op.execute(
        """
        CREATE FUNCTION find_users_named(of_bot uuid, names text[]) RETURNS TABLE (tenant_id uuid, id uuid)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
          SELECT u.tenant_id, u.id FROM users u
          WHERE u.tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid AND u.bot_id = of_bot
            AND lower(u.username) = ANY (names)
        $$
        """
    )
    op.execute(
        """
        CREATE FUNCTION forget_imports(older_than timestamptz, max_rows integer) RETURNS integer
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
        DECLARE forgotten integer;
        BEGIN
          WITH old AS (
            UPDATE imports i SET forgotten_at = now() WHERE (i.tenant_id, i.id) IN (
              SELECT o.tenant_id, o.id FROM imports o
              WHERE o.created_at < older_than AND o.forgotten_at IS NULL ORDER BY o.created_at LIMIT max_rows)
            RETURNING i.tenant_id, i.id
          ), blank AS (
            UPDATE import_rows r
            SET telegram_id = NULL, username = NULL, name = '', note = '', tag = '', claim_token = NULL
            FROM old WHERE r.tenant_id = old.tenant_id AND r.import_id = old.id
          )
          SELECT count(*) INTO forgotten FROM old;
          RETURN forgotten;
        END $$
        """
    )
    give_to_dispatch(*FUNCTIONS)


def downgrade() -> None:
    op.execute("GRANT lumenpay_dispatch TO CURRENT_USER")
    for signature in FUNCTIONS:
        op.execute(f"DROP FUNCTION {signature}")
    for table in ("imports", "import_rows"):
        op.execute(f"DROP POLICY dispatching ON {table}")
        op.execute(f"REVOKE ALL ON {table} FROM lumenpay_dispatch")
    op.execute("REVOKE SELECT (bot_id, username) ON users FROM lumenpay_dispatch")
    op.drop_column("imports", "forgotten_at")
    op.execute(f"DROP FUNCTION {CHECK}")
    op.execute("REVOKE lumenpay_dispatch FROM CURRENT_USER")
    for table in WITH_BODIES:
        op.execute(f"REVOKE SELECT ON {table} FROM lumenpay_staff")
        op.execute(f"GRANT SELECT ON {table} TO lumenpay_staff")
    op.drop_index(NAMED, table_name="users")
    op.drop_index(PAUSED, table_name="subscriptions")
