"""A broadcast can go out at an hour of each reader's own time zone, which people choose in the bot.

Revision ID: 0051
Revises: 0050
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
# Exactly what the index holds: those whose moment has not come cost a claim nothing, however many they are. Behind the
# walls an index is searched only by what cannot leak, and to PostgreSQL `coalesce` could.
DUE = "CASE WHEN due_at IS NULL THEN '-infinity'::timestamptz ELSE due_at END"
EVERYBODY = ("", "r.user_id")
WHOSE_MOMENT_HAS_COME = (f"AND {DUE} <= now_at", f"{DUE}, r.user_id")


def upgrade() -> None:
    op.add_column("users", sa.Column("time_zone", sa.String(64), nullable=True))
    op.add_column("scheduled_broadcasts", sa.Column("readers_hour_at", MOMENT, nullable=True))
    op.add_column("broadcast_recipients", sa.Column("due_at", MOMENT, nullable=True))
    op.create_index(
        "ix_broadcast_recipients_due", "broadcast_recipients",
        ["tenant_id", "broadcast_id", sa.text(f"({DUE})"), "user_id"],
        postgresql_where=sa.text("state = 'waiting'"),
    )  # fmt: skip
    replace_claim(*WHOSE_MOMENT_HAS_COME)


def downgrade() -> None:
    replace_claim(*EVERYBODY)
    op.drop_index("ix_broadcast_recipients_due", table_name="broadcast_recipients")
    op.drop_column("broadcast_recipients", "due_at")
    op.drop_column("scheduled_broadcasts", "readers_hour_at")
    op.drop_column("users", "time_zone")


def replace_claim(condition: str, order: str) -> None:
    """Have the function of the claims take people under a further condition, in an order; else it is as it was."""
    op.execute(
        f"""
        CREATE OR REPLACE FUNCTION claim_recipients(
          wanted_tenant uuid, wanted_broadcast uuid, held_job uuid, held_lease uuid, wanted_category text,
          max_rows integer, names_subscription boolean, now_at timestamptz
        ) RETURNS TABLE (
          user_id uuid, telegram_id bigint, name text, locale text, is_blocked boolean, wants_none boolean,
          plan text, ends_at timestamptz
        )
        LANGUAGE plpgsql VOLATILE SECURITY INVOKER SET search_path = pg_catalog, public AS $$
        #variable_conflict use_column
        BEGIN
          PERFORM set_config('app.tenant_id', wanted_tenant::text, true);
          IF NOT EXISTS (
            SELECT FROM scheduled_broadcasts b JOIN tenants t ON t.id = b.tenant_id
            WHERE b.tenant_id = wanted_tenant AND b.id = wanted_broadcast AND b.status = 'running'
              AND t.status = 'active' AND t.sales_paused_at IS NULL
              AND EXISTS (SELECT FROM jobs j WHERE j.tenant_id = wanted_tenant AND j.id = held_job
                AND j.status = 'ready' AND j.lease_id = held_lease AND j.leased_until > clock_timestamp())
          ) THEN RETURN; END IF;
          RETURN QUERY
          WITH picked AS (
            SELECT r.user_id FROM broadcast_recipients r
            WHERE r.tenant_id = wanted_tenant AND r.broadcast_id = wanted_broadcast AND r.state = 'waiting' {condition}
            ORDER BY {order} LIMIT max_rows FOR UPDATE SKIP LOCKED
          )
          UPDATE broadcast_recipients r SET state = 'claimed', job_id = held_job, lease_id = held_lease, reason = '',
            changed_at = now_at
          FROM picked, users u LEFT JOIN LATERAL (
            SELECT p.title, s.ends_at FROM subscriptions s
            JOIN plans p ON p.tenant_id = s.tenant_id AND p.id = s.plan_id
            WHERE names_subscription AND s.tenant_id = u.tenant_id AND s.user_id = u.id AND s.status = 'active'
            ORDER BY s.ends_at DESC NULLS FIRST LIMIT 1
          ) s ON true
          WHERE r.tenant_id = wanted_tenant AND r.broadcast_id = wanted_broadcast AND r.user_id = picked.user_id
            AND u.tenant_id = wanted_tenant AND u.id = picked.user_id
          RETURNING u.id, u.telegram_id, coalesce(nullif(u.first_name, ''), u.username, '')::text, u.locale::text,
            u.blocked_bot_at IS NOT NULL,
            EXISTS (SELECT FROM broadcast_opt_outs o WHERE o.tenant_id = wanted_tenant AND o.user_id = u.id
              AND o.category = wanted_category),
            s.title::text, s.ends_at;
        END $$
        """
    )
