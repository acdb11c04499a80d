"""Whether a person's place in a chat is paid for through another tenant's bot.

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

from alembic import op

from migrations.walls import give_to_dispatch

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

SIGNATURE = "is_paid_elsewhere(uuid, bigint, bigint, timestamptz)"
READ = {
    "users": "SELECT (tenant_id, id, telegram_id, is_whitelisted)",
    "channels": "SELECT (tenant_id, id, chat_id)",
    "plan_channels": "SELECT (tenant_id, plan_id, channel_id)",
}


def upgrade() -> None:
    for table, grants in READ.items():
        op.execute(f"CREATE POLICY dispatching ON {table} FOR SELECT TO lumenpay_dispatch USING (true)")
        op.execute(f"GRANT {grants} ON {table} TO lumenpay_dispatch")
    op.execute("CREATE INDEX ix_channels_chat_id ON channels (chat_id)")
    op.execute(
        """
        CREATE FUNCTION is_paid_elsewhere(own_tenant uuid, chat bigint, person bigint, now_at timestamptz)
        RETURNS boolean
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
          SELECT EXISTS (
            SELECT 1 FROM channels c
            JOIN plan_channels pc ON pc.tenant_id = c.tenant_id AND pc.channel_id = c.id
            JOIN subscriptions s ON s.tenant_id = pc.tenant_id AND s.plan_id = pc.plan_id
            JOIN users u ON u.tenant_id = s.tenant_id AND u.id = s.user_id
            WHERE c.chat_id = chat AND c.tenant_id <> own_tenant AND u.telegram_id = person
              AND s.status = 'active' AND (s.access_ends_at IS NULL OR s.access_ends_at > now_at))
        $$
        """
    )
    give_to_dispatch(SIGNATURE)


def downgrade() -> None:
    op.execute("GRANT lumenpay_dispatch TO CURRENT_USER")
    op.execute(f"DROP FUNCTION {SIGNATURE}")
    op.execute("REVOKE lumenpay_dispatch FROM CURRENT_USER")
    op.execute("DROP INDEX ix_channels_chat_id")
    for table in READ:
        op.execute(f"DROP POLICY dispatching ON {table}")
        op.execute(f"REVOKE ALL ON {table} FROM lumenpay_dispatch")
