"""Chats that rest, channels that are checked, places given by another bot, declined people who were told, a contact.

Revision ID: 0009
Revises: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.walls import give_to_dispatch

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

FUNCTIONS = ("has_place_elsewhere(uuid, uuid, bigint, bigint, timestamptz)", "due_channel_checks(timestamptz, integer)")
READ = {
    "users": "bot_id",
    "channels": "bot_id, status, next_check_at",
}
# A lane that rests with a failing chat (postponed, and nobody's lease) is woken by the first update that comes in.
WAKE = (
    "waiting_since = coalesce(i.waiting_since, now_at), "
    "leased_until = CASE WHEN i.lease_id IS NULL THEN NULL ELSE i.leased_until END "
    "WHERE i.waiting_since IS NULL OR (i.lease_id IS NULL AND i.leased_until IS NOT NULL)"
)
WAKE_BEFORE = "waiting_since = now_at WHERE i.waiting_since IS NULL"


def ingest_updates(wake: str) -> str:
    return f"""
        CREATE OR REPLACE FUNCTION ingest_updates(
          tenant_ids uuid[], bot_ids uuid[], update_ids bigint[], lanes smallint[], bodies bytea[], now_at timestamptz
        ) RETURNS integer
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
        DECLARE stored integer;
        BEGIN
          WITH fresh AS (
            INSERT INTO telegram_updates (tenant_id, bot_id, update_id, lane, body, received_at)
            SELECT u.tenant_id, u.bot_id, u.update_id, u.lane, u.body, now_at
            FROM unnest(tenant_ids, bot_ids, update_ids, lanes, bodies) AS u (tenant_id, bot_id, update_id, lane, body)
            ON CONFLICT DO NOTHING
            RETURNING telegram_updates.tenant_id, telegram_updates.bot_id, telegram_updates.lane
          ), waiting AS (
            INSERT INTO bot_inboxes AS i (tenant_id, bot_id, lane, waiting_since)
            SELECT f.tenant_id, f.bot_id, f.lane, now_at FROM fresh f GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
            ON CONFLICT (tenant_id, bot_id, lane) DO UPDATE SET {wake}
          )
          SELECT count(*) INTO stored FROM fresh;
          RETURN stored;
        END $$
        """


def replace_ingest(wake: str) -> None:
    op.execute("GRANT lumenpay_dispatch TO CURRENT_USER")
    op.execute(ingest_updates(wake))
    op.execute("REVOKE lumenpay_dispatch FROM CURRENT_USER")


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.add_column("telegram_updates", sa.Column("retry_at", moment, nullable=True))
    op.add_column("memberships", sa.Column("declined_told_at", moment, nullable=True))
    op.add_column("tenants", sa.Column("support_contact", sa.String(128), server_default="", nullable=False))
    # Every channel is due at first: a channel may have been without rights since long ago.
    op.add_column("channels", sa.Column("next_check_at", moment, server_default=sa.text("now()"), nullable=False))
    op.create_index("ix_channels_next_check_at", "channels", ["next_check_at"])
    replace_ingest(WAKE)
    for table, columns in READ.items():
        op.execute(f"GRANT SELECT ({columns}) ON {table} TO lumenpay_dispatch")
    # `is_paid_elsewhere` stays for workers of the release before.
    op.execute(
        """
        CREATE FUNCTION has_place_elsewhere(
          own_tenant uuid, own_channel uuid, chat bigint, person bigint, now_at timestamptz
        ) RETURNS boolean
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
          SELECT EXISTS (
            SELECT 1 FROM channels c
            JOIN bots b ON b.tenant_id = c.tenant_id AND b.id = c.bot_id
            JOIN users u ON u.tenant_id = c.tenant_id AND u.bot_id = c.bot_id AND u.telegram_id = person
            WHERE c.chat_id = chat AND NOT (c.tenant_id = own_tenant AND c.id = own_channel)
              AND (c.tenant_id = own_tenant OR (c.status = 'active' AND b.status = 'active'))
              AND (u.is_whitelisted OR EXISTS (
                SELECT 1 FROM subscriptions s
                JOIN plan_channels pc ON pc.tenant_id = s.tenant_id AND pc.plan_id = s.plan_id
                WHERE s.tenant_id = u.tenant_id AND s.user_id = u.id AND pc.channel_id = c.id
                  AND s.status = 'active' AND (s.access_ends_at IS NULL OR s.access_ends_at > now_at))))
        $$
        """
    )
    op.execute(
        """
        CREATE FUNCTION due_channel_checks(now_at timestamptz, max_rows integer) RETURNS TABLE (tenant_id uuid, id uuid)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
          SELECT c.tenant_id, c.id FROM channels c
          WHERE c.next_check_at <= now_at ORDER BY c.next_check_at LIMIT max_rows
        $$
        """
    )
    give_to_dispatch(*FUNCTIONS)


def downgrade() -> None:
    op.execute("GRANT lumenpay_dispatch TO CURRENT_USER")
    for signature in FUNCTIONS:
        op.execute(f"DROP FUNCTION {signature}")
    op.execute("REVOKE lumenpay_dispatch FROM CURRENT_USER")
    for table, columns in READ.items():
        op.execute(f"REVOKE SELECT ({columns}) ON {table} FROM lumenpay_dispatch")
    replace_ingest(WAKE_BEFORE)
    op.drop_index("ix_channels_next_check_at", "channels")
    op.drop_column("channels", "next_check_at")
    op.drop_column("tenants", "support_contact")
    op.drop_column("memberships", "declined_told_at")
    op.drop_column("telegram_updates", "retry_at")
