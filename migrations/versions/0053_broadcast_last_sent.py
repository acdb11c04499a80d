"""A broadcast tells when it last reached anybody: one that goes by itself runs for years.

Revision ID: 0053
Revises: 0052
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

LAST_SENT = "last_sent_at = CASE WHEN added.sent > 0 THEN now_at ELSE b.last_sent_at END,"


def upgrade() -> None:
    op.add_column("scheduled_broadcasts", sa.Column("last_sent_at", sa.DateTime(timezone=True), nullable=True))
    replace_record(LAST_SENT)


def downgrade() -> None:
    replace_record("")
    op.drop_column("scheduled_broadcasts", "last_sent_at")


def replace_record(further: str) -> None:
    """Have the function of the outcomes set a further column; else it is as it was."""
    op.execute(
        f"""
        CREATE OR REPLACE FUNCTION record_outcomes(
          wanted_tenant uuid, wanted_broadcast uuid, held_lease uuid, user_ids uuid[], states text[], reasons text[],
          message_ids bigint[], rate integer, now_at timestamptz
        ) RETURNS TABLE (status text, sent_count integer, failed_count integer)
        LANGUAGE plpgsql VOLATILE SECURITY INVOKER SET search_path = pg_catalog, public AS $$
        #variable_conflict use_column
        BEGIN
          PERFORM set_config('app.tenant_id', wanted_tenant::text, true);
          PERFORM FROM scheduled_broadcasts b WHERE b.tenant_id = wanted_tenant AND b.id = wanted_broadcast
            FOR NO KEY UPDATE;
          IF NOT FOUND THEN RETURN; END IF;
          RETURN QUERY
          WITH old AS MATERIALIZED (
            SELECT r.user_id, r.state FROM broadcast_recipients r
            WHERE r.tenant_id = wanted_tenant AND r.broadcast_id = wanted_broadcast AND r.user_id = ANY (user_ids)
              AND r.lease_id = held_lease AND r.state IN ('claimed', 'uncertain') FOR UPDATE
          ), changed AS (
            UPDATE broadcast_recipients r SET state = v.state, reason = v.reason, message_id = v.message_id,
              changed_at = now_at
            FROM old, unnest(user_ids, states, reasons, message_ids) AS v (user_id, state, reason, message_id)
            WHERE r.tenant_id = wanted_tenant AND r.broadcast_id = wanted_broadcast AND r.user_id = old.user_id
              AND v.user_id = old.user_id AND v.state <> old.state
            RETURNING old.state AS earlier, v.state AS later
          )
          UPDATE scheduled_broadcasts b SET sent_count = b.sent_count + added.sent, {further}
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
