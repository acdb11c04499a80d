"""Changes of plan: who may make them, what of an order was paid with time, and what each change carried over.

Revision ID: 0029
Revises: 0028
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.walls import protect

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_CREDIT = "ck_payments_credit_not_negative"


def upgrade() -> None:
    # First what is committed bit by bit: whoever is stopped here begins again, and finds nothing half made. The
    # rows are looked at while everybody goes on working.
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE payments ADD COLUMN IF NOT EXISTS credit_minor bigint NOT NULL DEFAULT 0")
        op.execute(f"ALTER TABLE payments DROP CONSTRAINT IF EXISTS {_CREDIT}")
        op.execute(f"ALTER TABLE payments ADD CONSTRAINT {_CREDIT} CHECK (credit_minor >= 0) NOT VALID")
        op.execute(f"ALTER TABLE payments VALIDATE CONSTRAINT {_CREDIT}")
    op.add_column("plans", sa.Column("allows_changes", sa.Boolean(), server_default="false", nullable=False))
    op.add_column(
        "plans", sa.Column("audience_plan_ids", postgresql.ARRAY(sa.Uuid()), server_default="{}", nullable=False)
    )
    make_plan_changes()


def make_plan_changes() -> None:
    op.create_table(
        "plan_changes",
        *(
            sa.Column(name, sa.Uuid(), nullable=False)
            for name in ("tenant_id", "payment_id", "subscription_id", "user_id", "from_plan_id", "to_plan_id")
        ),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("credit_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("kept_seconds", sa.BigInteger(), nullable=False),
        sa.Column("sources", postgresql.JSONB(), nullable=False),
        sa.Column("renews", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("quoted_at", _MOMENT, nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("applied_at", _MOMENT, nullable=True),
        sa.Column("applied_credit_minor", sa.BigInteger(), nullable=True),
        sa.Column("undone_at", _MOMENT, nullable=True),
        sa.CheckConstraint("credit_minor >= 0", name=op.f("ck_plan_changes_credit_not_negative")),
        sa.CheckConstraint(
            "applied_credit_minor BETWEEN 0 AND credit_minor", name=op.f("ck_plan_changes_applied_within_quote")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_plan_changes_tenant_id"), ondelete="CASCADE"
        ),
        *(
            sa.ForeignKeyConstraint(
                ["tenant_id", column], [f"{table}.tenant_id", f"{table}.id"],
                name=op.f(f"fk_plan_changes_tenant_id_{column}"),
            )
            for column, table in (
                ("payment_id", "payments"), ("subscription_id", "subscriptions"), ("user_id", "users"),
                ("from_plan_id", "plans"), ("to_plan_id", "plans"),
            )
        ),
        sa.PrimaryKeyConstraint("tenant_id", "payment_id", name=op.f("pk_plan_changes")),
    )  # fmt: skip
    op.create_index("ix_plan_changes_applied", "plan_changes", ["tenant_id", "user_id", "applied_at"])
    protect("plan_changes", grants="SELECT, INSERT, UPDATE")


def downgrade() -> None:
    op.drop_table("plan_changes")
    op.drop_column("plans", "audience_plan_ids")
    op.drop_column("plans", "allows_changes")
    op.drop_constraint(_CREDIT, "payments")
    op.drop_column("payments", "credit_minor")
