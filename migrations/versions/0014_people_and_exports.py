"""Tags and notes, search, lists of a million rows, cut periods, exports.

Revision ID: 0014
Revises: 0013
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.walls import READ_WRITE, give_to_dispatch, let_dispatch, protect

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
SEARCH_TEXT = (
    "lower(' ' || first_name || ' ' || last_name || ' @' || coalesce(username || ' ' || username, '') || ' ' "
    "|| telegram_id::text)"
)
FUNCTIONS = (
    "find_users_like(text, integer)", "cut_periods(uuid, timestamptz)", "purge_exports(timestamptz, integer)",
)  # fmt: skip
INDEXES: tuple[tuple[str, str, list[str], dict[str, Any]], ...] = (
    ("ix_users_tenant_id_source_id", "users", ["tenant_id", "source", "id"], {}),
    ("ix_users_name", "users", ["tenant_id", "first_name", "last_name", "id"], {}),
    ("ix_users_blocked", "users", ["tenant_id", "id"], {"postgresql_where": sa.text("blocked_bot_at IS NOT NULL")}),
    ("ix_users_whitelisted", "users", ["tenant_id", "id"], {"postgresql_where": sa.text("is_whitelisted")}),
    (
        "ix_users_search", "users", ["tenant_id", "search_text"],
        {"postgresql_using": "gin", "postgresql_ops": {"search_text": "gin_trgm_ops"}},
    ),
    ("ix_payments_list", "payments", ["tenant_id", "created_at", "id"], {}),
    ("ix_payments_tenant_id_status_created_at", "payments", ["tenant_id", "status", "created_at"], {}),
    ("ix_payments_tenant_id_plan_id_created_at", "payments", ["tenant_id", "plan_id", "created_at"], {}),
    (
        "ix_payments_undelivered", "payments", ["tenant_id", "settled_at"],
        {"postgresql_where": sa.text("status = 'succeeded' AND delivery_state NOT IN ('not_paid', 'joined')")},
    ),
    (
        "ix_payments_search", "payments", ["tenant_id", "provider_payment_id"],
        {"postgresql_ops": {"provider_payment_id": "text_pattern_ops"}},
    ),
    ("ix_subscriptions_ends", "subscriptions", ["tenant_id", "status", "ends_at", "user_id"], {}),
    ("ix_subscriptions_plan", "subscriptions", ["tenant_id", "plan_id", "status", "user_id"], {}),
    (
        "ix_memberships_tenant_id_channel_id_actual_user_id", "memberships",
        ["tenant_id", "channel_id", "actual", "user_id"], {},
    ),
    (
        "ix_memberships_missing", "memberships", ["tenant_id", "user_id"],
        {"postgresql_where": sa.text("wanted = 'inside' AND actual = 'outside'")},
    ),
    (
        "ix_audit_events_tenant_id_subject_id_created_at", "audit_events", ["tenant_id", "subject_id", "created_at"],
        {},
    ),
)  # fmt: skip
OLD_LIST = "ix_payments_tenant_id_created_at"
TABLES = {"user_tags": "SELECT, INSERT, DELETE", "exports": READ_WRITE, "export_parts": "SELECT, INSERT, DELETE"}


def upgrade() -> None:
    for extension in ("pg_trgm", "btree_gin"):
        op.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")
    op.add_column("users", sa.Column("note", sa.Text, server_default="", nullable=False))
    op.add_column("users", sa.Column("search_text", sa.Text, sa.Computed(SEARCH_TEXT, persisted=True), nullable=False))
    op.add_column("payments", sa.Column("method", sa.String(32), nullable=True))
    make_tables()
    for table, grants in TABLES.items():
        protect(table, grants=grants, hidden=frozenset({"body"}) if table == "export_parts" else frozenset())
    with op.get_context().autocommit_block():
        for name, table, columns, options in INDEXES:
            op.drop_index(name, table_name=table, if_exists=True, postgresql_concurrently=True)
            op.create_index(name, table, columns, postgresql_concurrently=True, **options)
        op.drop_index(OLD_LIST, table_name="payments", if_exists=True, postgresql_concurrently=True)
    make_functions()


def tenant_column() -> sa.Column[Any]:
    return sa.Column("tenant_id", sa.Uuid(), sa.ForeignKey("tenants.id", ondelete="CASCADE"), primary_key=True)


def make_tables() -> None:
    op.create_table(
        "user_tags",
        tenant_column(),
        sa.Column("tag", sa.String(32), primary_key=True),
        sa.Column("user_id", sa.Uuid(), primary_key=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["tenant_id", "user_id"], ["users.tenant_id", "users.id"], ondelete="CASCADE"),
    )
    op.create_index("ix_user_tags_tenant_id_user_id", "user_tags", ["tenant_id", "user_id"])
    op.create_table(
        "exports",
        tenant_column(),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("format", sa.String(16), nullable=False),
        sa.Column("filters", postgresql.JSONB, nullable=False),
        sa.Column("columns", postgresql.ARRAY(sa.String(32)), nullable=False),
        sa.Column("time_zone", sa.String(64), nullable=False),
        sa.Column("locale", sa.String(8), nullable=False),
        sa.Column("status", sa.String(32), server_default="queued", nullable=False),
        sa.Column("rows_done", sa.Integer, server_default="0", nullable=False),
        sa.Column("rows_total", sa.Integer, nullable=True),
        sa.Column("last_row_id", sa.Uuid(), nullable=True),
        sa.Column("size_bytes", sa.BigInteger, server_default="0", nullable=False),
        sa.Column("problem", sa.String(64), server_default="", nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.Column("expires_at", MOMENT, nullable=False),
    )
    op.create_index("ix_exports_tenant_id_created_at", "exports", ["tenant_id", "created_at"])
    op.create_index("ix_exports_expires_at", "exports", ["expires_at"])
    op.create_table(
        "export_parts",
        tenant_column(),
        sa.Column("export_id", sa.Uuid(), primary_key=True),
        sa.Column("is_file", sa.Boolean, server_default=sa.text("true"), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.ForeignKeyConstraint(["tenant_id", "export_id"], ["exports.tenant_id", "exports.id"], ondelete="CASCADE"),
    )


def make_functions() -> None:
    op.execute("GRANT SELECT (search_text) ON users TO lumenpay_dispatch")
    # An operator that might tell what it compares is not used with an index behind the wall: here it is.
    op.execute(
        """
        CREATE FUNCTION find_users_like(pattern text, max_rows integer) RETURNS TABLE (tenant_id uuid, id uuid)
        LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
        BEGIN
          -- Planned anew for each pattern: a rare one needs the index of threes, a common one the newest rows only.
          RETURN QUERY EXECUTE
            'SELECT u.tenant_id, u.id FROM users u WHERE u.tenant_id = $1 AND u.search_text LIKE $2 '
            'ORDER BY u.id DESC LIMIT $3'
            USING nullif(current_setting('app.tenant_id', true), '')::uuid, pattern, max_rows;
        END $$
        """
    )
    let_dispatch("subscription_periods", grants="SELECT, UPDATE (during)")
    op.execute(
        """
        CREATE FUNCTION cut_periods(of_subscription uuid, cut_at timestamptz) RETURNS integer
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
        DECLARE cut integer;
        BEGIN
          UPDATE subscription_periods p
          SET during = tstzrange(lower(p.during), greatest(lower(p.during), cut_at), '[)')
          WHERE p.tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid
            AND p.subscription_id = of_subscription AND (upper_inf(p.during) OR upper(p.during) > cut_at);
          GET DIAGNOSTICS cut = ROW_COUNT;
          RETURN cut;
        END $$
        """
    )
    let_dispatch("exports", grants="SELECT, DELETE")
    op.execute(
        """
        CREATE FUNCTION purge_exports(now_at timestamptz, max_rows integer) RETURNS integer
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
        DECLARE gone integer;
        BEGIN
          DELETE FROM exports e WHERE (e.tenant_id, e.id) IN (
            SELECT o.tenant_id, o.id FROM exports o WHERE o.expires_at < now_at ORDER BY o.expires_at LIMIT max_rows);
          GET DIAGNOSTICS gone = ROW_COUNT;
          RETURN gone;
        END $$
        """
    )
    give_to_dispatch(*FUNCTIONS)


def downgrade() -> None:
    op.execute("GRANT lumenpay_dispatch TO CURRENT_USER")
    for signature in FUNCTIONS:
        op.execute(f"DROP FUNCTION {signature}")
    op.execute("REVOKE lumenpay_dispatch FROM CURRENT_USER")
    op.execute("DROP POLICY dispatching ON subscription_periods")
    op.execute("REVOKE SELECT, UPDATE (during) ON subscription_periods FROM lumenpay_dispatch")
    op.execute("REVOKE SELECT (search_text) ON users FROM lumenpay_dispatch")
    op.create_index(OLD_LIST, "payments", ["tenant_id", "created_at"])
    for name, table, _, _ in INDEXES:
        op.drop_index(name, table_name=table)
    for table in ("export_parts", "exports", "user_tags"):
        op.drop_table(table)
    op.drop_column("payments", "method")
    op.drop_column("users", "search_text")
    op.drop_column("users", "note")
    for extension in ("btree_gin", "pg_trgm"):
        op.execute(f"DROP EXTENSION {extension}")
