"""Campaign links, the last source of people and of orders, promo codes of one person, and who invited whom.

Revision ID: 0031
Revises: 0030
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.walls import READ_WRITE, protect

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
OF_PAYMENTS = "ix_payments_source"
OWN_CODES = "fk_promo_codes_tenant_id_user_id"


def upgrade() -> None:
    # First what is committed bit by bit: whoever is stopped here begins again, and finds nothing half made.
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE users ADD COLUMN IF NOT EXISTS last_source varchar(64) NOT NULL DEFAULT ''")
        op.execute("ALTER TABLE payments ADD COLUMN IF NOT EXISTS source varchar(64)")
        op.drop_index(OF_PAYMENTS, table_name="payments", if_exists=True, postgresql_concurrently=True)
        op.create_index(
            OF_PAYMENTS, "payments", ["tenant_id", "bot_id", "source"],
            postgresql_where=sa.text("source IS NOT NULL"), postgresql_concurrently=True,
        )  # fmt: skip
        make_own_codes()
    make_campaigns()
    make_settings()
    make_referrals()


def make_own_codes() -> None:
    op.execute("ALTER TABLE promo_codes ADD COLUMN IF NOT EXISTS user_id uuid")
    op.execute(f"ALTER TABLE promo_codes DROP CONSTRAINT IF EXISTS {OWN_CODES}")
    op.execute(
        f"ALTER TABLE promo_codes ADD CONSTRAINT {OWN_CODES} "
        "FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) NOT VALID"
    )
    op.execute(f"ALTER TABLE promo_codes VALIDATE CONSTRAINT {OWN_CODES}")
    for name, columns, where in (
        ("ix_promo_codes_user", "tenant_id, user_id", "user_id IS NOT NULL"),
        ("ix_promo_codes_everybody", "tenant_id, id", "user_id IS NULL"),
    ):
        op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
        op.execute(f"CREATE INDEX CONCURRENTLY {name} ON promo_codes ({columns}) WHERE {where}")


def make_campaigns() -> None:
    op.create_table(
        "campaigns",
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("tenant_id", "id", "bot_id")),
        sa.Column("name", sa.String(128), nullable=False),
        sa.Column("source", sa.String(64), nullable=False),
        *(sa.Column(name, sa.Uuid(), nullable=True) for name in ("plan_id", "promo_code_id")),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("archived_at", MOMENT, nullable=True),
        *keys("campaigns", {"bot_id": "bots", "plan_id": "plans", "promo_code_id": "promo_codes"}, key="id"),
        sa.UniqueConstraint("tenant_id", "bot_id", "source", name=op.f("uq_campaigns_tenant_id_bot_id_source")),
    )
    protect("campaigns", grants=READ_WRITE)


def make_settings() -> None:
    op.create_table(
        "referral_settings",
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("tenant_id", "bot_id")),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("reward_kind", sa.String(16), nullable=True),
        sa.Column("reward_value", sa.Integer(), nullable=True),
        sa.Column("welcome_kind", sa.String(16), nullable=True),
        sa.Column("welcome_value", sa.Integer(), nullable=True),
        sa.Column("rewards_a_month", sa.Integer(), nullable=True),
        sa.Column("changed_at", MOMENT, nullable=False),
        *keys("referral_settings", {"bot_id": "bots"}, key="bot_id"),
    )
    protect("referral_settings", grants=READ_WRITE)


def make_referrals() -> None:
    op.create_table(
        "referrals",
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("tenant_id", "invited_id", "inviter_id", "bot_id")),
        sa.Column("state", sa.String(32), server_default="invited", nullable=False),
        sa.Column("reason", sa.String(32), server_default="", nullable=False),
        sa.Column("reward_kind", sa.String(16), nullable=True),
        sa.Column("reward_value", sa.Integer(), nullable=True),
        *(
            sa.Column(name, sa.Uuid(), nullable=True)
            for name in ("welcome_promo_code_id", "payment_id", "reward_payment_id", "reward_promo_code_id")
        ),
        sa.Column("created_at", MOMENT, nullable=False),
        *(sa.Column(name, MOMENT, nullable=True) for name in ("bought_at", "rewarded_at", "taken_back_at")),
        sa.CheckConstraint("invited_id <> inviter_id", name=op.f("ck_referrals_not_oneself")),
        sa.CheckConstraint(
            "reward_payment_id IS NULL OR reward_promo_code_id IS NULL", name=op.f("ck_referrals_one_reward")
        ),
        *keys(
            "referrals",
            {
                "invited_id": "users", "inviter_id": "users", "bot_id": "bots",
                "welcome_promo_code_id": "promo_codes", "payment_id": "payments", "reward_payment_id": "payments",
                "reward_promo_code_id": "promo_codes",
            },
            key="invited_id",
        ),
        *(
            sa.UniqueConstraint("tenant_id", column, name=op.f(f"uq_referrals_tenant_id_{column}"))
            for column in ("payment_id", "reward_payment_id")
        ),
    )  # fmt: skip
    op.create_index("ix_referrals_inviter", "referrals", ["tenant_id", "inviter_id", "state", "rewarded_at"])
    op.create_index("ix_referrals_list", "referrals", ["tenant_id", "created_at", "invited_id"])
    protect("referrals", grants="SELECT, INSERT, UPDATE")


def keys(table: str, within: dict[str, str], *, key: str) -> list[sa.Constraint]:
    return [
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f(f"fk_{table}_tenant_id"), ondelete="CASCADE"),
        *(
            sa.ForeignKeyConstraint(
                ["tenant_id", column], [f"{target}.tenant_id", f"{target}.id"],
                name=op.f(f"fk_{table}_tenant_id_{column}"),
            )
            for column, target in within.items()
        ),
        sa.PrimaryKeyConstraint("tenant_id", key, name=op.f(f"pk_{table}")),
    ]  # fmt: skip


def downgrade() -> None:
    for table in ("referrals", "referral_settings", "campaigns"):
        op.drop_table(table)
    # What was one person's own must not become everybody's. The owner stands behind its wall too.
    op.execute("ALTER TABLE promo_codes NO FORCE ROW LEVEL SECURITY")
    op.execute("UPDATE promo_codes SET is_active = false WHERE user_id IS NOT NULL")
    op.execute("ALTER TABLE promo_codes FORCE ROW LEVEL SECURITY")
    op.drop_column("promo_codes", "user_id")
    op.drop_index(OF_PAYMENTS, table_name="payments")
    op.drop_column("payments", "source")
    op.drop_column("users", "last_source")
