"""What the platform sells to its tenants, what each has of it, events of the platform's Stripe account, paused sales.

Revision ID: 0040
Revises: 0039
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.walls import FIRST_DRIVE_TENANT, READ_WRITE, give_to_dispatch, grant, let_dispatch, protect

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
LIMITS = ("bots", "channels", "subscribers", "broadcasts", "members")
FUNCTIONS = (
    "ingest_stripe_event(text, text, text, uuid, timestamptz)",
    "due_billings(timestamptz, integer)",
    "purge_stripe_events(timestamptz, integer)",
)


def upgrade() -> None:
    op.add_column("tenants", sa.Column("sales_paused_at", MOMENT, nullable=True))
    make_plans()
    make_subscriptions()
    make_events()
    make_functions()


def make_plans() -> None:
    op.create_table(
        "platform_plans",
        sa.Column("code", sa.String(32), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("stripe_price_id", sa.String(255), nullable=True),
        sa.Column("price_minor", sa.Integer(), server_default="0", nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("trial_days", sa.SmallInteger(), server_default="0", nullable=False),
        *(sa.Column(f"max_{name}", sa.Integer(), nullable=True) for name in LIMITS),
        sa.Column("position", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("archived_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "(stripe_price_id IS NULL) = (price_minor = 0)", name=op.f("ck_platform_plans_price_of_stripe")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_platform_plans")),
    )
    op.create_index("uq_platform_plans_stripe_price_id", "platform_plans", ["stripe_price_id"], unique=True)
    # Only the owner, that is the command line, writes prices.
    grant("platform_plans", grants="SELECT")


def make_subscriptions() -> None:
    name = "platform_subscriptions"
    op.create_table(
        name,
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("stripe_customer_id", sa.String(255), nullable=True),
        sa.Column("stripe_subscription_id", sa.String(255), nullable=True),
        sa.Column("stripe_status", sa.String(32), nullable=True),
        sa.Column("plan_code", sa.String(32), nullable=True),
        *(
            sa.Column(f"{moment}_at", MOMENT, nullable=True)
            for moment in ("period_ends", "trial_ends", "cancels", "unpaid_since")
        ),
        sa.Column("notices_count", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("limits_by_hand", postgresql.JSONB, server_default=sa.text("'{}'"), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=True),
        sa.Column("next_look_at", MOMENT, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f(f"fk_{name}_tenant_id_tenants"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"pk_{name}")),
        sa.UniqueConstraint("tenant_id", name=op.f(f"uq_{name}_tenant_id")),
    )
    op.create_index(f"uq_{name}_stripe_customer_id", name, ["stripe_customer_id"], unique=True)
    op.create_index(f"ix_{name}_next_look_at", name, ["next_look_at"])
    protect(name, grants=READ_WRITE)
    let_dispatch(name, grants="SELECT (tenant_id, id, stripe_customer_id, next_look_at)")


def make_events() -> None:
    op.create_table(
        "stripe_events",
        sa.Column("id", sa.String(255), nullable=False),
        sa.Column("type", sa.String(128), nullable=False),
        sa.Column("customer_id", sa.String(255), nullable=True),
        sa.Column("of_tenant", sa.Uuid(), nullable=True),
        sa.Column("arrivals", sa.Integer(), server_default="1", nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stripe_events")),
    )
    op.create_index("ix_stripe_events_received_at", "stripe_events", ["received_at"])
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON stripe_events TO lumenpay_dispatch")
    op.execute("GRANT SELECT ON stripe_events TO lumenpay_staff")


def make_functions() -> None:
    # An event that nobody's customer was found for when it came first is looked for again when it comes again.
    op.execute(
        """
        CREATE FUNCTION ingest_stripe_event(
          event_id text, event_type text, about_customer text, job_id uuid, now_at timestamptz
        ) RETURNS boolean
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
        DECLARE owner uuid; known uuid; is_known boolean;
        BEGIN
          SELECT s.tenant_id INTO owner FROM platform_subscriptions s WHERE s.stripe_customer_id = about_customer;
          SELECT true, e.of_tenant INTO is_known, known FROM stripe_events e WHERE e.id = event_id FOR UPDATE;
          INSERT INTO stripe_events AS e (id, type, customer_id, of_tenant, received_at)
          VALUES (event_id, event_type, about_customer, owner, now_at)
          ON CONFLICT (id) DO UPDATE
          SET arrivals = e.arrivals + 1, of_tenant = coalesce(e.of_tenant, excluded.of_tenant);
          IF owner IS NOT NULL AND known IS NULL THEN
            INSERT INTO jobs (tenant_id, id, queue, kind, payload, dedupe_key, run_at, created_at)
            VALUES (owner, job_id, 'money', 'billing.check', '{}', 'stripe', least(now_at, clock_timestamp()), now_at)
            ON CONFLICT DO NOTHING;
          END IF;
          RETURN is_known IS NULL;
        END $$
        """
    )
    op.execute(
        f"""
        CREATE FUNCTION due_billings(now_at timestamptz, max_rows integer) RETURNS TABLE (tenant_id uuid, id uuid)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
          SELECT s.tenant_id, s.id FROM platform_subscriptions s
          WHERE s.next_look_at <= now_at AND s.tenant_id < {FIRST_DRIVE_TENANT}
          ORDER BY s.next_look_at LIMIT max_rows
        $$
        """
    )
    op.execute(
        """
        CREATE FUNCTION purge_stripe_events(older_than timestamptz, max_rows integer) RETURNS integer
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
        DECLARE removed integer;
        BEGIN
          DELETE FROM stripe_events WHERE id IN (
            SELECT e.id FROM stripe_events e WHERE e.received_at < older_than ORDER BY e.received_at LIMIT max_rows);
          GET DIAGNOSTICS removed = ROW_COUNT;
          RETURN removed;
        END $$
        """
    )
    give_to_dispatch(*FUNCTIONS)


def downgrade() -> None:
    op.execute("GRANT lumenpay_dispatch TO CURRENT_USER")
    for signature in FUNCTIONS:
        op.execute(f"DROP FUNCTION {signature}")
    op.execute("REVOKE lumenpay_dispatch FROM CURRENT_USER")
    for table in ("stripe_events", "platform_subscriptions", "platform_plans"):
        op.drop_table(table)
    op.drop_column("tenants", "sales_paused_at")
