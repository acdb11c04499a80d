"""When a tenant forgets people who are long gone, and when old lines of its access log are removed next.

Revision ID: 0061
Revises: 0060
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.fairness import DueRows, name_fairly
from migrations.walls import FIRST_DRIVE_TENANT, READ_WRITE, give_to_dispatch, let_dispatch, protect

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
RULES = "forgetting_rules"
DUE_RULES = DueRows("due_forgetting_rules", RULES, "next_step_at", where="t.next_step_at IS NOT NULL")
DUE_LOGS, PURGE = "due_access_logs(timestamptz, integer)", "purge_access_logs(timestamptz, integer)"
LOG_DUE = "ix_tenants_access_log_due_at"


def upgrade() -> None:
    make_rules()
    op.add_column("tenants", sa.Column("access_log_due_at", MOMENT, server_default=sa.text("now()"), nullable=False))
    op.create_index(LOG_DUE, "tenants", ["access_log_due_at"])
    op.execute("GRANT SELECT (access_log_due_at) ON tenants TO lumenpay_dispatch")
    op.execute("GRANT SELECT (id, created_at, action), DELETE ON access_logs TO lumenpay_dispatch")
    let_dispatch("memberships", grants="SELECT (tenant_id, channel_id, telegram_id, user_id, wanted, actual)")
    op.execute("GRANT lumenpay_dispatch TO CURRENT_USER")
    make_purge()
    op.execute("REVOKE lumenpay_dispatch FROM CURRENT_USER")
    give_to_dispatch(f"{DUE_RULES.function}(timestamptz, integer)", DUE_LOGS, PURGE)


def make_rules() -> None:
    op.create_table(
        RULES,
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("tenant_id", "id")),
        sa.Column("months", sa.SmallInteger(), nullable=True),
        *(sa.Column(name, MOMENT, nullable=True) for name in ("starts_at", "began_at", "next_step_at")),
        sa.Column("looked_user_id", sa.Uuid(), nullable=True),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.CheckConstraint("months IN (6, 12, 24, 36)", name=op.f("ck_forgetting_rules_months")),
        sa.CheckConstraint(
            "(months IS NULL) = (starts_at IS NULL) AND (months IS NULL) = (next_step_at IS NULL)",
            name=op.f("ck_forgetting_rules_off_is_still"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_forgetting_rules_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_forgetting_rules")),
        sa.UniqueConstraint("tenant_id", name=op.f("uq_forgetting_rules_tenant_id")),
    )  # fmt: skip
    op.create_index(
        "ix_forgetting_rules_due", RULES, ["next_step_at"], postgresql_where=sa.text("next_step_at IS NOT NULL")
    )
    protect(RULES, grants=READ_WRITE)
    let_dispatch(RULES, grants="SELECT (tenant_id, id, next_step_at)")
    name_fairly(DUE_RULES)


def make_purge() -> None:
    op.execute(
        f"""
        CREATE FUNCTION due_access_logs(now_at timestamptz, max_rows integer) RETURNS TABLE (tenant_id uuid)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
          SELECT t.id FROM tenants t
          WHERE t.access_log_due_at <= now_at AND t.id < {FIRST_DRIVE_TENANT}
          ORDER BY t.access_log_due_at LIMIT max_rows
        $$
        """
    )
    # What says why somebody is inside stays, however old it is; so does who passed a door last and how, by which a ban
    # that a broken removal of ours left behind is told from one that somebody meant.
    op.execute(
        """
        CREATE FUNCTION purge_access_logs(older_than timestamptz, max_rows integer) RETURNS integer
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
        DECLARE own uuid := nullif(current_setting('app.tenant_id', true), '')::uuid; removed integer;
                passages text[] := ARRAY['joined', 'left', 'removed', 'request_approved'];
        BEGIN
          DELETE FROM access_logs l WHERE l.tenant_id = own AND l.id = ANY (ARRAY(
            SELECT o.id FROM access_logs o
            WHERE o.tenant_id = own AND o.created_at < older_than
              AND NOT EXISTS (
                SELECT 1 FROM subscriptions s
                WHERE s.tenant_id = own AND s.user_id = o.user_id AND s.status <> 'expired')
              AND NOT EXISTS (
                SELECT 1 FROM users u WHERE u.tenant_id = own AND u.id = o.user_id AND u.is_whitelisted)
              AND NOT EXISTS (
                SELECT 1 FROM memberships m WHERE m.tenant_id = own AND m.user_id = o.user_id
                  AND (m.wanted = 'inside' OR m.actual IN ('inside', 'admin')))
              AND NOT EXISTS (
                SELECT 1 FROM memberships m
                WHERE m.tenant_id = own AND m.channel_id = o.channel_id AND m.telegram_id = o.telegram_id
                  AND (m.wanted = 'inside' OR m.actual IN ('inside', 'admin')
                    OR o.action = ANY (passages) AND NOT EXISTS (
                      SELECT 1 FROM access_logs n
                      WHERE n.tenant_id = own AND n.telegram_id = o.telegram_id AND n.channel_id = o.channel_id
                        AND n.action = ANY (passages) AND n.id > o.id)))
            ORDER BY o.created_at LIMIT max_rows));
          GET DIAGNOSTICS removed = ROW_COUNT;
          RETURN removed;
        END $$
        """
    )


def downgrade() -> None:
    op.execute("GRANT lumenpay_dispatch TO CURRENT_USER")
    for signature in (f"{DUE_RULES.function}(timestamptz, integer)", DUE_LOGS, PURGE):
        op.execute(f"DROP FUNCTION {signature}")
    op.execute("REVOKE lumenpay_dispatch FROM CURRENT_USER")
    op.execute("DROP POLICY dispatching ON memberships")
    op.execute("REVOKE ALL ON memberships FROM lumenpay_dispatch")
    op.execute("REVOKE SELECT (id, created_at, action), DELETE ON access_logs FROM lumenpay_dispatch")
    op.execute("REVOKE SELECT (access_log_due_at) ON tenants FROM lumenpay_dispatch")
    op.drop_index(LOG_DUE, table_name="tenants")
    op.drop_column("tenants", "access_log_due_at")
    op.drop_table(RULES)
