"""The win-back series, promo codes for one person only, and ends that are claimed fairly over tenants.

Revision ID: 0032
Revises: 0031
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.walls import READ_WRITE, give_to_dispatch, let_dispatch, protect

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
ACTIVE = "s.status = 'active' AND s.access_ends_at IS NOT NULL AND s.access_ends_at <= now_at"
PLAIN = f"SELECT s.tenant_id, s.id FROM subscriptions s WHERE {ACTIVE} ORDER BY s.access_ends_at LIMIT max_rows"
# Of thousands that end at one instant in one tenant, the first of every other one come as early as its own first.
FAIR = f"""
    SELECT due.tenant_id, due.id FROM (
      SELECT waiting.*, row_number() OVER (PARTITION BY waiting.tenant_id ORDER BY waiting.access_ends_at) AS turn
      FROM (
        SELECT s.tenant_id, s.id, s.access_ends_at FROM subscriptions s WHERE {ACTIVE}
        ORDER BY s.access_ends_at LIMIT max_rows * 40
      ) waiting
    ) due ORDER BY due.turn, due.access_ends_at LIMIT max_rows
"""
DUE_WIN_BACKS = "due_win_backs(timestamptz, integer)"


def upgrade() -> None:
    make_series()
    make_win_backs()
    make_offers()
    make_functions()


def make_series() -> None:
    op.create_table(
        "win_back_series",
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("tenant_id", "id")),
        sa.Column("is_on", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("from_hour", sa.SmallInteger(), server_default="10", nullable=False),
        sa.Column("until_hour", sa.SmallInteger(), server_default="20", nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "from_hour >= 0 AND from_hour < until_hour AND until_hour <= 24", name=op.f("ck_win_back_series_hours")
        ),
        sa.UniqueConstraint("tenant_id", name=op.f("uq_win_back_series_tenant_id")),
        *keys("win_back_series", {}),
    )
    protect("win_back_series", grants=READ_WRITE)
    op.create_table(
        "win_back_steps",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("after_days", sa.Integer(), nullable=False),
        sa.Column("discount_kind", sa.String(16), nullable=False),
        sa.Column("discount_value", sa.Integer(), nullable=False),
        sa.Column("valid_days", sa.Integer(), nullable=False),
        sa.Column("plan_ids", postgresql.ARRAY(sa.Uuid()), server_default=sa.text("'{}'"), nullable=False),
        sa.CheckConstraint("number BETWEEN 1 AND 5", name=op.f("ck_win_back_steps_number")),
        *keys("win_back_steps", {}, key=("number",)),
    )
    protect("win_back_steps", grants=READ_WRITE)


def make_win_backs() -> None:
    op.create_table(
        "win_backs",
        *(
            sa.Column(name, sa.Uuid(), nullable=False)
            for name in ("tenant_id", "id", "bot_id", "subscription_id", "user_id", "plan_id")
        ),
        sa.Column("ended_at", MOMENT, nullable=False),
        sa.Column("steps_taken", sa.SmallInteger(), server_default="0", nullable=False),
        *(sa.Column(name, MOMENT, nullable=True) for name in ("next_step_at", "stopped_at")),
        sa.Column("stopped_because", sa.String(16), nullable=True),
        sa.UniqueConstraint(
            "tenant_id", "subscription_id", "ended_at", name=op.f("uq_win_backs_tenant_id_subscription_id_ended_at")
        ),
        *keys("win_backs", {"subscription_id": "subscriptions", "user_id": "users"}),
    )
    op.create_index(
        "uq_win_backs_open", "win_backs", ["tenant_id", "user_id"], unique=True,
        postgresql_where=sa.text("stopped_at IS NULL"),
    )  # fmt: skip
    op.create_index(
        "ix_win_backs_due", "win_backs", ["next_step_at"], postgresql_where=sa.text("next_step_at IS NOT NULL")
    )
    protect("win_backs", grants="SELECT, INSERT, UPDATE")
    let_dispatch("win_backs", grants="SELECT (tenant_id, id, next_step_at)")


def make_offers() -> None:
    op.create_table(
        "win_back_offers",
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("tenant_id", "id", "win_back_id", "user_id")),
        sa.Column("step", sa.SmallInteger(), nullable=False),
        sa.Column("promo_code_id", sa.Uuid(), nullable=False),
        *(sa.Column(name, MOMENT, nullable=False) for name in ("valid_until_at", "created_at")),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.UniqueConstraint(
            "tenant_id", "win_back_id", "step", name=op.f("uq_win_back_offers_tenant_id_win_back_id_step")
        ),
        *keys("win_back_offers", {"win_back_id": "win_backs", "user_id": "users", "promo_code_id": "promo_codes"}),
    )
    for names in (["tenant_id", "user_id", "created_at"], ["tenant_id", "created_at"]):
        op.create_index(f"ix_win_back_offers_{'_'.join(names)}", "win_back_offers", names)
    protect("win_back_offers", grants="SELECT, INSERT, UPDATE")
    op.create_table(
        "win_back_opt_outs",
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("tenant_id", "user_id")),
        sa.Column("created_at", MOMENT, nullable=False),
        *keys("win_back_opt_outs", {"user_id": "users"}, key=("user_id",), ondelete="CASCADE"),
    )
    protect("win_back_opt_outs", grants="SELECT, INSERT")


def keys(
    table: str, within: dict[str, str], *, key: tuple[str, ...] = ("id",), ondelete: str | None = None
) -> list[sa.Constraint]:
    return [
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f(f"fk_{table}_tenant_id"), ondelete="CASCADE"),
        *(
            sa.ForeignKeyConstraint(
                ["tenant_id", column], [f"{target}.tenant_id", f"{target}.id"],
                name=op.f(f"fk_{table}_tenant_id_{column}"), ondelete=ondelete,
            )
            for column, target in within.items()
        ),
        sa.PrimaryKeyConstraint("tenant_id", *key, name=op.f(f"pk_{table}")),
    ]  # fmt: skip


def make_functions() -> None:
    op.execute(
        """
        CREATE FUNCTION due_win_backs(now_at timestamptz, max_rows integer) RETURNS TABLE (tenant_id uuid, id uuid)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
          SELECT w.tenant_id, w.id FROM win_backs w
          WHERE w.next_step_at IS NOT NULL AND w.next_step_at <= now_at ORDER BY w.next_step_at LIMIT max_rows
        $$
        """
    )
    give_to_dispatch(DUE_WIN_BACKS)
    replace_due_expiries(FAIR)


def replace_due_expiries(body: str) -> None:
    op.execute("GRANT lumenpay_dispatch TO CURRENT_USER")
    op.execute(
        f"""
        CREATE OR REPLACE FUNCTION due_expiries(now_at timestamptz, max_rows integer)
        RETURNS TABLE (tenant_id uuid, id uuid)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$ {body} $$
        """
    )
    op.execute("REVOKE lumenpay_dispatch FROM CURRENT_USER")


def downgrade() -> None:
    replace_due_expiries(PLAIN)
    op.execute("GRANT lumenpay_dispatch TO CURRENT_USER")
    op.execute(f"DROP FUNCTION {DUE_WIN_BACKS}")
    op.execute("REVOKE lumenpay_dispatch FROM CURRENT_USER")
    for table in ("win_back_opt_outs", "win_back_offers", "win_backs", "win_back_steps", "win_back_series"):
        op.drop_table(table)
