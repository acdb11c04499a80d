"""Keys for programs of tenants, requests that are carried out once, and webhooks to programs.

Revision ID: 0044
Revises: 0043
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.walls import READ_WRITE, give_to_dispatch, let_dispatch, protect

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
HASH = sa.LargeBinary(32)
FUNCTIONS = (
    "purge_idempotent_requests(timestamptz, integer)",
    "purge_webhook_events(timestamptz, integer)",
    "list_webhooks_sealed_otherwise(text, uuid, uuid, integer)",
)
SEALING_KEYS = tuple(("bots", f"{slot}_key_id") for slot in ("token", "webhook", "shop"))
WEBHOOK_KEYS = tuple(("webhook_endpoints", f"{slot}_key_id") for slot in ("secret", "previous"))


def upgrade() -> None:
    make_keys()
    make_requests()
    make_endpoints()
    make_events()
    make_deliveries()
    make_functions()
    list_sealing_keys(SEALING_KEYS + WEBHOOK_KEYS)


def make_keys() -> None:
    name = "api_keys"
    op.create_table(
        name,
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(128), nullable=False),
        sa.Column("prefix", sa.String(16), nullable=False),
        sa.Column("secret_hash", HASH, nullable=False),
        sa.Column("previous_hash", HASH, nullable=True),
        sa.Column("previous_until_at", MOMENT, nullable=True),
        sa.Column("scopes", postgresql.JSONB, nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        *(sa.Column(f"{moment}_at", MOMENT, nullable=True) for moment in ("expires", "last_used", "revoked")),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f(f"fk_{name}_tenant_id_tenants"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["admins.id"], name=op.f(f"fk_{name}_created_by_admins"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"pk_{name}")),
        sa.UniqueConstraint("tenant_id", "secret_hash", name=op.f(f"uq_{name}_tenant_id_secret_hash")),
    )
    op.create_index(f"ix_{name}_tenant_id_created_at", name, ["tenant_id", "created_at"])
    op.create_index(
        f"ix_{name}_previous", name, ["tenant_id", "previous_hash"],
        postgresql_where=sa.text("previous_hash IS NOT NULL"),
    )  # fmt: skip
    protect(name, grants="SELECT, INSERT, UPDATE", hidden=frozenset({"secret_hash", "previous_hash"}))


def make_requests() -> None:
    name = "idempotent_requests"
    op.create_table(
        name,
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("caller_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(255), nullable=False),
        sa.Column("request_hash", HASH, nullable=False),
        sa.Column("lease_id", sa.Uuid(), nullable=False),
        sa.Column("leased_until", MOMENT, nullable=False),
        sa.Column("has_effect", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f(f"fk_{name}_tenant_id_tenants"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "caller_id", "key", name=op.f(f"pk_{name}")),
    )
    op.create_index(f"ix_{name}_created_at", name, ["created_at"])
    protect(name, grants=READ_WRITE, hidden=frozenset({"request_hash", "body"}))
    let_dispatch(name, grants="SELECT, DELETE")


def make_endpoints() -> None:
    name = "webhook_endpoints"
    op.create_table(
        name,
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("url", sa.String(2048), nullable=False),
        sa.Column("description", sa.String(128), nullable=False),
        sa.Column("event_types", postgresql.JSONB, nullable=False),
        sa.Column("secret_sealed", sa.Text(), nullable=False),
        sa.Column("secret_key_id", sa.String(16), nullable=False),
        sa.Column("previous_sealed", sa.Text(), nullable=True),
        sa.Column("previous_key_id", sa.String(16), nullable=True),
        sa.Column("previous_until_at", MOMENT, nullable=True),
        sa.Column("disabled_because", sa.String(16), nullable=True),
        sa.Column("failing_since_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f(f"fk_{name}_tenant_id_tenants"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"pk_{name}")),
    )
    for _, column in WEBHOOK_KEYS:
        op.create_index(f"ix_{name}_{column}", name, [column])
    protect(name, grants=READ_WRITE, hidden=frozenset({"secret_sealed", "previous_sealed"}))
    let_dispatch(name, grants="SELECT (tenant_id, id, secret_key_id, previous_key_id)")


def make_events() -> None:
    name = "webhook_events"
    op.create_table(
        name,
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.String(32), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f(f"fk_{name}_tenant_id_tenants"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"pk_{name}")),
    )
    op.create_index(f"ix_{name}_created_at", name, ["created_at"])
    protect(name, grants="SELECT, INSERT, DELETE", hidden=frozenset({"body"}))
    let_dispatch(name, grants="SELECT, DELETE")


def make_deliveries() -> None:
    name = "webhook_deliveries"
    op.create_table(
        name,
        *(sa.Column(column, sa.Uuid(), nullable=False) for column in ("tenant_id", "id", "endpoint_id", "event_id")),
        sa.Column("status", sa.String(16), server_default="waiting", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_attempt_at", MOMENT, nullable=True),
        sa.Column("last_attempt_at", MOMENT, nullable=True),
        sa.Column("response_status", sa.SmallInteger(), nullable=True),
        sa.Column("response_excerpt", sa.String(512), server_default="", nullable=False),
        sa.Column("failure", sa.String(64), server_default="", nullable=False),
        sa.Column("duration_ms", sa.Integer(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f(f"fk_{name}_tenant_id_tenants"), ondelete="CASCADE"
        ),
        *(
            sa.ForeignKeyConstraint(
                ["tenant_id", column], [f"{target}.tenant_id", f"{target}.id"],
                name=op.f(f"fk_{name}_tenant_id_{column}_{target}"), ondelete="CASCADE",
            )
            for column, target in (("endpoint_id", "webhook_endpoints"), ("event_id", "webhook_events"))
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"pk_{name}")),
        sa.UniqueConstraint(
            "tenant_id", "event_id", "endpoint_id", name=op.f(f"uq_{name}_tenant_id_event_id_endpoint_id")
        ),
    )  # fmt: skip
    columns = ["tenant_id", "endpoint_id", "status", "id"]
    op.create_index(f"ix_{name}_{'_'.join(columns)}", name, columns)
    protect(name, grants=READ_WRITE, hidden=frozenset({"response_excerpt"}))


def list_sealing_keys(columns: tuple[tuple[str, str], ...]) -> None:
    smallest = ", ".join(
        f"(SELECT min(t.{column}) FROM {table} t WHERE t.{column} > {{after}})" for table, column in columns
    )
    op.execute("GRANT lumenpay_dispatch TO CURRENT_USER")
    op.execute(
        f"""
        CREATE OR REPLACE FUNCTION list_sealing_keys() RETURNS TABLE (key_id text)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
          WITH RECURSIVE walk (found) AS (
            SELECT least({smallest.format(after="''")})
            UNION ALL
            SELECT least({smallest.format(after="w.found")}) FROM walk w WHERE w.found IS NOT NULL
          )
          SELECT w.found FROM walk w WHERE w.found IS NOT NULL
        $$
        """
    )
    op.execute("REVOKE lumenpay_dispatch FROM CURRENT_USER")


def make_functions() -> None:
    op.execute(
        """
        CREATE FUNCTION purge_webhook_events(older_than timestamptz, max_rows integer) RETURNS integer
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
        DECLARE removed integer;
        BEGIN
          DELETE FROM webhook_events WHERE (tenant_id, id) IN (
            SELECT e.tenant_id, e.id FROM webhook_events e
            WHERE e.created_at < older_than ORDER BY e.created_at LIMIT max_rows);
          GET DIAGNOSTICS removed = ROW_COUNT;
          RETURN removed;
        END $$
        """
    )
    op.execute(
        """
        CREATE FUNCTION list_webhooks_sealed_otherwise(
          newest text, after_tenant uuid, after_endpoint uuid, max_rows integer
        ) RETURNS TABLE (tenant_id uuid, id uuid)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
          SELECT e.tenant_id, e.id FROM webhook_endpoints e
          WHERE (e.tenant_id, e.id) > (after_tenant, after_endpoint)
            AND (e.secret_key_id <> newest OR e.previous_key_id <> newest)
          ORDER BY e.tenant_id, e.id LIMIT max_rows
        $$
        """
    )
    op.execute(
        """
        CREATE FUNCTION purge_idempotent_requests(older_than timestamptz, max_rows integer) RETURNS integer
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
        DECLARE removed integer;
        BEGIN
          DELETE FROM idempotent_requests WHERE (tenant_id, caller_id, key) IN (
            SELECT r.tenant_id, r.caller_id, r.key FROM idempotent_requests r
            WHERE r.created_at < older_than ORDER BY r.created_at LIMIT max_rows);
          GET DIAGNOSTICS removed = ROW_COUNT;
          RETURN removed;
        END $$
        """
    )
    give_to_dispatch(*FUNCTIONS)


def downgrade() -> None:
    list_sealing_keys(SEALING_KEYS)
    op.execute("GRANT lumenpay_dispatch TO CURRENT_USER")
    for signature in FUNCTIONS:
        op.execute(f"DROP FUNCTION {signature}")
    op.execute("REVOKE lumenpay_dispatch FROM CURRENT_USER")
    for table in (
        "webhook_deliveries", "webhook_events", "webhook_endpoints", "idempotent_requests", "api_keys",
    ):  # fmt: skip
        op.drop_table(table)
