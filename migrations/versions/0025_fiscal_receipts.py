"""Fiscal receipts: what shops and plans write into them, where they go, and how far each is.

Revision ID: 0025
Revises: 0024
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.walls import READ_WRITE, give_to_dispatch, let_dispatch, protect

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

SIGNATURE = "due_fiscal_receipts(timestamptz, integer)"
MOMENT = sa.DateTime(timezone=True)
OF_PAYMENTS = "ix_payments_receipt"
OF_PLANS = (
    ("receipt_vat_code", sa.SmallInteger()),
    ("receipt_subject", sa.String(32)),
    ("receipt_mode", sa.String(32)),
)


def upgrade() -> None:
    # First what is committed bit by bit: whoever is stopped here begins again, and finds nothing half made.
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE payments ADD COLUMN IF NOT EXISTS receipt_state varchar(16)")
        op.drop_index(OF_PAYMENTS, table_name="payments", if_exists=True, postgresql_concurrently=True)
        op.create_index(
            OF_PAYMENTS, "payments", ["tenant_id", "receipt_state", "created_at", "id"],
            postgresql_where=sa.text("receipt_state IN ('failed', 'pending')"), postgresql_concurrently=True,
        )  # fmt: skip
    for name, kind in OF_PLANS:
        op.add_column("plans", sa.Column(name, kind, nullable=True))
    op.create_check_constraint(op.f("ck_plans_receipt_vat_code_known"), "plans", "receipt_vat_code BETWEEN 1 AND 12")
    make_settings()
    make_receipts()
    op.execute(
        """
        CREATE FUNCTION due_fiscal_receipts(now_at timestamptz, max_rows integer)
        RETURNS TABLE (tenant_id uuid, id uuid)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
          SELECT r.tenant_id, r.id FROM fiscal_receipts r
          WHERE r.next_step_at IS NOT NULL AND r.next_step_at <= now_at ORDER BY r.next_step_at LIMIT max_rows
        $$
        """
    )
    give_to_dispatch(SIGNATURE)


def make_settings() -> None:
    op.create_table(
        "receipt_settings",
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("tenant_id", "bot_id")),
        *(sa.Column(name, sa.Boolean(), server_default="false", nullable=False) for name in ("is_on", "takes_phone")),
        sa.Column("vat_code", sa.SmallInteger(), nullable=False),
        sa.Column("tax_system_code", sa.SmallInteger(), nullable=True),
        *(sa.Column(name, sa.String(32), nullable=False) for name in ("subject", "mode")),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.CheckConstraint("vat_code BETWEEN 1 AND 12", name=op.f("ck_receipt_settings_vat_code_known")),
        sa.CheckConstraint("tax_system_code BETWEEN 1 AND 6", name=op.f("ck_receipt_settings_tax_system_code_known")),
        *within("receipt_settings", {"bot_id": "bots"}),
        sa.PrimaryKeyConstraint("tenant_id", "bot_id", name=op.f("pk_receipt_settings")),
    )
    op.create_table(
        "receipt_contacts",
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("tenant_id", "user_id")),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("value", sa.String(254), nullable=False),
        sa.Column("given_at", MOMENT, nullable=False),
        *within("receipt_contacts", {"user_id": "users"}, ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("tenant_id", "user_id", name=op.f("pk_receipt_contacts")),
    )
    protect("receipt_settings", grants=READ_WRITE)
    protect("receipt_contacts", grants=READ_WRITE, hidden=frozenset({"value"}))


def make_receipts() -> None:
    table = "fiscal_receipts"
    op.create_table(
        table,
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("tenant_id", "id", "payment_id")),
        sa.Column("refund_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("state", sa.String(32), server_default="pending", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("idempotence_key", sa.String(64), nullable=True),
        sa.Column("key_first_sent_at", MOMENT, nullable=True),
        sa.Column("request_body", postgresql.JSONB, nullable=True),
        sa.Column("provider_receipt_id", sa.String(64), nullable=True),
        sa.Column("failure", sa.String(96), nullable=True),
        sa.Column("next_step_at", MOMENT, nullable=True),
        sa.Column("requested_by", sa.Uuid(), nullable=True),
        *(sa.Column(name, MOMENT, nullable=False) for name in ("state_changed_at", "created_at")),
        *within(table, {"payment_id": "payments", "refund_id": "refunds"}),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint(
            "tenant_id", "payment_id", "refund_id", name=op.f(f"uq_{table}_tenant_id_payment_id_refund_id"),
            postgresql_nulls_not_distinct=True,
        ),
        sa.UniqueConstraint("tenant_id", "idempotence_key", name=op.f(f"uq_{table}_tenant_id_idempotence_key")),
    )  # fmt: skip
    op.create_index(
        "ix_fiscal_receipts_due", table, ["next_step_at"], postgresql_where=sa.text("next_step_at IS NOT NULL")
    )
    op.create_index(
        "ix_fiscal_receipts_list", table, ["tenant_id", "state", "created_at", "id"],
        postgresql_where=sa.text("state <> 'registered'"),
    )  # fmt: skip
    protect(table, grants=READ_WRITE, hidden=frozenset({"request_body"}))
    let_dispatch(table, grants="SELECT (tenant_id, id, next_step_at)")


def within(table: str, targets: dict[str, str], *, ondelete: str | None = None) -> list[sa.ForeignKeyConstraint]:
    own = sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f(f"fk_{table}_tenant_id"), ondelete="CASCADE")
    return [
        own,
        *(
            sa.ForeignKeyConstraint(
                ["tenant_id", column], [f"{target}.tenant_id", f"{target}.id"],
                name=op.f(f"fk_{table}_tenant_id_{column}"), ondelete=ondelete,
            )
            for column, target in targets.items()
        ),
    ]  # fmt: skip


def downgrade() -> None:
    op.execute("GRANT lumenpay_dispatch TO CURRENT_USER")
    op.execute(f"DROP FUNCTION {SIGNATURE}")
    op.execute("REVOKE lumenpay_dispatch FROM CURRENT_USER")
    for table in ("fiscal_receipts", "receipt_contacts", "receipt_settings"):
        op.drop_table(table)
    op.drop_constraint(op.f("ck_plans_receipt_vat_code_known"), "plans")
    for name, _ in OF_PLANS:
        op.drop_column("plans", name)
    op.drop_index(OF_PAYMENTS, table_name="payments")
    op.drop_column("payments", "receipt_state")
