"""Pauses of subscriptions, and what is asked and offered when autopay is turned off.

Revision ID: 0027
Revises: 0026
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.walls import READ_WRITE, give_to_dispatch, let_dispatch, protect

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
KNOWN_END = "ck_subscriptions_paused_until_known"
FUNCTIONS = ("due_pauses(timestamptz, integer)", "move_periods(uuid, timestamptz, timestamptz)")


def upgrade() -> None:
    # First what is committed bit by bit: whoever is stopped here begins again, and finds nothing half made. The
    # rows are looked at while everybody goes on working.
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE subscriptions ADD COLUMN IF NOT EXISTS paused_until_at timestamptz")
        op.execute(f"ALTER TABLE subscriptions DROP CONSTRAINT IF EXISTS {KNOWN_END}")
        op.execute(
            f"ALTER TABLE subscriptions ADD CONSTRAINT {KNOWN_END} "
            "CHECK ((status = 'paused') = (paused_until_at IS NOT NULL)) NOT VALID"
        )
        op.execute(f"ALTER TABLE subscriptions VALIDATE CONSTRAINT {KNOWN_END}")
    make_pauses()
    make_leaving_rules()
    make_leavings()
    make_functions()


def make_pauses() -> None:
    op.create_table(
        "subscription_pauses",
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("tenant_id", "id", "subscription_id")),
        sa.Column("started_by", sa.String(16), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("until_at", MOMENT, nullable=False),
        *(sa.Column(name, MOMENT, nullable=True) for name in ("next_step_at", "told_at", "ended_at")),
        sa.Column("ended_by", sa.String(16), nullable=True),
        sa.CheckConstraint("until_at > started_at", name=op.f("ck_subscription_pauses_has_length")),
        *keys("subscription_pauses", {"subscription_id": "subscriptions"}),
    )
    op.create_index(
        "uq_subscription_pauses_open", "subscription_pauses", ["tenant_id", "subscription_id"], unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )  # fmt: skip
    op.create_index(
        "ix_subscription_pauses_due", "subscription_pauses", ["next_step_at"],
        postgresql_where=sa.text("ended_at IS NULL AND next_step_at IS NOT NULL"),
    )  # fmt: skip
    op.create_index(
        "ix_subscription_pauses_started", "subscription_pauses", ["tenant_id", "subscription_id", "started_at"]
    )  # fmt: skip
    protect("subscription_pauses", grants="SELECT, INSERT, UPDATE")
    let_dispatch("subscription_pauses", grants="SELECT (tenant_id, subscription_id, next_step_at, ended_at)")


def make_leaving_rules() -> None:
    op.create_table(
        "leaving_rules",
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("tenant_id", "plan_id")),
        *(
            sa.Column(name, sa.Integer(), server_default="0", nullable=False)
            for name in ("pause_days", "pauses_a_year")
        ),
        sa.Column("offer_kind", sa.String(16), nullable=True),
        sa.Column("offer_days", sa.Integer(), nullable=True),
        sa.Column("offer_promo_code_id", sa.Uuid(), nullable=True),
        *keys("leaving_rules", {"plan_id": "plans", "offer_promo_code_id": "promo_codes"}, key="plan_id"),
    )
    protect("leaving_rules", grants=READ_WRITE)


def make_leavings() -> None:
    op.create_table(
        "leavings",
        *(
            sa.Column(name, sa.Uuid(), nullable=False)
            for name in ("tenant_id", "id", "subscription_id", "user_id", "plan_id")
        ),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("reason", sa.String(32), nullable=True),
        sa.Column("offer_kind", sa.String(16), nullable=True),
        sa.Column("offer_days", sa.Integer(), nullable=True),
        sa.Column("offer_promo_code_id", sa.Uuid(), nullable=True),
        sa.Column("outcome", sa.String(16), nullable=True),
        sa.Column("answered_at", MOMENT, nullable=True),
        *keys(
            "leavings",
            {"subscription_id": "subscriptions", "user_id": "users", "plan_id": "plans",
             "offer_promo_code_id": "promo_codes"},
        ),
    )  # fmt: skip
    op.create_index("ix_leavings_tenant_id_plan_id_created_at", "leavings", ["tenant_id", "plan_id", "created_at"])
    op.create_index(
        "uq_leavings_offer", "leavings", ["tenant_id", "subscription_id"], unique=True,
        postgresql_where=sa.text("offer_kind IS NOT NULL"),
    )  # fmt: skip
    op.create_index(
        "ix_leavings_tenant_id_subscription_id_created_at", "leavings", ["tenant_id", "subscription_id", "created_at"]
    )
    protect("leavings", grants="SELECT, INSERT, UPDATE")


def keys(table: str, within: dict[str, str], *, key: str = "id") -> list[sa.Constraint]:
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


def make_functions() -> None:
    op.execute(
        """
        CREATE FUNCTION due_pauses(now_at timestamptz, max_rows integer) RETURNS TABLE (tenant_id uuid, id uuid)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
          SELECT p.tenant_id, p.subscription_id FROM subscription_pauses p
          WHERE p.ended_at IS NULL AND p.next_step_at IS NOT NULL AND p.next_step_at <= now_at
          ORDER BY p.next_step_at LIMIT max_rows
        $$
        """
    )
    # Each moves into room that is free already: the latest first when time moves away, the earliest first when it comes
    # nearer. Lengths are counted in seconds, because a day of the session's time zone may have more or fewer than 24
    # hours.
    op.execute(
        """
        CREATE FUNCTION move_periods(of_subscription uuid, from_at timestamptz, to_at timestamptz) RETURNS void
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
        DECLARE
          own uuid := nullif(current_setting('app.tenant_id', true), '')::uuid;
          step interval := make_interval(secs => extract(epoch FROM to_at - from_at)::float8);
          direction integer := CASE WHEN to_at > from_at THEN -1 ELSE 1 END;
          moved record;
        BEGIN
          FOR moved IN
            SELECT p.id, lower(p.during) AS starts_at, upper(p.during) AS ends_at FROM subscription_periods p
            WHERE p.tenant_id = own AND p.subscription_id = of_subscription AND NOT isempty(p.during)
              AND (upper_inf(p.during) OR upper(p.during) > from_at)
            ORDER BY direction * extract(epoch FROM lower(p.during)) FOR UPDATE
          LOOP
            UPDATE subscription_periods p
            SET during = tstzrange(
              CASE WHEN moved.starts_at >= from_at THEN moved.starts_at + step ELSE moved.starts_at END,
              moved.ends_at + step, '[)')
            WHERE p.tenant_id = own AND p.id = moved.id;
          END LOOP;
        END $$
        """
    )
    give_to_dispatch(*FUNCTIONS)


def downgrade() -> None:
    op.execute("GRANT lumenpay_dispatch TO CURRENT_USER")
    for signature in FUNCTIONS:
        op.execute(f"DROP FUNCTION {signature}")
    op.execute("REVOKE lumenpay_dispatch FROM CURRENT_USER")
    # What is paused runs again until its latest end: nobody loses a paid second. The owner stands behind its wall too.
    op.execute("ALTER TABLE subscriptions NO FORCE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE subscriptions DROP CONSTRAINT {KNOWN_END}")
    op.execute("UPDATE subscriptions SET status = 'active', access_ends_at = ends_at WHERE status = 'paused'")
    op.execute("ALTER TABLE subscriptions FORCE ROW LEVEL SECURITY")
    for table in ("leavings", "leaving_rules", "subscription_pauses"):
        op.drop_table(table)
    op.drop_column("subscriptions", "paused_until_at")
