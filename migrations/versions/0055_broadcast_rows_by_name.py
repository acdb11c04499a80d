"""What the functions of broadcasts change, they look up by name, however many people the broadcast has.

Revision ID: 0055
Revises: 0054
"""

from __future__ import annotations

from alembic import context, op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

# Of a broadcast that began a minute ago, statistics know nothing yet: PostgreSQL takes it for a row or two and rather
# reads all of it than joins by a key. A list of ids is part of the search of any index that it may choose.
DUE = "CASE WHEN r.due_at IS NULL THEN '-infinity'::timestamptz ELSE r.due_at END"


def upgrade() -> None:
    op.execute(
        f"""
        CREATE OR REPLACE FUNCTION claim_recipients(
          wanted_tenant uuid, wanted_broadcast uuid, held_job uuid, held_lease uuid, wanted_category text,
          max_rows integer, names_subscription boolean, now_at timestamptz
        ) RETURNS TABLE (
          user_id uuid, telegram_id bigint, name text, locale text, is_blocked boolean, wants_none boolean,
          plan text, ends_at timestamptz
        )
        LANGUAGE plpgsql VOLATILE SECURITY INVOKER SET search_path = pg_catalog, public
        SET plan_cache_mode = force_generic_plan AS $$
        #variable_conflict use_column
        DECLARE picked uuid[];
        BEGIN
          PERFORM set_config('app.tenant_id', wanted_tenant::text, true);
          IF NOT EXISTS (
            SELECT FROM scheduled_broadcasts b JOIN tenants t ON t.id = b.tenant_id
            WHERE b.tenant_id = wanted_tenant AND b.id = wanted_broadcast AND b.status = 'running'
              AND t.status = 'active' AND t.sales_paused_at IS NULL
              AND EXISTS (SELECT FROM jobs j WHERE j.tenant_id = wanted_tenant AND j.id = held_job
                AND j.status = 'ready' AND j.lease_id = held_lease AND j.leased_until > clock_timestamp())
          ) THEN RETURN; END IF;
          SELECT array_agg(p.user_id) INTO picked FROM (
            SELECT r.user_id FROM broadcast_recipients r
            WHERE r.tenant_id = wanted_tenant AND r.broadcast_id = wanted_broadcast AND r.state = 'waiting'
              AND {DUE} <= now_at
            ORDER BY {DUE}, r.user_id LIMIT max_rows FOR UPDATE SKIP LOCKED
          ) p;
          IF picked IS NULL THEN RETURN; END IF;
          RETURN QUERY
          UPDATE broadcast_recipients r SET state = 'claimed', job_id = held_job, lease_id = held_lease, reason = '',
            changed_at = now_at
          FROM users u LEFT JOIN LATERAL (
            SELECT p.title, s.ends_at FROM subscriptions s
            JOIN plans p ON p.tenant_id = s.tenant_id AND p.id = s.plan_id
            WHERE names_subscription AND s.tenant_id = u.tenant_id AND s.user_id = u.id AND s.status = 'active'
            ORDER BY s.ends_at DESC NULLS FIRST LIMIT 1
          ) s ON true
          WHERE r.tenant_id = wanted_tenant AND r.broadcast_id = wanted_broadcast AND r.user_id = ANY (picked)
            AND u.tenant_id = wanted_tenant AND u.id = ANY (picked) AND u.id = r.user_id
          RETURNING u.id, u.telegram_id, coalesce(nullif(u.first_name, ''), u.username, '')::text, u.locale::text,
            u.blocked_bot_at IS NOT NULL,
            EXISTS (SELECT FROM broadcast_opt_outs o WHERE o.tenant_id = wanted_tenant AND o.user_id = u.id
              AND o.category = wanted_category),
            s.title::text, s.ends_at;
        END $$
        """
    )
    op.execute(
        """
        CREATE OR REPLACE FUNCTION record_outcomes(
          wanted_tenant uuid, wanted_broadcast uuid, held_lease uuid, user_ids uuid[], states text[], reasons text[],
          message_ids bigint[], rate integer, now_at timestamptz
        ) RETURNS TABLE (status text, sent_count integer, failed_count integer)
        LANGUAGE plpgsql VOLATILE SECURITY INVOKER SET search_path = pg_catalog, public
        SET plan_cache_mode = force_generic_plan AS $$
        #variable_conflict use_column
        BEGIN
          PERFORM set_config('app.tenant_id', wanted_tenant::text, true);
          PERFORM FROM scheduled_broadcasts b WHERE b.tenant_id = wanted_tenant AND b.id = wanted_broadcast
            FOR NO KEY UPDATE;
          IF NOT FOUND THEN RETURN; END IF;
          RETURN QUERY
          WITH found AS MATERIALIZED (
            SELECT r.user_id, r.state FROM broadcast_recipients r
            WHERE r.tenant_id = wanted_tenant AND r.broadcast_id = wanted_broadcast AND r.user_id = ANY (user_ids)
              AND r.lease_id = held_lease AND r.state IN ('claimed', 'uncertain') FOR UPDATE
          ), changed AS (
            UPDATE broadcast_recipients r SET state = v.state, reason = v.reason, message_id = v.message_id,
              changed_at = now_at
            FROM found, unnest(user_ids, states, reasons, message_ids) AS v (user_id, state, reason, message_id)
            WHERE r.tenant_id = wanted_tenant AND r.broadcast_id = wanted_broadcast AND r.user_id = ANY (user_ids)
              AND r.user_id = found.user_id AND v.user_id = found.user_id AND v.state <> found.state
            RETURNING found.state AS earlier, v.state AS later
          )
          UPDATE scheduled_broadcasts b SET sent_count = b.sent_count + added.sent,
            last_sent_at = CASE WHEN added.sent > 0 THEN now_at ELSE b.last_sent_at END,
            failed_count = b.failed_count + added.failed, blocked_count = b.blocked_count + added.blocked,
            skipped_count = b.skipped_count + added.skipped, uncertain_count = b.uncertain_count + added.uncertain,
            rate_per_minute = CASE WHEN b.status = 'running' THEN coalesce(rate, b.rate_per_minute)
              ELSE b.rate_per_minute END
          FROM (
            SELECT count(*) FILTER (WHERE later = 'sent') AS sent, count(*) FILTER (WHERE later = 'failed') AS failed,
              count(*) FILTER (WHERE later = 'blocked') AS blocked,
              count(*) FILTER (WHERE later = 'skipped') AS skipped,
              count(*) FILTER (WHERE later = 'uncertain') - count(*) FILTER (WHERE earlier = 'uncertain') AS uncertain
            FROM changed
          ) added
          WHERE b.tenant_id = wanted_tenant AND b.id = wanted_broadcast
          RETURNING b.status::text, b.sent_count, b.failed_count;
        END $$
        """
    )


def downgrade() -> None:
    claims, records = (context.script.get_revision(number).module for number in ("0051", "0053"))
    records.replace_record(records.LAST_SENT)
    claims.replace_claim(*claims.WHOSE_MOMENT_HAS_COME)
