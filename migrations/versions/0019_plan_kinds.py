"""Kinds of plans: trials, places, sale windows, ends on a date, access codes and audiences.

Revision ID: 0019
Revises: 0018
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.walls import READ_WRITE, protect

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
CHECKS = {
    "ck_plans_capacity_positive": "capacity > 0",
    "ck_plans_fixed_end_of_unit": "period_unit <> 'until' OR fixed_end_at IS NOT NULL",
}


def columns() -> list[sa.Column[object]]:
    return [
        sa.Column("access_code", sa.String(32), nullable=True),
        sa.Column("is_trial", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("audience", sa.String(16), server_default="everyone", nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("sale_starts_at", MOMENT, nullable=True),
        sa.Column("sale_ends_at", MOMENT, nullable=True),
        sa.Column("fixed_end_at", MOMENT, nullable=True),
    ]


def upgrade() -> None:
    # A tenant has a handful of plans: the checks and the index take a moment.
    for column in columns():
        op.add_column("plans", column)
    for name, condition in CHECKS.items():
        op.create_check_constraint(op.f(name), "plans", condition)
    op.create_index(
        "ix_plans_access_code", "plans", ["tenant_id", "bot_id", "access_code"],
        postgresql_where=sa.text("access_code IS NOT NULL"),
    )  # fmt: skip
    op.add_column("payments", sa.Column("fixed_end_at", MOMENT, nullable=True))
    op.add_column("users", sa.Column("guesses_count", sa.Integer(), server_default="0", nullable=False))
    op.add_column("users", sa.Column("guessing_since_at", MOMENT, nullable=True))
    make_trial_uses()
    make_plan_unlocks()


def make_trial_uses() -> None:
    op.create_table(
        "trial_uses",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("telegram_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_trial_uses_tenant_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "plan_id"], ["plans.tenant_id", "plans.id"], name=op.f("fk_trial_uses_tenant_id_plan_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "telegram_id", name=op.f("pk_trial_uses")),
    )
    op.create_index(op.f("ix_trial_uses_tenant_id_payment_id"), "trial_uses", ["tenant_id", "payment_id"])
    protect("trial_uses", grants=READ_WRITE)


def make_plan_unlocks() -> None:
    op.create_table(
        "plan_unlocks",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(32), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_plan_unlocks_tenant_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "plan_id"], ["plans.tenant_id", "plans.id"], name=op.f("fk_plan_unlocks_tenant_id_plan_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "user_id"], ["users.tenant_id", "users.id"], name=op.f("fk_plan_unlocks_tenant_id_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "plan_id", "user_id", name=op.f("pk_plan_unlocks")),
    )  # fmt: skip
    op.create_index(op.f("ix_plan_unlocks_tenant_id_user_id"), "plan_unlocks", ["tenant_id", "user_id"])
    protect("plan_unlocks", grants=READ_WRITE)


def downgrade() -> None:
    op.drop_table("plan_unlocks")
    op.drop_table("trial_uses")
    op.drop_column("users", "guessing_since_at")
    op.drop_column("users", "guesses_count")
    op.drop_column("payments", "fixed_end_at")
    op.drop_index("ix_plans_access_code", "plans")
    for name in CHECKS:
        op.drop_constraint(op.f(name), "plans")
    for column in reversed(columns()):
        op.drop_column("plans", column.name)
