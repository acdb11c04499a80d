"""Refunds: asked for or noticed, posted in the ledger once each, and the time that a refunded payment bought.

Revision ID: 0018
Revises: 0017
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.walls import READ_WRITE, give_to_dispatch, let_dispatch, protect

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

ONCE = "uq_ledger_entries_tenant_id_payment_id_kind_account_refund_id"
ONCE_BEFORE = "uq_ledger_entries_tenant_id_payment_id_kind_account"
SWEPT = "ix_bots_refunds_swept_at"
FUNCTIONS = (
    "due_refund_checks(timestamptz, integer)", "due_refund_sweeps(timestamptz, integer)",
    "take_back_period(uuid, timestamptz)",
)  # fmt: skip


def upgrade() -> None:
    # First what is committed bit by bit: whoever is stopped here begins again, and finds nothing half made.
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE ledger_entries ADD COLUMN IF NOT EXISTS refund_id uuid")
        op.drop_index(ONCE, table_name="ledger_entries", if_exists=True, postgresql_concurrently=True)
        op.create_index(
            ONCE, "ledger_entries", ["tenant_id", "payment_id", "kind", "account", "refund_id"], unique=True,
            postgresql_nulls_not_distinct=True, postgresql_concurrently=True,
        )  # fmt: skip
    op.execute(f"ALTER TABLE ledger_entries ADD CONSTRAINT {ONCE} UNIQUE USING INDEX {ONCE}")
    op.drop_constraint(ONCE_BEFORE, "ledger_entries", type_="unique")
    make_refunds()
    op.create_foreign_key(
        op.f("fk_ledger_entries_tenant_id_refund_id"), "ledger_entries", "refunds", ["tenant_id", "refund_id"],
        ["tenant_id", "id"], postgresql_not_valid=True,
    )  # fmt: skip
    op.execute("ALTER TABLE ledger_entries VALIDATE CONSTRAINT fk_ledger_entries_tenant_id_refund_id")
    op.add_column("payments", sa.Column("refunded_minor", sa.BigInteger(), server_default="0", nullable=False))
    op.execute(
        "ALTER TABLE payments ADD CONSTRAINT ck_payments_refunded_within_amount "
        "CHECK (refunded_minor BETWEEN 0 AND amount_minor) NOT VALID"
    )
    op.execute("ALTER TABLE payments VALIDATE CONSTRAINT ck_payments_refunded_within_amount")
    # Shops that sell already are asked for a month back, later ones from their beginning.
    # From now on: what was given back before is known to the owner, and took nobody's access away then.
    op.execute("ALTER TABLE bots ADD COLUMN refunds_swept_at timestamptz NOT NULL DEFAULT now()")
    op.execute("GRANT SELECT (refunds_swept_at) ON bots TO lumenpay_staff")
    op.execute("GRANT SELECT (shop_status, refunds_swept_at) ON bots TO lumenpay_dispatch")
    op.create_index(SWEPT, "bots", ["refunds_swept_at"], postgresql_where=sa.text("shop_status = 'active'"))
    make_functions()


def make_refunds() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "refunds",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("origin", sa.String(16), nullable=False),
        sa.Column("status", sa.String(32), server_default="created", nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("reason", sa.String(250), server_default="", nullable=False),
        sa.Column("access", sa.String(16), nullable=True),
        sa.Column("requested_by", sa.Uuid(), nullable=True),
        sa.Column("request_key", sa.String(48), nullable=True),
        sa.Column("idempotence_key", sa.String(64), nullable=True),
        sa.Column("key_first_sent_at", moment, nullable=True),
        sa.Column("request_body", postgresql.JSONB, nullable=True),
        sa.Column("provider_refund_id", sa.String(64), nullable=True),
        sa.Column("next_check_at", moment, nullable=True),
        sa.Column("checks_count", sa.Integer(), server_default="0", nullable=False),
        *(
            sa.Column(name, sa.String(64), nullable=True)
            for name in ("check_result", "cancellation_reason", "quarantine_reason")
        ),
        *(sa.Column(name, moment, nullable=True) for name in ("settled_at", "told_at")),
        sa.Column("created_at", moment, nullable=False),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_refunds_amount_positive")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_refunds_tenant_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "payment_id"], ["payments.tenant_id", "payments.id"],
            name=op.f("fk_refunds_tenant_id_payment_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_refunds")),
        *(
            sa.UniqueConstraint("tenant_id", name, name=op.f(f"uq_refunds_tenant_id_{name}"))
            for name in ("idempotence_key", "request_key", "provider_refund_id")
        ),
    )  # fmt: skip
    op.create_index(
        "ix_refunds_due", "refunds", ["next_check_at"], postgresql_where=sa.text("next_check_at IS NOT NULL")
    )
    op.create_index("ix_refunds_tenant_id_payment_id_created_at", "refunds", ["tenant_id", "payment_id", "created_at"])
    protect("refunds", grants=READ_WRITE)
    let_dispatch("refunds", grants="SELECT (tenant_id, id, next_check_at)")


def make_functions() -> None:
    op.execute(
        """
        CREATE FUNCTION due_refund_checks(now_at timestamptz, max_rows integer) RETURNS TABLE (tenant_id uuid, id uuid)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
          SELECT r.tenant_id, r.id FROM refunds r
          WHERE r.next_check_at IS NOT NULL AND r.next_check_at <= now_at ORDER BY r.next_check_at LIMIT max_rows
        $$
        """
    )
    op.execute(
        """
        CREATE FUNCTION due_refund_sweeps(before_at timestamptz, max_rows integer)
        RETURNS TABLE (tenant_id uuid, id uuid)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
          SELECT b.tenant_id, b.id FROM bots b
          WHERE b.shop_status = 'active' AND b.status <> 'deleted' AND b.refunds_swept_at <= before_at
          ORDER BY b.refunds_swept_at LIMIT max_rows
        $$
        """
    )
    # Earliest first: each moves into room that is free already, so no two overlap at any moment. Lengths are counted in
    # seconds, because a day of the session's time zone may have more or fewer than 24 hours.
    op.execute(
        """
        CREATE FUNCTION take_back_period(of_payment uuid, cut_at timestamptz) RETURNS integer
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
        DECLARE
          own uuid := nullif(current_setting('app.tenant_id', true), '')::uuid;
          taken record;
          later record;
          kept_until timestamptz;
          freed interval;
        BEGIN
          SELECT p.id, p.subscription_id, lower(p.during) AS starts_at, upper(p.during) AS ends_at INTO taken
          FROM subscription_periods p
          WHERE p.tenant_id = own AND p.payment_id = of_payment AND NOT isempty(p.during) FOR UPDATE;
          IF taken.id IS NULL OR coalesce(taken.ends_at <= cut_at, false) THEN
            RETURN 0;
          END IF;
          kept_until := greatest(taken.starts_at, cut_at);
          UPDATE subscription_periods p SET during = tstzrange(taken.starts_at, kept_until, '[)')
          WHERE p.tenant_id = own AND p.id = taken.id;
          freed := make_interval(secs => extract(epoch FROM taken.ends_at - kept_until)::float8);
          FOR later IN
            SELECT p.id, lower(p.during) AS starts_at, upper(p.during) AS ends_at FROM subscription_periods p
            WHERE p.tenant_id = own AND p.subscription_id = taken.subscription_id AND lower(p.during) >= taken.ends_at
            ORDER BY lower(p.during) FOR UPDATE
          LOOP
            UPDATE subscription_periods p SET during = tstzrange(later.starts_at - freed, later.ends_at - freed, '[)')
            WHERE p.tenant_id = own AND p.id = later.id;
          END LOOP;
          RETURN 1;
        END $$
        """
    )
    give_to_dispatch(*FUNCTIONS)


def downgrade() -> None:
    op.execute("GRANT lumenpay_dispatch TO CURRENT_USER")
    for signature in FUNCTIONS:
        op.execute(f"DROP FUNCTION {signature}")
    op.execute("REVOKE lumenpay_dispatch FROM CURRENT_USER")
    op.drop_index(SWEPT, table_name="bots")
    op.drop_column("bots", "refunds_swept_at")
    op.execute("REVOKE SELECT (shop_status) ON bots FROM lumenpay_dispatch")
    op.drop_constraint(op.f("ck_payments_refunded_within_amount"), "payments")
    op.drop_column("payments", "refunded_minor")
    # The owner of the table stands behind its wall too. What was given back stays paid in the books of before.
    op.execute("ALTER TABLE ledger_entries NO FORCE ROW LEVEL SECURITY")
    op.execute("DELETE FROM ledger_entries WHERE refund_id IS NOT NULL")
    op.execute("ALTER TABLE ledger_entries FORCE ROW LEVEL SECURITY")
    # What was deleted is checked now: the table cannot be changed while checks are put off.
    op.execute("SET CONSTRAINTS ALL IMMEDIATE")
    op.drop_constraint(op.f("fk_ledger_entries_tenant_id_refund_id"), "ledger_entries")
    op.create_unique_constraint(ONCE_BEFORE, "ledger_entries", ["tenant_id", "payment_id", "kind", "account"])
    op.drop_constraint(ONCE, "ledger_entries", type_="unique")
    op.drop_column("ledger_entries", "refund_id")
    op.drop_table("refunds")
