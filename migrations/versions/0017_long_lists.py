"""Lists of a million rows that answer at once, batches of promo codes, who began or lapsed.

Revision ID: 0017
Revises: 0016
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.walls import give_to_dispatch, protect

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

INDEXES: tuple[tuple[str, str, list[str], dict[str, Any]], ...] = (
    (
        "ix_payments_user", "payments", ["tenant_id", "user_id", "created_at"],
        {"postgresql_include": ["id", "plan_id", "status", "settled_at"]},
    ),
    (
        "ix_payments_revenue", "payments", ["tenant_id", "settled_at"],
        {
            "postgresql_where": sa.text("status = 'succeeded'"),
            "postgresql_include": ["user_id", "is_test", "currency", "amount_minor"],
        },
    ),
    (
        "ix_payments_waiting", "payments", ["tenant_id", "settled_at"],
        {
            "postgresql_where": sa.text("status = 'succeeded' AND delivery_state NOT IN ('not_paid', 'joined')"),
            "postgresql_include": ["user_id", "plan_id"],
        },
    ),
    ("ix_payments_bot", "payments", ["tenant_id", "bot_id", "created_at", "id"], {}),
    ("ix_payments_delivery", "payments", ["tenant_id", "delivery_state", "created_at", "id"], {}),
    (
        "ix_payments_method", "payments", ["tenant_id", "method", "created_at", "id"],
        {"postgresql_where": sa.text("method IS NOT NULL")},
    ),
    (
        "ix_payments_promo_code", "payments", ["tenant_id", "promo_code_id", "created_at", "id"],
        {"postgresql_where": sa.text("promo_code_id IS NOT NULL")},
    ),
    ("ix_payments_test", "payments", ["tenant_id", "created_at", "id"], {"postgresql_where": sa.text("is_test")}),
    (
        "ix_subscriptions_state", "subscriptions", ["tenant_id", "status", "user_id", "plan_id"],
        {"postgresql_include": ["access_ends_at"]},
    ),
    ("ix_subscriptions_tenant_id_status_id", "subscriptions", ["tenant_id", "status", "id"], {}),
    ("ix_subscriptions_tenant_id_bot_id_id", "subscriptions", ["tenant_id", "bot_id", "id"], {}),
    (
        "ix_memberships_gone", "memberships", ["tenant_id", "user_id", "channel_id"],
        {"postgresql_where": sa.text("wanted = 'inside' AND actual = 'outside'")},
    ),
    ("ix_access_logs_tenant_id_action_id", "access_logs", ["tenant_id", "action", "id"], {}),
    ("ix_access_logs_tenant_id_channel_id_id", "access_logs", ["tenant_id", "channel_id", "id"], {}),
    ("ix_access_logs_tenant_id_telegram_id_id", "access_logs", ["tenant_id", "telegram_id", "id"], {}),
    (
        "ix_access_logs_payment", "access_logs", ["tenant_id", "payment_id", "id"],
        {"postgresql_where": sa.text("payment_id IS NOT NULL")},
    ),
    (
        "ix_access_logs_subscription", "access_logs", ["tenant_id", "subscription_id", "id"],
        {"postgresql_where": sa.text("subscription_id IS NOT NULL")},
    ),
    (
        "ix_audit_events_tenant_id_action_created_at_id", "audit_events", ["tenant_id", "action", "created_at", "id"],
        {},
    ),
    (
        "ix_audit_events_people", "audit_events", ["tenant_id", "actor_kind", "created_at", "id"],
        {"postgresql_where": sa.text("actor_kind <> 'system'")},
    ),
    (
        "ix_audit_events_actor", "audit_events", ["actor_id", "created_at", "id"],
        {"postgresql_where": sa.text("actor_id IS NOT NULL")},
    ),
    ("ix_audit_events_created_at_id", "audit_events", ["created_at", "id"], {}),
    ("ix_audit_events_action_created_at_id", "audit_events", ["action", "created_at", "id"], {}),
    (
        "ix_promo_code_uses_tenant_id_promo_code_id_payment_id", "promo_code_uses",
        ["tenant_id", "promo_code_id", "payment_id"], {},
    ),
)  # fmt: skip
# One of the new ones serves each of these questions as well.
REPLACED: tuple[tuple[str, str, list[str], dict[str, Any]], ...] = (
    ("ix_payments_tenant_id_user_id_created_at", "payments", ["tenant_id", "user_id", "created_at"], {}),
    (
        "ix_payments_settled", "payments", ["tenant_id", "settled_at"],
        {"postgresql_where": sa.text("status = 'succeeded'")},
    ),
    (
        "ix_payments_undelivered", "payments", ["tenant_id", "settled_at"],
        {"postgresql_where": sa.text("status = 'succeeded' AND delivery_state NOT IN ('not_paid', 'joined')")},
    ),
    (
        "ix_memberships_missing", "memberships", ["tenant_id", "user_id"],
        {"postgresql_where": sa.text("wanted = 'inside' AND actual = 'outside'")},
    ),
)  # fmt: skip


FIND_USERS = """
        CREATE OR REPLACE FUNCTION find_users_like(pattern text, max_rows integer)
        RETURNS TABLE (tenant_id uuid, id uuid)
        LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
        DECLARE
          own uuid := nullif(current_setting('app.tenant_id', true), '')::uuid;
          found uuid[];
        BEGIN
          -- How common a part of a word is cannot be estimated. A common one has enough hits among the newest people;
          -- any other one has few in all, and the index of threes finds them.
          IF max_rows IS NOT NULL THEN
            found := ARRAY(
              SELECT n.id FROM (
                SELECT u.id, u.search_text FROM users u WHERE u.tenant_id = own
                ORDER BY u.id DESC LIMIT greatest(20000, 20 * max_rows)) n
              WHERE n.search_text LIKE pattern ORDER BY n.id DESC LIMIT max_rows);
          END IF;
          IF cardinality(found) = max_rows THEN
            RETURN QUERY SELECT own, f.id FROM unnest(found) f (id);
          ELSE
            RETURN QUERY EXECUTE
              'WITH hits AS MATERIALIZED ('
              '  SELECT u.tenant_id, u.id FROM users u WHERE u.tenant_id = $1 AND u.search_text LIKE $2) '
              'SELECT h.tenant_id, h.id FROM hits h ORDER BY h.id DESC LIMIT $3'
              USING own, pattern, max_rows;
          END IF;
        END $$
        """
FIND_USERS_BEFORE = """
        CREATE OR REPLACE FUNCTION find_users_like(pattern text, max_rows integer)
        RETURNS TABLE (tenant_id uuid, id uuid)
        LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
        BEGIN
          -- Planned anew for each pattern: a rare one needs the index of threes, a common one the newest rows only.
          RETURN QUERY EXECUTE
            'SELECT u.tenant_id, u.id FROM users u WHERE u.tenant_id = $1 AND u.search_text LIKE $2 '
            'ORDER BY u.id DESC LIMIT $3'
            USING nullif(current_setting('app.tenant_id', true), '')::uuid, pattern, max_rows;
        END $$
        """
MOVED = "find_moved_users(text, boolean, timestamptz, timestamptz, text, timestamptz, integer)"
FIND_MOVED = """
        CREATE FUNCTION find_moved_users(
          movement text, of_tests boolean, from_at timestamptz, until_at timestamptz, zone text, now_at timestamptz,
          max_rows integer
        ) RETURNS TABLE (tenant_id uuid, id uuid)
        LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
        DECLARE
          own uuid := nullif(current_setting('app.tenant_id', true), '')::uuid;
          end_at timestamptz := least(until_at, now_at);
        BEGIN
          IF movement = 'began' THEN
            RETURN QUERY SELECT own, p.user_id FROM subscription_periods sp
            JOIN payments p ON p.tenant_id = own AND p.id = sp.payment_id
            WHERE sp.tenant_id = own AND lower(sp.during) >= from_at AND lower(sp.during) < end_at
              AND p.is_test = of_tests AND p.status = 'succeeded'
              AND NOT EXISTS (
                SELECT FROM payments q JOIN subscription_periods sq ON sq.tenant_id = own AND sq.payment_id = q.id
                WHERE q.tenant_id = own AND q.user_id = p.user_id AND q.is_test = of_tests AND q.status = 'succeeded'
                  AND (lower(sq.during), sq.id) < (lower(sp.during), sp.id))
            ORDER BY lower(sp.during) DESC LIMIT max_rows;
          ELSIF movement = 'lapsed' THEN
            RETURN QUERY SELECT own, p.user_id FROM subscription_periods sp
            JOIN payments p ON p.tenant_id = own AND p.id = sp.payment_id
            CROSS JOIN LATERAL (
              SELECT least(((upper(sp.during) AT TIME ZONE zone)::date + 1)::timestamp AT TIME ZONE zone, now_at) AS at
            ) night
            WHERE sp.tenant_id = own AND upper(sp.during) >= from_at AND upper(sp.during) < end_at
              AND p.is_test = of_tests AND p.status = 'succeeded'
              AND NOT EXISTS (
                SELECT FROM payments q JOIN subscription_periods sq ON sq.tenant_id = own AND sq.payment_id = q.id
                WHERE q.tenant_id = own AND q.user_id = p.user_id AND q.is_test = of_tests AND q.status = 'succeeded'
                  AND lower(sq.during) < night.at AND (upper_inf(sq.during) OR upper(sq.during) >= night.at))
            ORDER BY upper(sp.during) DESC LIMIT max_rows;
          ELSE
            -- Who has access at the end, and for `paying` pays for it again and again.
            RETURN QUERY SELECT own, r.user_id FROM (
              SELECT sp.payment_id, sp.during FROM subscription_periods sp
              WHERE sp.tenant_id = own AND upper(sp.during) IS NULL
              UNION ALL
              SELECT sp.payment_id, sp.during FROM subscription_periods sp
              WHERE sp.tenant_id = own AND upper(sp.during) >= end_at) s
            CROSS JOIN LATERAL (
              SELECT p.user_id FROM payments p
              WHERE p.tenant_id = own AND p.id = s.payment_id AND p.is_test = of_tests AND p.status = 'succeeded'
                AND (movement <> 'paying' OR (p.amount_minor > 0 AND p.period_unit <> 'lifetime')) LIMIT 1) r
            WHERE lower(s.during) < end_at LIMIT max_rows;
          END IF;
        END $$
        """


def change_function(statement: str) -> None:
    """Change a function of the dispatch role: only a member of the role may."""
    op.execute("GRANT lumenpay_dispatch TO CURRENT_USER")
    op.execute(statement)
    op.execute("REVOKE lumenpay_dispatch FROM CURRENT_USER")


def upgrade() -> None:
    # First what is committed bit by bit: whoever is stopped here begins again, and finds nothing half made.
    with op.get_context().autocommit_block():
        for name, table, columns, options in INDEXES:
            op.drop_index(name, table_name=table, if_exists=True, postgresql_concurrently=True)
            op.create_index(name, table, columns, postgresql_concurrently=True, **options)
        for name, table, _, _ in REPLACED:
            op.drop_index(name, table_name=table, if_exists=True, postgresql_concurrently=True)
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "promo_code_batches",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("bot_id", sa.Uuid(), nullable=False),
        sa.Column("idempotence_key", sa.String(48), nullable=False),
        sa.Column("request", postgresql.JSONB, nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_promo_code_batches_tenant_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "bot_id"], ["bots.tenant_id", "bots.id"], name=op.f("fk_promo_code_batches_tenant_id_bot_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_promo_code_batches")),
        sa.UniqueConstraint(
            "tenant_id", "idempotence_key", name=op.f("uq_promo_code_batches_tenant_id_idempotence_key")
        ),
    )
    protect("promo_code_batches", grants="SELECT, INSERT")
    op.add_column("promo_codes", sa.Column("batch_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_promo_codes_tenant_id_batch_id"), "promo_codes", "promo_code_batches", ["tenant_id", "batch_id"],
        ["tenant_id", "id"],
    )  # fmt: skip
    # Not one row is in it yet.
    op.create_index(
        "ix_promo_codes_batch", "promo_codes", ["tenant_id", "batch_id"],
        postgresql_where=sa.text("batch_id IS NOT NULL"),
    )  # fmt: skip
    change_function(FIND_USERS)
    op.execute(FIND_MOVED)
    give_to_dispatch(MOVED)


def downgrade() -> None:
    change_function(f"DROP FUNCTION {MOVED}")
    change_function(FIND_USERS_BEFORE)
    for name, table, columns, options in REPLACED:
        op.create_index(name, table, columns, **options)
    for name, table, _, _ in INDEXES:
        op.drop_index(name, table_name=table)
    op.drop_index("ix_promo_codes_batch", table_name="promo_codes")
    op.drop_constraint(op.f("fk_promo_codes_tenant_id_batch_id"), "promo_codes")
    op.drop_column("promo_codes", "batch_id")
    op.drop_table("promo_code_batches")
