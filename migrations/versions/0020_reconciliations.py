"""Runs over a shop's list at the gateway with what they found, and slow sweeps through the people of a channel.

Revision ID: 0020
Revises: 0019
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.walls import FIRST_DRIVE_TENANT, READ_WRITE, give_to_dispatch, protect

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
NOW = sa.text("now()")
FUNCTIONS = ("due_reconciliations(timestamptz, integer)", "due_sweeps(timestamptz, integer)")
DUE = (
    ("ix_bots_reconcile_at", "bots", ["reconcile_at"], "shop_status = 'active'"),
    ("ix_channels_next_sweep_at", "channels", ["next_sweep_at"], "status <> 'bot_removed'"),
)
TABLES = (
    "swept_members", "membership_sweeps", "reconciliation_sightings", "reconciliation_findings", "reconciliations"
)  # fmt: skip


def tenant_table(name: str, *columns: sa.Column[Any] | sa.Constraint, keys: tuple[str, ...] = ("id",)) -> None:
    op.create_table(
        name,
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f(f"fk_{name}_tenant_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("tenant_id", *keys, name=op.f(f"pk_{name}")),
    )
    protect(name, grants=READ_WRITE)


def within(table: str, column: str, target: str, *, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", column], [f"{target}.tenant_id", f"{target}.id"], name=op.f(f"fk_{table}_tenant_id_{column}"),
        ondelete=ondelete,
    )  # fmt: skip


def count(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), server_default="0", nullable=False)


def upgrade() -> None:
    op.add_column("bots", sa.Column("reconcile_at", MOMENT, server_default=NOW, nullable=False))
    op.add_column("channels", sa.Column("next_sweep_at", MOMENT, server_default=NOW, nullable=False))
    for name, table, columns, where in DUE:
        op.create_index(name, table, columns, postgresql_where=sa.text(where))
    make_reconciliations()
    make_sweeps()
    make_functions()


def make_reconciliations() -> None:
    tenant_table(
        "reconciliations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("bot_id", sa.Uuid(), nullable=False),
        sa.Column("shop_id", sa.String(64), nullable=False),
        sa.Column("status", sa.String(32), server_default="running", nullable=False),
        sa.Column("stage", sa.String(32), server_default="gateway", nullable=False),
        sa.Column("cursor", sa.String(256), server_default="", nullable=False),
        count("steps_count"),
        sa.Column("from_at", MOMENT, nullable=False),
        sa.Column("until_at", MOMENT, nullable=False),
        *(count(f"{name}_count") for name in ("listed", "foreign", "ours", "repaired", "open")),
        sa.Column("problem", sa.String(64), server_default="", nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        within("reconciliations", "bot_id", "bots"),
    )
    op.create_index(
        "uq_reconciliations_running", "reconciliations", ["tenant_id", "bot_id"], unique=True,
        postgresql_where=sa.text("status = 'running'"),
    )  # fmt: skip
    op.create_index(
        "ix_reconciliations_tenant_id_created_at_id", "reconciliations", ["tenant_id", "created_at", "id"]
    )  # fmt: skip
    findings = "reconciliation_findings"
    tenant_table(
        findings,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("bot_id", sa.Uuid(), nullable=False),
        sa.Column("reconciliation_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=True),
        sa.Column("details", postgresql.JSONB, nullable=False),
        *(sa.Column(f"{name}_at", MOMENT, nullable=False) for name in ("found", "seen")),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        within(findings, "bot_id", "bots"),
        within(findings, "reconciliation_id", "reconciliations"),
        within(findings, "payment_id", "payments"),
        sa.UniqueConstraint(
            "tenant_id", "bot_id", "kind", "subject", name=op.f(f"uq_{findings}_tenant_id_bot_id_kind_subject")
        ),
    )
    for columns in (["tenant_id", "state", "found_at", "id"], ["tenant_id", "reconciliation_id", "state"]):
        op.create_index(f"ix_{findings}_{'_'.join(columns)}", findings, columns)
    op.create_index(
        "ix_reconciliation_findings_payment", findings, ["tenant_id", "payment_id"],
        postgresql_where=sa.text("payment_id IS NOT NULL"),
    )  # fmt: skip
    tenant_table(
        "reconciliation_sightings",
        sa.Column("reconciliation_id", sa.Uuid(), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        within("reconciliation_sightings", "reconciliation_id", "reconciliations", ondelete="CASCADE"),
        keys=("reconciliation_id", "payment_id"),
    )


def make_sweeps() -> None:
    tenant_table(
        "membership_sweeps",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("channel_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(32), server_default="looking", nullable=False),
        sa.Column("last_telegram_id", sa.BigInteger(), nullable=True),
        *(count(f"{name}_count") for name in ("looked", "inside", "mended", "to_remove")),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        within("membership_sweeps", "channel_id", "channels"),
    )
    op.create_index(
        "uq_membership_sweeps_unfinished", "membership_sweeps", ["tenant_id", "channel_id"], unique=True,
        postgresql_where=sa.text("status NOT IN ('done', 'kept')"),
    )  # fmt: skip
    op.create_index(
        "ix_membership_sweeps_tenant_id_created_at_id", "membership_sweeps", ["tenant_id", "created_at", "id"]
    )
    op.create_index(
        "ix_membership_sweeps_braked", "membership_sweeps", ["tenant_id", "id"],
        postgresql_where=sa.text("status = 'braked'"),
    )  # fmt: skip
    tenant_table(
        "swept_members",
        sa.Column("sweep_id", sa.Uuid(), nullable=False),
        sa.Column("membership_id", sa.Uuid(), nullable=False),
        within("swept_members", "sweep_id", "membership_sweeps", ondelete="CASCADE"),
        within("swept_members", "membership_id", "memberships"),
        keys=("sweep_id", "membership_id"),
    )


def make_functions() -> None:
    op.execute("GRANT SELECT (reconcile_at, shop_status) ON bots TO lumenpay_dispatch")
    op.execute("GRANT SELECT (next_sweep_at) ON channels TO lumenpay_dispatch")
    op.execute(
        f"""
        CREATE FUNCTION due_reconciliations(now_at timestamptz, max_rows integer)
        RETURNS TABLE (tenant_id uuid, id uuid)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
          SELECT b.tenant_id, b.id FROM bots b
          WHERE b.shop_status = 'active' AND b.reconcile_at <= now_at AND b.tenant_id < {FIRST_DRIVE_TENANT}
          ORDER BY b.reconcile_at LIMIT max_rows
        $$
        """
    )
    op.execute(
        f"""
        CREATE FUNCTION due_sweeps(now_at timestamptz, max_rows integer) RETURNS TABLE (tenant_id uuid, id uuid)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
          SELECT c.tenant_id, c.id FROM channels c
          WHERE c.status <> 'bot_removed' AND c.next_sweep_at <= now_at AND c.tenant_id < {FIRST_DRIVE_TENANT}
          ORDER BY c.next_sweep_at LIMIT max_rows
        $$
        """
    )
    give_to_dispatch(*FUNCTIONS)


def downgrade() -> None:
    op.execute("GRANT lumenpay_dispatch TO CURRENT_USER")
    for signature in FUNCTIONS:
        op.execute(f"DROP FUNCTION {signature}")
    op.execute("REVOKE lumenpay_dispatch FROM CURRENT_USER")
    op.execute("REVOKE SELECT (next_sweep_at) ON channels FROM lumenpay_dispatch")
    op.execute("REVOKE SELECT (reconcile_at, shop_status) ON bots FROM lumenpay_dispatch")
    for table in TABLES:
        op.drop_table(table)
    for name, table, _, _ in DUE:
        op.drop_index(name, table_name=table)
    op.drop_column("channels", "next_sweep_at")
    op.drop_column("bots", "reconcile_at")
