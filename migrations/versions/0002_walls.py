"""Roles, row-level security and grants.

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

from alembic import op

from migrations.walls import APPEND_ONLY, READ_WRITE, grant, let_dispatch, protect

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ROLES = ("lumenpay_app", "lumenpay_staff", "lumenpay_dispatch")

SEALED = {
    "bots": frozenset(
        {"token_sealed", "webhook_sealed", "shop_sealed", "webhook_key_hash", "webhook_secret_hash", "notice_key_hash"}
    ),
    "admins": frozenset({"password_hash"}),
    "admin_sessions": frozenset({"token_hash"}),
}

OWNED = {
    "tenant_members": READ_WRITE,
    "bots": READ_WRITE,
    "channels": READ_WRITE,
    "users": READ_WRITE,
    "plans": READ_WRITE,
    "plan_channels": READ_WRITE,
    "promo_codes": READ_WRITE,
    "promo_code_plans": READ_WRITE,
    "promo_code_uses": "SELECT, INSERT, UPDATE",
    "payments": "SELECT, INSERT, UPDATE",
    "payment_notices": "SELECT, UPDATE",
    "subscriptions": "SELECT, INSERT, UPDATE",
    "subscription_periods": APPEND_ONLY,
    "subscription_reminders": APPEND_ONLY,
    "grants": APPEND_ONLY,
    "ledger_entries": APPEND_ONLY,
    "memberships": READ_WRITE,
    "entry_links": "SELECT, INSERT, UPDATE",
    "access_logs": APPEND_ONLY,
    "audit_events": APPEND_ONLY,
    "bot_messages": READ_WRITE,
    "scheduled_broadcasts": READ_WRITE,
    "jobs": "SELECT, INSERT, UPDATE",
    "telegram_updates": "SELECT, UPDATE",
    "bot_inboxes": "SELECT, UPDATE",
}
GLOBAL = {
    "admins": "SELECT, INSERT, UPDATE",
    "admin_sessions": "SELECT, INSERT, UPDATE, DELETE",
    "scheduled_ticks": "SELECT, INSERT, UPDATE, DELETE",
}
DISPATCHED = {
    "bots": (
        "SELECT (tenant_id, id, status, webhook_key_hash, webhook_secret_hash, notice_key_hash, shop_notice_at), "
        "UPDATE (shop_notice_at)"
    ),
    "tenant_members": "SELECT",
    "telegram_updates": "SELECT, INSERT, DELETE",
    "bot_inboxes": "SELECT, INSERT, UPDATE",
    "payment_notices": "SELECT, INSERT, UPDATE",
    "jobs": "SELECT, INSERT, UPDATE, DELETE",
    "subscriptions": "SELECT",
    "payments": "SELECT",
}


def upgrade() -> None:
    for role in ROLES:
        op.execute(
            f"DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{role}') THEN "
            f"CREATE ROLE {role} NOLOGIN NOSUPERUSER; END IF; END $$"
        )
    op.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    op.execute(f"GRANT USAGE ON SCHEMA public TO {', '.join(ROLES)}")
    protect("tenants", grants="SELECT, INSERT, UPDATE", column="id")
    for table, grants in OWNED.items():
        protect(table, grants=grants, hidden=SEALED.get(table, frozenset()))
    for table, grants in GLOBAL.items():
        grant(table, grants=grants, hidden=SEALED.get(table, frozenset()))
    for table, grants in DISPATCHED.items():
        let_dispatch(table, grants=grants)
    op.execute("GRANT SELECT ON alembic_version TO lumenpay_app")


def downgrade() -> None:
    op.execute("REVOKE ALL ON alembic_version FROM lumenpay_app")
    for table in ("tenants", *OWNED):
        op.execute(f"DROP POLICY IF EXISTS dispatching ON {table}")
        op.execute(f"DROP POLICY staff_reading ON {table}")
        op.execute(f"DROP POLICY tenant_wall ON {table}")
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    for table in ("tenants", *OWNED, *GLOBAL):
        op.execute(f"REVOKE ALL ON {table} FROM {', '.join(ROLES)}")
    # Roles belong to the whole cluster, where other databases may use them: they stay.
    op.execute(f"REVOKE USAGE ON SCHEMA public FROM {', '.join(ROLES)}")
