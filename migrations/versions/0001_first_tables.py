"""First tables.

Revision ID: 0001
Revises:
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the schema."""
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    op.create_table(
        "admins",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("password_hash", sa.String(length=256), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("locale", sa.String(length=8), server_default="ru", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_admins")),
        sa.UniqueConstraint("email", name=op.f("uq_admins_email")),
    )
    op.create_table(
        "scheduled_ticks",
        sa.Column("job", sa.String(length=48), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("job", "due_at", name=op.f("pk_scheduled_ticks")),
    )
    op.create_table(
        "tenants",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("status", sa.String(length=32), server_default="active", nullable=False),
        sa.Column("time_zone", sa.String(length=64), server_default="Europe/Moscow", nullable=False),
        sa.Column("locale", sa.String(length=8), server_default="ru", nullable=False),
        sa.Column(
            "reminder_offsets_seconds",
            postgresql.ARRAY(sa.Integer()),
            server_default=sa.text("'{259200,86400,7200}'"),
            nullable=False,
        ),
        sa.Column("grace_seconds", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tenants")),
    )
    op.create_table(
        "admin_sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("admin_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("user_agent", sa.String(length=256), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["admin_id"], ["admins.id"], name=op.f("fk_admin_sessions_admin_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_admin_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_admin_sessions_token_hash")),
    )
    op.create_index(op.f("ix_admin_sessions_admin_id"), "admin_sessions", ["admin_id"], unique=False)
    op.create_index(op.f("ix_admin_sessions_expires_at"), "admin_sessions", ["expires_at"], unique=False)
    op.create_table(
        "audit_events",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("actor_kind", sa.String(length=16), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_audit_events_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_audit_events")),
    )
    op.create_index(
        op.f("ix_audit_events_tenant_id_created_at"), "audit_events", ["tenant_id", "created_at"], unique=False
    )
    op.create_table(
        "bots",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("telegram_id", sa.BigInteger(), nullable=True),
        sa.Column("username", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("status", sa.String(length=32), server_default="active", nullable=False),
        sa.Column("token_sealed", sa.Text(), nullable=True),
        sa.Column("token_key_id", sa.String(length=16), nullable=True),
        sa.Column("token_hint", sa.String(length=16), server_default="", nullable=False),
        sa.Column("webhook_sealed", sa.Text(), nullable=True),
        sa.Column("webhook_key_id", sa.String(length=16), nullable=True),
        sa.Column("webhook_key_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("webhook_secret_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("webhook_set_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_update_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("health_code", sa.String(length=64), server_default="", nullable=False),
        sa.Column("health_changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("health_told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("shop_id", sa.String(length=64), nullable=True),
        sa.Column("shop_status", sa.String(length=32), server_default="not_connected", nullable=False),
        sa.Column("shop_is_test", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("shop_sealed", sa.Text(), nullable=True),
        sa.Column("shop_key_id", sa.String(length=16), nullable=True),
        sa.Column("shop_key_hint", sa.String(length=16), server_default="", nullable=False),
        sa.Column("notice_key_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("shop_checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("shop_notice_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_bots_tenant_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_bots")),
        sa.UniqueConstraint("notice_key_hash", name=op.f("uq_bots_notice_key_hash")),
        sa.UniqueConstraint("telegram_id", name=op.f("uq_bots_telegram_id")),
        sa.UniqueConstraint("webhook_key_hash", name=op.f("uq_bots_webhook_key_hash")),
    )
    op.create_table(
        "tenant_members",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("admin_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["admin_id"], ["admins.id"], name=op.f("fk_tenant_members_admin_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_tenant_members_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "admin_id", name=op.f("pk_tenant_members")),
    )
    op.create_table(
        "bot_inboxes",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("bot_id", sa.Uuid(), nullable=False),
        sa.Column("lane", sa.SmallInteger(), nullable=False),
        sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_id", sa.Uuid(), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "bot_id"],
            ["bots.tenant_id", "bots.id"],
            name=op.f("fk_bot_inboxes_tenant_id_bot_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_bot_inboxes_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "bot_id", "lane", name=op.f("pk_bot_inboxes")),
    )
    op.create_index(
        "ix_bot_inboxes_waiting",
        "bot_inboxes",
        ["lane", "waiting_since"],
        unique=False,
        postgresql_where=sa.text("waiting_since IS NOT NULL"),
    )
    op.create_table(
        "bot_messages",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("bot_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("locale", sa.String(length=8), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "bot_id"], ["bots.tenant_id", "bots.id"], name=op.f("fk_bot_messages_tenant_id_bot_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_bot_messages_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_bot_messages")),
        sa.UniqueConstraint(
            "tenant_id", "bot_id", "key", "locale", name=op.f("uq_bot_messages_tenant_id_bot_id_key_locale")
        ),
    )
    op.create_table(
        "channels",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("bot_id", sa.Uuid(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("title", sa.String(length=256), nullable=False),
        sa.Column("username", sa.String(length=64), nullable=True),
        sa.Column("status", sa.String(length=32), server_default="active", nullable=False),
        sa.Column("can_invite_users", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("can_restrict_members", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("entry_mode", sa.String(length=32), server_default="join_request", nullable=False),
        sa.Column("removes_strangers", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("rights_checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "bot_id"], ["bots.tenant_id", "bots.id"], name=op.f("fk_channels_tenant_id_bot_id")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_channels_tenant_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_channels")),
        sa.UniqueConstraint("tenant_id", "bot_id", "chat_id", name=op.f("uq_channels_tenant_id_bot_id_chat_id")),
    )
    op.create_table(
        "jobs",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("queue", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=48), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("payload_version", sa.SmallInteger(), server_default="1", nullable=False),
        sa.Column("dedupe_key", sa.String(length=128), nullable=True),
        sa.Column("bot_id", sa.Uuid(), nullable=True),
        sa.Column("status", sa.String(length=32), server_default="ready", nullable=False),
        sa.Column("run_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("lease_id", sa.Uuid(), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), server_default="", nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "bot_id"], ["bots.tenant_id", "bots.id"], name=op.f("fk_jobs_tenant_id_bot_id")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_jobs_tenant_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_jobs")),
    )
    op.create_index(
        "ix_jobs_dead", "jobs", ["tenant_id", "finished_at"], unique=False, postgresql_where=sa.text("status = 'dead'")
    )
    op.create_index("ix_jobs_done", "jobs", ["finished_at"], unique=False, postgresql_where=sa.text("status = 'done'"))
    op.create_index(
        "ix_jobs_ready",
        "jobs",
        ["queue", "tenant_id", "run_at"],
        unique=False,
        postgresql_where=sa.text("status = 'ready'"),
    )
    op.create_index(
        "uq_jobs_dedupe",
        "jobs",
        ["tenant_id", "kind", "dedupe_key"],
        unique=True,
        postgresql_where=sa.text("status = 'ready' AND lease_id IS NULL AND dedupe_key IS NOT NULL"),
    )
    op.create_table(
        "payment_notices",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("bot_id", sa.Uuid(), nullable=False),
        sa.Column("event", sa.String(length=64), nullable=False),
        sa.Column("object_id", sa.String(length=64), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.String(length=16), server_default="new", nullable=False),
        sa.Column("arrivals", sa.Integer(), server_default="1", nullable=False),
        sa.Column("reason", sa.String(length=128), server_default="", nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "bot_id"], ["bots.tenant_id", "bots.id"], name=op.f("fk_payment_notices_tenant_id_bot_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_payment_notices_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_payment_notices")),
        sa.UniqueConstraint(
            "tenant_id",
            "bot_id",
            "event",
            "object_id",
            name=op.f("uq_payment_notices_tenant_id_bot_id_event_object_id"),
        ),
    )
    op.create_index(
        op.f("ix_payment_notices_tenant_id_received_at"), "payment_notices", ["tenant_id", "received_at"], unique=False
    )
    op.create_table(
        "plans",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("bot_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=128), nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("period_unit", sa.String(length=16), nullable=False),
        sa.Column("period_count", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("is_on_sale", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("is_hidden", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("period_count > 0", name=op.f("ck_plans_period_count_positive")),
        sa.CheckConstraint("price_minor >= 0", name=op.f("ck_plans_price_not_negative")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "bot_id"], ["bots.tenant_id", "bots.id"], name=op.f("fk_plans_tenant_id_bot_id")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_plans_tenant_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_plans")),
    )
    op.create_index(
        op.f("ix_plans_tenant_id_bot_id_position"), "plans", ["tenant_id", "bot_id", "position"], unique=False
    )
    op.create_table(
        "promo_codes",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("bot_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("discount_kind", sa.String(length=16), nullable=False),
        sa.Column("discount_value", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("max_uses", sa.Integer(), nullable=True),
        sa.Column("max_uses_per_user", sa.Integer(), nullable=True),
        sa.Column("uses_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("is_first_purchase_only", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("valid_from_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("valid_until_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("discount_value > 0", name=op.f("ck_promo_codes_discount_value_positive")),
        sa.CheckConstraint("uses_count >= 0", name=op.f("ck_promo_codes_uses_count_not_negative")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "bot_id"], ["bots.tenant_id", "bots.id"], name=op.f("fk_promo_codes_tenant_id_bot_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_promo_codes_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_promo_codes")),
        sa.UniqueConstraint("tenant_id", "bot_id", "code", name=op.f("uq_promo_codes_tenant_id_bot_id_code")),
    )
    op.create_table(
        "scheduled_broadcasts",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("bot_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=128), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("segment", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("status", sa.String(length=32), server_default="draft", nullable=False),
        sa.Column("scheduled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "bot_id"],
            ["bots.tenant_id", "bots.id"],
            name=op.f("fk_scheduled_broadcasts_tenant_id_bot_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_scheduled_broadcasts_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_scheduled_broadcasts")),
    )
    op.create_index(
        "ix_scheduled_broadcasts_due",
        "scheduled_broadcasts",
        ["scheduled_at"],
        unique=False,
        postgresql_where=sa.text("status = 'scheduled'"),
    )
    op.create_table(
        "telegram_updates",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("bot_id", sa.Uuid(), nullable=False),
        sa.Column("update_id", sa.BigInteger(), nullable=False),
        sa.Column("lane", sa.SmallInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.String(length=16), server_default="new", nullable=False),
        sa.Column("attempts", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("error", sa.Text(), server_default="", nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "bot_id"],
            ["bots.tenant_id", "bots.id"],
            name=op.f("fk_telegram_updates_tenant_id_bot_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_telegram_updates_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "bot_id", "update_id", name=op.f("pk_telegram_updates")),
    )
    op.create_index(
        "ix_telegram_updates_new",
        "telegram_updates",
        ["tenant_id", "bot_id", "lane", "update_id"],
        unique=False,
        postgresql_where=sa.text("status = 'new'"),
    )
    op.create_index("ix_telegram_updates_received_at", "telegram_updates", ["received_at"], unique=False)
    op.create_table(
        "users",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("bot_id", sa.Uuid(), nullable=False),
        sa.Column("telegram_id", sa.BigInteger(), nullable=False),
        sa.Column("first_name", sa.String(length=128), server_default="", nullable=False),
        sa.Column("last_name", sa.String(length=128), server_default="", nullable=False),
        sa.Column("username", sa.String(length=64), nullable=True),
        sa.Column("language_code", sa.String(length=16), nullable=True),
        sa.Column("locale", sa.String(length=8), server_default="ru", nullable=False),
        sa.Column("source", sa.String(length=64), server_default="", nullable=False),
        sa.Column("dialog", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("is_whitelisted", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("blocked_bot_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "bot_id"], ["bots.tenant_id", "bots.id"], name=op.f("fk_users_tenant_id_bot_id")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_users_tenant_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_users")),
        sa.UniqueConstraint("tenant_id", "bot_id", "telegram_id", name=op.f("uq_users_tenant_id_bot_id_telegram_id")),
    )
    op.create_table(
        "entry_links",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("channel_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("mode", sa.String(length=32), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=32), server_default="active", nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "channel_id"],
            ["channels.tenant_id", "channels.id"],
            name=op.f("fk_entry_links_tenant_id_channel_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "user_id"], ["users.tenant_id", "users.id"], name=op.f("fk_entry_links_tenant_id_user_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_entry_links_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_entry_links")),
    )
    op.create_index(op.f("ix_entry_links_tenant_id_url"), "entry_links", ["tenant_id", "url"], unique=False)
    op.create_index(
        "uq_entry_links_active",
        "entry_links",
        ["tenant_id", "channel_id", "user_id"],
        unique=True,
        postgresql_where=sa.text("status = 'active'"),
    )
    op.create_table(
        "memberships",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("channel_id", sa.Uuid(), nullable=False),
        sa.Column("telegram_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("wanted", sa.String(length=32), server_default="outside", nullable=False),
        sa.Column("actual", sa.String(length=32), server_default="unknown", nullable=False),
        sa.Column("actual_seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "channel_id"],
            ["channels.tenant_id", "channels.id"],
            name=op.f("fk_memberships_tenant_id_channel_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "user_id"], ["users.tenant_id", "users.id"], name=op.f("fk_memberships_tenant_id_user_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_memberships_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_memberships")),
        sa.UniqueConstraint(
            "tenant_id", "channel_id", "telegram_id", name=op.f("uq_memberships_tenant_id_channel_id_telegram_id")
        ),
    )
    op.create_index(op.f("ix_memberships_tenant_id_user_id"), "memberships", ["tenant_id", "user_id"], unique=False)
    op.create_table(
        "payments",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("bot_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("promo_code_id", sa.Uuid(), nullable=True),
        sa.Column("provider", sa.String(length=16), nullable=False),
        sa.Column("shop_id", sa.String(length=64), nullable=True),
        sa.Column("status", sa.String(length=32), server_default="created", nullable=False),
        sa.Column("delivery_state", sa.String(length=32), server_default="not_paid", nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("list_price_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("period_unit", sa.String(length=16), nullable=False),
        sa.Column("period_count", sa.Integer(), nullable=False),
        sa.Column("extra_days", sa.Integer(), server_default="0", nullable=False),
        sa.Column("description", sa.String(length=128), nullable=False),
        sa.Column("idempotence_key", sa.String(length=64), nullable=False),
        sa.Column("key_first_sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("request_body", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("provider_payment_id", sa.String(length=64), nullable=True),
        sa.Column("confirmation_url", sa.Text(), nullable=True),
        sa.Column("is_test", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_check_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checks_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancellation_reason", sa.String(length=64), nullable=True),
        sa.Column("quarantine_reason", sa.String(length=64), nullable=True),
        sa.Column("chat_message_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount_minor >= 0", name=op.f("ck_payments_amount_not_negative")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "bot_id"], ["bots.tenant_id", "bots.id"], name=op.f("fk_payments_tenant_id_bot_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "plan_id"], ["plans.tenant_id", "plans.id"], name=op.f("fk_payments_tenant_id_plan_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "promo_code_id"],
            ["promo_codes.tenant_id", "promo_codes.id"],
            name=op.f("fk_payments_tenant_id_promo_code_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "user_id"], ["users.tenant_id", "users.id"], name=op.f("fk_payments_tenant_id_user_id")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_payments_tenant_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_payments")),
        sa.UniqueConstraint("tenant_id", "idempotence_key", name=op.f("uq_payments_tenant_id_idempotence_key")),
        sa.UniqueConstraint(
            "tenant_id",
            "provider",
            "provider_payment_id",
            name=op.f("uq_payments_tenant_id_provider_provider_payment_id"),
        ),
    )
    op.create_index(
        "ix_payments_due",
        "payments",
        ["next_check_at"],
        unique=False,
        postgresql_where=sa.text("next_check_at IS NOT NULL"),
    )
    op.create_index(op.f("ix_payments_tenant_id_created_at"), "payments", ["tenant_id", "created_at"], unique=False)
    op.create_index(
        op.f("ix_payments_tenant_id_user_id_created_at"),
        "payments",
        ["tenant_id", "user_id", "created_at"],
        unique=False,
    )
    op.create_index(
        "uq_payments_open",
        "payments",
        ["tenant_id", "user_id", "plan_id"],
        unique=True,
        postgresql_where=sa.text("status IN ('created', 'pending') AND superseded_at IS NULL"),
    )
    op.create_table(
        "plan_channels",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("channel_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "channel_id"],
            ["channels.tenant_id", "channels.id"],
            name=op.f("fk_plan_channels_tenant_id_channel_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "plan_id"],
            ["plans.tenant_id", "plans.id"],
            name=op.f("fk_plan_channels_tenant_id_plan_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_plan_channels_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "plan_id", "channel_id", name=op.f("pk_plan_channels")),
    )
    op.create_index(
        op.f("ix_plan_channels_tenant_id_channel_id"), "plan_channels", ["tenant_id", "channel_id"], unique=False
    )
    op.create_table(
        "promo_code_plans",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("promo_code_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "plan_id"],
            ["plans.tenant_id", "plans.id"],
            name=op.f("fk_promo_code_plans_tenant_id_plan_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "promo_code_id"],
            ["promo_codes.tenant_id", "promo_codes.id"],
            name=op.f("fk_promo_code_plans_tenant_id_promo_code_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_promo_code_plans_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "promo_code_id", "plan_id", name=op.f("pk_promo_code_plans")),
    )
    op.create_table(
        "subscriptions",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("bot_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(length=32), server_default="active", nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("access_ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_reminder_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "bot_id"], ["bots.tenant_id", "bots.id"], name=op.f("fk_subscriptions_tenant_id_bot_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "plan_id"], ["plans.tenant_id", "plans.id"], name=op.f("fk_subscriptions_tenant_id_plan_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "user_id"], ["users.tenant_id", "users.id"], name=op.f("fk_subscriptions_tenant_id_user_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_subscriptions_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_subscriptions")),
        sa.UniqueConstraint("tenant_id", "user_id", "plan_id", name=op.f("uq_subscriptions_tenant_id_user_id_plan_id")),
    )
    op.create_index(
        "ix_subscriptions_due_expiry",
        "subscriptions",
        ["access_ends_at"],
        unique=False,
        postgresql_where=sa.text("status = 'active' AND access_ends_at IS NOT NULL"),
    )
    op.create_index(
        "ix_subscriptions_due_reminder",
        "subscriptions",
        ["next_reminder_at"],
        unique=False,
        postgresql_where=sa.text("status = 'active' AND next_reminder_at IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_subscriptions_tenant_id_created_at"), "subscriptions", ["tenant_id", "created_at"], unique=False
    )
    op.create_table(
        "access_logs",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=64), server_default="", nullable=False),
        sa.Column("telegram_id", sa.BigInteger(), nullable=True),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("channel_id", sa.Uuid(), nullable=True),
        sa.Column("payment_id", sa.Uuid(), nullable=True),
        sa.Column("subscription_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "channel_id"],
            ["channels.tenant_id", "channels.id"],
            name=op.f("fk_access_logs_tenant_id_channel_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "payment_id"],
            ["payments.tenant_id", "payments.id"],
            name=op.f("fk_access_logs_tenant_id_payment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "subscription_id"],
            ["subscriptions.tenant_id", "subscriptions.id"],
            name=op.f("fk_access_logs_tenant_id_subscription_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "user_id"], ["users.tenant_id", "users.id"], name=op.f("fk_access_logs_tenant_id_user_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_access_logs_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_access_logs")),
    )
    op.create_index(
        op.f("ix_access_logs_tenant_id_created_at"), "access_logs", ["tenant_id", "created_at"], unique=False
    )
    op.create_index(
        op.f("ix_access_logs_tenant_id_user_id_created_at"),
        "access_logs",
        ["tenant_id", "user_id", "created_at"],
        unique=False,
    )
    op.create_table(
        "grants",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("subscription_id", sa.Uuid(), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "payment_id"],
            ["payments.tenant_id", "payments.id"],
            name=op.f("fk_grants_tenant_id_payment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "subscription_id"],
            ["subscriptions.tenant_id", "subscriptions.id"],
            name=op.f("fk_grants_tenant_id_subscription_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_grants_tenant_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("tenant_id", "payment_id", name=op.f("pk_grants")),
    )
    op.create_index(
        op.f("ix_grants_tenant_id_subscription_id"), "grants", ["tenant_id", "subscription_id"], unique=False
    )
    op.create_table(
        "ledger_entries",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("transaction_id", sa.Uuid(), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("account", sa.String(length=32), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "payment_id"],
            ["payments.tenant_id", "payments.id"],
            name=op.f("fk_ledger_entries_tenant_id_payment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_ledger_entries_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_ledger_entries")),
        sa.UniqueConstraint(
            "tenant_id",
            "payment_id",
            "kind",
            "account",
            name=op.f("uq_ledger_entries_tenant_id_payment_id_kind_account"),
        ),
    )
    op.create_index(
        op.f("ix_ledger_entries_tenant_id_transaction_id"),
        "ledger_entries",
        ["tenant_id", "transaction_id"],
        unique=False,
    )
    op.create_table(
        "promo_code_uses",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("promo_code_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(length=32), server_default="reserved", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "payment_id"],
            ["payments.tenant_id", "payments.id"],
            name=op.f("fk_promo_code_uses_tenant_id_payment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "promo_code_id"],
            ["promo_codes.tenant_id", "promo_codes.id"],
            name=op.f("fk_promo_code_uses_tenant_id_promo_code_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "user_id"], ["users.tenant_id", "users.id"], name=op.f("fk_promo_code_uses_tenant_id_user_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_promo_code_uses_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "payment_id", name=op.f("pk_promo_code_uses")),
    )
    op.create_index(
        op.f("ix_promo_code_uses_tenant_id_promo_code_id_user_id"),
        "promo_code_uses",
        ["tenant_id", "promo_code_id", "user_id"],
        unique=False,
    )
    op.create_table(
        "subscription_periods",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subscription_id", sa.Uuid(), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("during", postgresql.TSTZRANGE(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("tenant_id"), "="),
            (sa.column("subscription_id"), "="),
            (sa.column("during"), "&&"),
            using="gist",
            name="ex_subscription_periods_overlap",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "payment_id"],
            ["payments.tenant_id", "payments.id"],
            name=op.f("fk_subscription_periods_tenant_id_payment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "subscription_id"],
            ["subscriptions.tenant_id", "subscriptions.id"],
            name=op.f("fk_subscription_periods_tenant_id_subscription_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_subscription_periods_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_subscription_periods")),
        sa.UniqueConstraint("tenant_id", "payment_id", name=op.f("uq_subscription_periods_tenant_id_payment_id")),
    )
    op.create_table(
        "subscription_reminders",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("subscription_id", sa.Uuid(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("offset_seconds", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "subscription_id"],
            ["subscriptions.tenant_id", "subscriptions.id"],
            name=op.f("fk_subscription_reminders_tenant_id_subscription_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_subscription_reminders_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(
            "tenant_id", "subscription_id", "ends_at", "offset_seconds", name=op.f("pk_subscription_reminders")
        ),
    )


def downgrade() -> None:
    """Change it back."""
    op.drop_table("subscription_reminders")
    op.drop_table("subscription_periods")
    op.drop_index(op.f("ix_promo_code_uses_tenant_id_promo_code_id_user_id"), table_name="promo_code_uses")
    op.drop_table("promo_code_uses")
    op.drop_index(op.f("ix_ledger_entries_tenant_id_transaction_id"), table_name="ledger_entries")
    op.drop_table("ledger_entries")
    op.drop_index(op.f("ix_grants_tenant_id_subscription_id"), table_name="grants")
    op.drop_table("grants")
    op.drop_index(op.f("ix_access_logs_tenant_id_user_id_created_at"), table_name="access_logs")
    op.drop_index(op.f("ix_access_logs_tenant_id_created_at"), table_name="access_logs")
    op.drop_table("access_logs")
    op.drop_index(op.f("ix_subscriptions_tenant_id_created_at"), table_name="subscriptions")
    op.drop_index(
        "ix_subscriptions_due_reminder",
        table_name="subscriptions",
        postgresql_where=sa.text("status = 'active' AND next_reminder_at IS NOT NULL"),
    )
    op.drop_index(
        "ix_subscriptions_due_expiry",
        table_name="subscriptions",
        postgresql_where=sa.text("status = 'active' AND access_ends_at IS NOT NULL"),
    )
    op.drop_table("subscriptions")
    op.drop_table("promo_code_plans")
    op.drop_index(op.f("ix_plan_channels_tenant_id_channel_id"), table_name="plan_channels")
    op.drop_table("plan_channels")
    op.drop_index(
        "uq_payments_open",
        table_name="payments",
        postgresql_where=sa.text("status IN ('created', 'pending') AND superseded_at IS NULL"),
    )
    op.drop_index(op.f("ix_payments_tenant_id_user_id_created_at"), table_name="payments")
    op.drop_index(op.f("ix_payments_tenant_id_created_at"), table_name="payments")
    op.drop_index("ix_payments_due", table_name="payments", postgresql_where=sa.text("next_check_at IS NOT NULL"))
    op.drop_table("payments")
    op.drop_index(op.f("ix_memberships_tenant_id_user_id"), table_name="memberships")
    op.drop_table("memberships")
    op.drop_index("uq_entry_links_active", table_name="entry_links", postgresql_where=sa.text("status = 'active'"))
    op.drop_index(op.f("ix_entry_links_tenant_id_url"), table_name="entry_links")
    op.drop_table("entry_links")
    op.drop_table("users")
    op.drop_index("ix_telegram_updates_received_at", table_name="telegram_updates")
    op.drop_index("ix_telegram_updates_new", table_name="telegram_updates", postgresql_where=sa.text("status = 'new'"))
    op.drop_table("telegram_updates")
    op.drop_index(
        "ix_scheduled_broadcasts_due",
        table_name="scheduled_broadcasts",
        postgresql_where=sa.text("status = 'scheduled'"),
    )
    op.drop_table("scheduled_broadcasts")
    op.drop_table("promo_codes")
    op.drop_index(op.f("ix_plans_tenant_id_bot_id_position"), table_name="plans")
    op.drop_table("plans")
    op.drop_index(op.f("ix_payment_notices_tenant_id_received_at"), table_name="payment_notices")
    op.drop_table("payment_notices")
    op.drop_index(
        "uq_jobs_dedupe",
        table_name="jobs",
        postgresql_where=sa.text("status = 'ready' AND lease_id IS NULL AND dedupe_key IS NOT NULL"),
    )
    op.drop_index("ix_jobs_ready", table_name="jobs", postgresql_where=sa.text("status = 'ready'"))
    op.drop_index("ix_jobs_done", table_name="jobs", postgresql_where=sa.text("status = 'done'"))
    op.drop_index("ix_jobs_dead", table_name="jobs", postgresql_where=sa.text("status = 'dead'"))
    op.drop_table("jobs")
    op.drop_table("channels")
    op.drop_table("bot_messages")
    op.drop_index(
        "ix_bot_inboxes_waiting", table_name="bot_inboxes", postgresql_where=sa.text("waiting_since IS NOT NULL")
    )
    op.drop_table("bot_inboxes")
    op.drop_table("tenant_members")
    op.drop_table("bots")
    op.drop_index(op.f("ix_audit_events_tenant_id_created_at"), table_name="audit_events")
    op.drop_table("audit_events")
    op.drop_index(op.f("ix_admin_sessions_expires_at"), table_name="admin_sessions")
    op.drop_index(op.f("ix_admin_sessions_admin_id"), table_name="admin_sessions")
    op.drop_table("admin_sessions")
    op.drop_table("tenants")
    op.drop_table("scheduled_ticks")
    op.drop_table("admins")
