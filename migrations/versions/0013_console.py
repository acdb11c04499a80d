"""Staff and their console: chained audit, suspension and limits of tenants, impersonation, results of invariants.

Revision ID: 0013
Revises: 0012
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import JSONB

from migrations.walls import APPEND_ONLY, READ_WRITE, give_to_dispatch, grant, protect

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

SQL = Path(__file__).parent.parent / "sql"
FUNCTIONS = ("list_broken_rows(text, timestamptz, integer)", "due_impersonations(timestamptz, integer)")
TENANT_COLUMNS = ("suspended_at", "suspension_reason", "max_bots", "max_channels", "max_subscribers")
SESSION_COLUMNS = ("mfa_at", "impersonation_id", "impersonated_tenant_id", "impersonation_ends_at")
NEW_READERS = {
    "ledger_entries": "SELECT (tenant_id, currency, amount_minor)",
    "grants": "SELECT (tenant_id, payment_id)",
    "subscription_periods": "SELECT (tenant_id, id, subscription_id, payment_id, during)",
    "memberships": "SELECT (tenant_id, id, channel_id, user_id, telegram_id, wanted, actual, actual_seen_at)",
    "audit_events": "SELECT (tenant_id, id)",
    "audit_links": "SELECT (tenant_id, event_id)",
    "impersonations": "SELECT (tenant_id, id, ends_at, ended_at)",
}
MORE_OF_CHANNELS = "can_restrict_members, removes_strangers"
BODIES = {
    "telegram_updates": "body",
    "payment_notices": "body",
}
"""Raw words of people and gateways: staff sees that there is something and why it waits, not what it says."""


UNDELIVERED = "ix_payments_not_granted"
QUARANTINED = "ix_payment_notices_quarantined"


def upgrade() -> None:
    # First, so that an attempt that was cut off leaves nothing behind that the next one stumbles over.
    with op.get_context().autocommit_block():
        for name, table, where in (
            (UNDELIVERED, "payments", "status = 'succeeded' AND delivery_state IN ('not_paid', 'paid', 'granted')"),
            (QUARANTINED, "payment_notices", "status = 'quarantined'"),
        ):
            columns = ["tenant_id", "created_at" if table == "payments" else "received_at"]
            op.drop_index(name, table_name=table, if_exists=True, postgresql_concurrently=True)
            op.create_index(name, table, columns, postgresql_where=text(where), postgresql_concurrently=True)
    _add_columns()
    _add_audit_tables()
    _add_staff_tables()
    # The owner is held by the wall too, and must see every tenant's events to chain them.
    op.execute("ALTER TABLE audit_events NO FORCE ROW LEVEL SECURITY")
    _run_script("0013_audit.sql")
    op.execute("ALTER TABLE audit_events FORCE ROW LEVEL SECURITY")
    protect("audit_links", grants=APPEND_ONLY)
    protect("impersonations", grants="SELECT, INSERT, UPDATE")
    grant("platform_events", grants=APPEND_ONLY)
    grant("staff_members", grants="SELECT")
    grant("invariant_results", grants=READ_WRITE)
    for table, columns in NEW_READERS.items():
        op.execute(f"CREATE POLICY checking ON {table} FOR SELECT TO lumenpay_dispatch USING (true)")
        op.execute(f"GRANT {columns} ON {table} TO lumenpay_dispatch")
    op.execute(f"GRANT SELECT ({MORE_OF_CHANNELS}) ON channels TO lumenpay_dispatch")
    _run_script("0013_invariants.sql")
    # The dispatch role calls its own function from inside another one.
    give_to_dispatch(*FUNCTIONS)
    for table, body in BODIES.items():
        op.execute(f"REVOKE SELECT ON {table} FROM lumenpay_staff")
        grant(table, grants="SELECT", hidden=frozenset({body}))


def _add_columns() -> None:
    moment = sa.DateTime(timezone=True)
    op.add_column("tenants", sa.Column("suspended_at", moment, nullable=True))
    op.add_column("tenants", sa.Column("suspension_reason", sa.String(256), server_default="", nullable=False))
    op.add_column("tenants", sa.Column("max_bots", sa.Integer(), server_default="50", nullable=False))
    op.add_column("tenants", sa.Column("max_channels", sa.Integer(), server_default="500", nullable=False))
    op.add_column("tenants", sa.Column("max_subscribers", sa.Integer(), nullable=True))
    op.add_column("admin_sessions", sa.Column("mfa_at", moment, nullable=True))
    op.add_column("admin_sessions", sa.Column("impersonation_id", sa.Uuid(), nullable=True))
    op.add_column("admin_sessions", sa.Column("impersonated_tenant_id", sa.Uuid(), nullable=True))
    op.add_column("admin_sessions", sa.Column("impersonation_ends_at", moment, nullable=True))


def _add_audit_tables() -> None:
    op.create_table(
        "audit_links",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "position", name="pk_audit_links"),
        sa.UniqueConstraint("tenant_id", "event_id", name="uq_audit_links_tenant_id_event_id"),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name="fk_audit_links_tenant_id_tenants", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "event_id"], ["audit_events.tenant_id", "audit_events.id"],
            name="fk_audit_links_tenant_id_event_id_audit_events",
        ),
    )  # fmt: skip
    op.create_table(
        "platform_events",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("actor_kind", sa.String(16), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("action", sa.String(64), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("details", JSONB(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_platform_events"),
        sa.UniqueConstraint("position", name="uq_platform_events_position"),
    )


def _add_staff_tables() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "staff_members",
        sa.Column("admin_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("admin_id", name="pk_staff_members"),
        sa.ForeignKeyConstraint(
            ["admin_id"], ["admins.id"], name="fk_staff_members_admin_id_admins", ondelete="CASCADE"
        ),
    )
    op.create_table(
        "impersonations",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("staff_name", sa.String(128), nullable=False),
        sa.Column("reason", sa.String(512), nullable=False),
        sa.Column("started_at", moment, nullable=False),
        sa.Column("ends_at", moment, nullable=False),
        sa.Column("ended_at", moment, nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_impersonations"),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name="fk_impersonations_tenant_id_tenants", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["admins.id"], name="fk_impersonations_staff_id_admins"),
    )
    op.create_index("ix_impersonations_open", "impersonations", ["ends_at"], postgresql_where=text("ended_at IS NULL"))
    op.create_table(
        "invariant_results",
        sa.Column("name", sa.String(48), nullable=False),
        sa.Column("checked_at", moment, nullable=False),
        sa.Column("violations", sa.Integer(), nullable=False),
        sa.Column("samples", JSONB(), nullable=False),
        sa.Column("error", sa.String(300), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_invariant_results"),
    )


def _run_script(name: str) -> None:
    lines: list[str] = []
    is_in_body = False
    for line in (SQL / name).read_text(encoding="utf-8").splitlines():
        lines.append(line)
        is_in_body ^= line.count("$$") % 2 == 1
        if not is_in_body and line.rstrip().endswith(";"):
            op.execute("\n".join(lines).strip().rstrip(";").replace(":", "\\:"))
            lines = []


def downgrade() -> None:
    for table in BODIES:
        op.execute(f"GRANT SELECT ON {table} TO lumenpay_staff")
    op.execute("GRANT lumenpay_dispatch TO CURRENT_USER")
    for signature in FUNCTIONS:
        op.execute(f"DROP FUNCTION {signature}")
    op.execute("REVOKE lumenpay_dispatch FROM CURRENT_USER")
    op.execute(f"REVOKE SELECT ({MORE_OF_CHANNELS}) ON channels FROM lumenpay_dispatch")
    for table, columns in NEW_READERS.items():
        op.execute(f"DROP POLICY checking ON {table}")
        op.execute(f"REVOKE {columns} ON {table} FROM lumenpay_dispatch")
    op.execute("DROP TRIGGER audit_chain ON audit_events")
    op.execute("DROP TRIGGER platform_chain ON platform_events")
    for signature in (
        "chain_platform_event()", "chain_audit_event()", "append_audit_link(audit_events)", "audit_moment(timestamptz)",
        "audit_digest(text[])",
    ):  # fmt: skip
        op.execute(f"DROP FUNCTION {signature}")
    for table in ("audit_links", "platform_events", "impersonations", "staff_members", "invariant_results"):
        op.drop_table(table)
    for name in TENANT_COLUMNS:
        op.drop_column("tenants", name)
    for name in SESSION_COLUMNS:
        op.drop_column("admin_sessions", name)
    with op.get_context().autocommit_block():
        op.drop_index(UNDELIVERED, table_name="payments", if_exists=True, postgresql_concurrently=True)
        op.drop_index(QUARANTINED, table_name="payment_notices", if_exists=True, postgresql_concurrently=True)
