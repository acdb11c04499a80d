"""Autopay: consents, saved methods, and the one charge of each end.

Revision ID: 0024
Revises: 0023
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.walls import APPEND_ONLY, give_to_dispatch, let_dispatch, protect

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

SIGNATURE = "due_autopays(timestamptz, integer)"
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    for table, name in (("plans", "is_recurring"), ("payments", "saves_method"), ("payments", "is_autopay")):
        op.add_column(table, sa.Column(name, sa.Boolean(), server_default="false", nullable=False))
    op.add_column("bots", sa.Column("shop_recurring_refused_at", MOMENT, nullable=True))
    create(
        "autopay_consents",
        [
            sa.Column("payment_id", sa.Uuid(), nullable=False),
            sa.Column("user_id", sa.Uuid(), nullable=False),
            sa.Column("version", sa.String(16), nullable=False),
            sa.Column("locale", sa.String(8), nullable=False),
            sa.Column("text", sa.Text(), nullable=False),
            sa.Column("amount_minor", sa.BigInteger(), nullable=False),
            sa.Column("currency", sa.String(3), nullable=False),
            sa.Column("period_unit", sa.String(16), nullable=False),
            sa.Column("period_count", sa.Integer(), nullable=False),
            sa.Column("given_at", MOMENT, nullable=False),
        ],
        key="payment_id", within={"payment_id": "payments", "user_id": "users"},
    )  # fmt: skip
    create(
        "autopays",
        [
            *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("subscription_id", "bot_id", "user_id")),
            sa.Column("consent_payment_id", sa.Uuid(), nullable=False),
            sa.Column("status", sa.String(32), server_default="on", nullable=False),
            sa.Column("method_ref", sa.String(64), nullable=True),
            sa.Column("method_title", sa.String(64), nullable=False),
            sa.Column("shop_id", sa.String(64), nullable=False),
            sa.Column("is_test", sa.Boolean(), server_default="false", nullable=False),
            *(sa.Column(name, MOMENT, nullable=True) for name in ("next_step_at", "noticed_end_at", "noticed_at")),
            sa.Column("last_failure", sa.String(64), nullable=True),
            sa.Column("last_failed_at", MOMENT, nullable=True),
            sa.Column("off_reason", sa.String(64), nullable=True),
            sa.Column("off_at", MOMENT, nullable=True),
            sa.Column("created_at", MOMENT, nullable=False),
        ],
        key="subscription_id",
        within={
            "subscription_id": "subscriptions", "user_id": "users", "bot_id": "bots", "consent_payment_id": "payments",
        },
    )  # fmt: skip
    create(
        "subscription_charges",
        [
            *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("id", "subscription_id")),
            sa.Column("ends_at", MOMENT, nullable=False),
            sa.Column("payment_id", sa.Uuid(), nullable=True),
            sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
            sa.Column("state", sa.String(32), server_default="open", nullable=False),
            sa.Column("created_at", MOMENT, nullable=False),
            *(
                sa.UniqueConstraint(
                    "tenant_id", *columns, name=op.f(f"uq_subscription_charges_tenant_id_{'_'.join(columns)}")
                )
                for columns in (("subscription_id", "ends_at"), ("payment_id",))
            ),
        ],
        key="id", within={"subscription_id": "subscriptions", "payment_id": "payments"},
    )  # fmt: skip
    op.create_index(op.f("ix_autopays_tenant_id_user_id"), "autopays", ["tenant_id", "user_id"])
    op.create_index(
        "ix_autopays_due", "autopays", ["next_step_at"],
        postgresql_where=sa.text("status = 'on' AND next_step_at IS NOT NULL"),
    )  # fmt: skip
    protect("autopay_consents", grants=APPEND_ONLY)
    protect("autopays", grants="SELECT, INSERT, UPDATE", hidden=frozenset({"method_ref"}))
    protect("subscription_charges", grants="SELECT, INSERT, UPDATE")
    let_dispatch("autopays", grants="SELECT (tenant_id, subscription_id, status, next_step_at)")
    op.execute(
        """
        CREATE FUNCTION due_autopays(now_at timestamptz, max_rows integer) RETURNS TABLE (tenant_id uuid, id uuid)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
          SELECT a.tenant_id, a.subscription_id FROM autopays a
          WHERE a.status = 'on' AND a.next_step_at IS NOT NULL AND a.next_step_at <= now_at
          ORDER BY a.next_step_at LIMIT max_rows
        $$
        """
    )
    give_to_dispatch(SIGNATURE)


def create(table: str, columns: list[sa.schema.SchemaItem], *, key: str, within: dict[str, str]) -> None:
    op.create_table(
        table,
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f(f"fk_{table}_tenant_id"), ondelete="CASCADE"),
        *(
            sa.ForeignKeyConstraint(
                ["tenant_id", column], [f"{target}.tenant_id", f"{target}.id"],
                name=op.f(f"fk_{table}_tenant_id_{column}"),
            )
            for column, target in within.items()
        ),
        sa.PrimaryKeyConstraint("tenant_id", key, name=op.f(f"pk_{table}")),
    )  # fmt: skip


def downgrade() -> None:
    op.execute("GRANT lumenpay_dispatch TO CURRENT_USER")
    op.execute(f"DROP FUNCTION {SIGNATURE}")
    op.execute("REVOKE lumenpay_dispatch FROM CURRENT_USER")
    for table in ("subscription_charges", "autopays", "autopay_consents"):
        op.drop_table(table)
    op.drop_column("bots", "shop_recurring_refused_at")
    for table, name in (("payments", "is_autopay"), ("payments", "saves_method"), ("plans", "is_recurring")):
        op.drop_column(table, name)
