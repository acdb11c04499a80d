"""Broadcasts: what one says and how far it has come, a row for each recipient, and who wants none of a kind.

Revision ID: 0039
Revises: 0038
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.fairness import DueRows, name_fairly
from migrations.walls import READ_WRITE, give_to_dispatch, let_dispatch, protect

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
COUNTS = ("sent_count", "failed_count", "blocked_count", "uncertain_count", "skipped_count", "rate_per_minute")
MOMENTS = ("tested_at", "started_at", "finished_at", "next_step_at")
OTHERS = (
    "category", "medium_kind", "medium", "buttons", "name_fallback", "from_hour", "until_hour", "idempotence_key",
    "started_by", "paused_because", "total_count",
)  # fmt: skip
DUE = "due_broadcasts(timestamptz, integer)"
BROADCASTS, RECIPIENTS, OPT_OUTS = "scheduled_broadcasts", "broadcast_recipients", "broadcast_opt_outs"


def upgrade() -> None:
    widen_broadcasts()
    make_recipients()
    make_opt_outs()
    let_dispatch(BROADCASTS, grants="SELECT (tenant_id, id, next_step_at)")
    name_fairly(DueRows("due_broadcasts", BROADCASTS, "next_step_at", where="t.next_step_at IS NOT NULL"))
    give_to_dispatch(DUE)


def widen_broadcasts() -> None:
    for column in (
        sa.Column("category", sa.String(16), server_default="news", nullable=False),
        sa.Column("medium_kind", sa.String(16), nullable=True),
        sa.Column("medium", sa.String(512), nullable=True),
        sa.Column("buttons", postgresql.JSONB(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("name_fallback", sa.String(64), server_default="", nullable=False),
        sa.Column("from_hour", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("until_hour", sa.SmallInteger(), server_default="24", nullable=False),
        sa.Column("idempotence_key", sa.String(64), nullable=True),
        sa.Column("started_by", sa.Uuid(), nullable=True),
        sa.Column("paused_because", sa.String(16), nullable=True),
        sa.Column("total_count", sa.Integer(), nullable=True),
        *(sa.Column(name, MOMENT, nullable=True) for name in MOMENTS),
        *(sa.Column(name, sa.Integer(), server_default="0", nullable=False) for name in COUNTS),
    ):
        op.add_column(BROADCASTS, column)
    op.create_check_constraint(
        op.f("ck_scheduled_broadcasts_hours"), BROADCASTS,
        "from_hour >= 0 AND from_hour < until_hour AND until_hour <= 24",
    )  # fmt: skip
    op.create_unique_constraint(
        op.f("uq_scheduled_broadcasts_tenant_id_idempotence_key"), BROADCASTS, ["tenant_id", "idempotence_key"]
    )
    # Nothing has ever looked for what is scheduled: one index serves every step.
    op.drop_index("ix_scheduled_broadcasts_due", table_name=BROADCASTS)
    op.create_index("ix_scheduled_broadcasts_tenant_id_created_at", BROADCASTS, ["tenant_id", "created_at"])
    op.create_index(
        "ix_scheduled_broadcasts_next_step_at", BROADCASTS, ["next_step_at"],
        postgresql_where=sa.text("next_step_at IS NOT NULL"),
    )  # fmt: skip


def make_recipients() -> None:
    op.create_table(
        RECIPIENTS,
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("tenant_id", "broadcast_id", "user_id")),
        sa.Column("state", sa.String(16), server_default="waiting", nullable=False),
        *(sa.Column(name, sa.Uuid(), nullable=True) for name in ("job_id", "lease_id")),
        sa.Column("reason", sa.String(256), server_default="", nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_broadcast_recipients_tenant_id"), ondelete="CASCADE"
        ),
        *(
            sa.ForeignKeyConstraint(
                ["tenant_id", column], [f"{target}.tenant_id", f"{target}.id"],
                name=op.f(f"fk_broadcast_recipients_tenant_id_{column}"), ondelete="CASCADE",
            )
            for column, target in (("broadcast_id", BROADCASTS), ("user_id", "users"))
        ),
        sa.PrimaryKeyConstraint("tenant_id", "broadcast_id", "user_id", name=op.f("pk_broadcast_recipients")),
    )  # fmt: skip
    for names in (["tenant_id", "broadcast_id", "state", "user_id"], ["tenant_id", "user_id"]):
        op.create_index(f"ix_broadcast_recipients_{'_'.join(names)}", RECIPIENTS, names)
    protect(RECIPIENTS, grants="SELECT, INSERT, UPDATE")


def make_opt_outs() -> None:
    op.create_table(
        OPT_OUTS,
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("tenant_id", "user_id")),
        sa.Column("category", sa.String(16), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_broadcast_opt_outs_tenant_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "user_id"], ["users.tenant_id", "users.id"],
            name=op.f("fk_broadcast_opt_outs_tenant_id_user_id"), ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "user_id", "category", name=op.f("pk_broadcast_opt_outs")),
    )  # fmt: skip
    protect(OPT_OUTS, grants=READ_WRITE)


def downgrade() -> None:
    op.execute("GRANT lumenpay_dispatch TO CURRENT_USER")
    op.execute(f"DROP FUNCTION {DUE}")
    op.execute("REVOKE lumenpay_dispatch FROM CURRENT_USER")
    op.execute(f"DROP POLICY dispatching ON {BROADCASTS}")
    op.execute(f"REVOKE ALL (tenant_id, id, next_step_at) ON {BROADCASTS} FROM lumenpay_dispatch")
    op.drop_table(OPT_OUTS)
    op.drop_table(RECIPIENTS)
    for name in ("next_step_at", "tenant_id_created_at"):
        op.drop_index(f"ix_scheduled_broadcasts_{name}", table_name=BROADCASTS)
    op.create_index(
        "ix_scheduled_broadcasts_due", BROADCASTS, ["scheduled_at"], postgresql_where=sa.text("status = 'scheduled'")
    )
    op.drop_constraint("uq_scheduled_broadcasts_tenant_id_idempotence_key", BROADCASTS)
    op.drop_constraint("ck_scheduled_broadcasts_hours", BROADCASTS)
    for name in (*COUNTS, *MOMENTS, *OTHERS):
        op.drop_column(BROADCASTS, name)
