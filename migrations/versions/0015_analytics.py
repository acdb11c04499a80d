"""Figures of each local day, what they are computed from by index, and the first look at a plan.

Revision ID: 0015
Revises: 0014
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.walls import FIRST_DRIVE_TENANT, READ_WRITE, give_to_dispatch, protect

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

SIGNATURE = "due_analytics(timestamptz, integer)"
PEOPLE = ("began", "returned", "churned_voluntary", "churned_failed_payment", "churned_not_renewed")
MRR = tuple(f"mrr_{name}_minor" for name in ("new", "expansion", "contraction", "churned", "reactivated"))
FUNNEL = ("started", "saw_plan", "checked_out", "paid", "joined")
DAY, IS_TEST, COHORT = ("day", sa.Date()), ("is_test", sa.Boolean()), ("cohort", sa.Date())
CURRENCY = ("currency", sa.String(3))
# Who started on a day, which payments were settled on it, and what began, ended or was ended early on it. Large tables
# stay writable while these are built.
INDEXES = (
    ("ix_users_tenant_id_created_at", "users", ["tenant_id", "created_at"], None),
    ("ix_payments_settled", "payments", ["tenant_id", "settled_at"], "status = 'succeeded'"),
    ("ix_subscription_periods_begin", "subscription_periods", ["tenant_id", sa.text("lower(during)")], None),
    ("ix_subscription_periods_end", "subscription_periods", ["tenant_id", sa.text("upper(during)")], None),
    ("ix_subscriptions_expired_at", "subscriptions", ["tenant_id", "expired_at"], "expired_at IS NOT NULL"),
)


def count(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), server_default="0", nullable=False)


def total(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), server_default="0", nullable=False)


def create_days(table: str, keys: list[tuple[str, sa.types.TypeEngine[object]]], values: list[sa.Column[int]]) -> None:
    op.create_table(
        table,
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        *(sa.Column(name, kind, nullable=False) for name, kind in keys),
        *values,
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f(f"fk_{table}_tenant_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("tenant_id", *(name for name, _ in keys), name=op.f(f"pk_{table}")),
    )
    protect(table, grants=READ_WRITE)


def upgrade() -> None:
    # First, so that an attempt that was cut off leaves nothing behind that the next one stumbles over.
    with op.get_context().autocommit_block():
        for name, table, columns, where in INDEXES:
            op.drop_index(name, table_name=table, if_exists=True, postgresql_concurrently=True)
            condition = None if where is None else sa.text(where)
            op.create_index(name, table, columns, postgresql_where=condition, postgresql_concurrently=True)
    op.add_column("users", sa.Column("plan_seen_at", sa.DateTime(timezone=True), nullable=True))
    seen = sa.text("plan_seen_at IS NOT NULL")
    op.create_index("ix_users_plan_seen_at", "users", ["tenant_id", "plan_seen_at"], postgresql_where=seen)
    create_days("people_days", [DAY, IS_TEST, COHORT], [count(name) for name in PEOPLE])
    create_days(
        "money_days",
        [DAY, IS_TEST, COHORT, CURRENCY],
        [total("revenue_minor"), count("payments"), count("first_payers"), *(total(name) for name in MRR),
         count("mrr_people_gained"), count("mrr_people_lost")],
    )  # fmt: skip
    create_days(
        "source_days",
        [DAY, IS_TEST, CURRENCY, ("source", sa.String(64)),
         ("promo_code_id", sa.Uuid())],
        [total("revenue_minor"), count("payments"), count("first_payers")],
    )  # fmt: skip
    create_days("funnel_days", [("started_on", sa.Date()), IS_TEST], [count(name) for name in FUNNEL])
    op.add_column(
        "tenants",
        sa.Column("analytics_due_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
    )
    op.add_column("tenants", sa.Column("analytics_closed_on", sa.Date(), nullable=True))
    op.add_column("tenants", sa.Column("analytics_time_zone", sa.String(64), nullable=True))
    op.create_index("ix_tenants_analytics_due_at", "tenants", ["analytics_due_at"])
    # Whoever ordered something had seen a plan.
    op.execute("ALTER TABLE users NO FORCE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE payments NO FORCE ROW LEVEL SECURITY")
    op.execute(
        "UPDATE users u SET plan_seen_at = p.first_at FROM "
        "(SELECT tenant_id, user_id, min(created_at) AS first_at FROM payments GROUP BY 1, 2) p "
        "WHERE u.tenant_id = p.tenant_id AND u.id = p.user_id"
    )
    op.execute("ALTER TABLE payments FORCE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE users FORCE ROW LEVEL SECURITY")
    # For reading only: a policy for everything would let `remove_test_drive` remove any tenant.
    op.execute("CREATE POLICY dispatching ON tenants FOR SELECT TO lumenpay_dispatch USING (true)")
    op.execute("GRANT SELECT (id, analytics_due_at) ON tenants TO lumenpay_dispatch")
    op.execute(
        f"""
        CREATE FUNCTION due_analytics(now_at timestamptz, max_rows integer) RETURNS TABLE (tenant_id uuid)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
          SELECT t.id FROM tenants t
          WHERE t.analytics_due_at <= now_at AND t.id < {FIRST_DRIVE_TENANT}
          ORDER BY t.analytics_due_at LIMIT max_rows
        $$
        """
    )
    give_to_dispatch(SIGNATURE)


def downgrade() -> None:
    op.execute("GRANT lumenpay_dispatch TO CURRENT_USER")
    op.execute(f"DROP FUNCTION {SIGNATURE}")
    op.execute("REVOKE lumenpay_dispatch FROM CURRENT_USER")
    op.execute("REVOKE SELECT (id, analytics_due_at) ON tenants FROM lumenpay_dispatch")
    op.execute("DROP POLICY dispatching ON tenants")
    op.drop_index("ix_tenants_analytics_due_at", table_name="tenants")
    for column in ("analytics_time_zone", "analytics_closed_on", "analytics_due_at"):
        op.drop_column("tenants", column)
    for table in ("funnel_days", "source_days", "money_days", "people_days"):
        op.drop_table(table)
    op.drop_index("ix_users_plan_seen_at", table_name="users")
    op.drop_column("users", "plan_seen_at")
    with op.get_context().autocommit_block():
        for name, table, _, _ in INDEXES:
            op.drop_index(name, table_name=table, if_exists=True, postgresql_concurrently=True)
