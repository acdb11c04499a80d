"""A process renews all its leases in one statement.

Revision ID: 0006
Revises: 0005
"""

from __future__ import annotations

from alembic import op

from migrations.walls import give_to_dispatch

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

SIGNATURE = "renew_leases(uuid[], uuid[], smallint[], uuid[], integer)"


def upgrade() -> None:
    # A lease that ended is not renewed, even if nobody has taken the row yet: its holder has stopped by its own clock.
    # Rows of inboxes are locked in the order of `ingest_updates`, so that the two cannot deadlock.
    op.execute(
        """
        CREATE FUNCTION renew_leases(
          tenant_ids uuid[], row_ids uuid[], lanes smallint[], lease_ids uuid[], lease_seconds integer
        ) RETURNS TABLE (id uuid, lease_id uuid)
        LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
          WITH wanted AS (
            SELECT w.tenant_id, w.row_id, w.lane, w.lease_id
            FROM unnest(tenant_ids, row_ids, lanes, lease_ids) AS w (tenant_id, row_id, lane, lease_id)
          ), held_jobs AS (
            SELECT j.tenant_id, j.id FROM jobs j
            JOIN wanted w ON w.lane IS NULL AND j.tenant_id = w.tenant_id AND j.id = w.row_id
              AND j.lease_id = w.lease_id
            WHERE j.status = 'ready' AND j.leased_until > clock_timestamp()
            ORDER BY j.tenant_id, j.id FOR UPDATE OF j
          ), held_lanes AS (
            SELECT i.tenant_id, i.bot_id, i.lane FROM bot_inboxes i
            JOIN wanted w ON i.lane = w.lane AND i.tenant_id = w.tenant_id AND i.bot_id = w.row_id
              AND i.lease_id = w.lease_id
            WHERE i.leased_until > clock_timestamp()
            ORDER BY i.tenant_id, i.bot_id, i.lane FOR UPDATE OF i
          ), jobs_again AS (
            UPDATE jobs j SET leased_until = clock_timestamp() + make_interval(secs => lease_seconds)
            FROM held_jobs h WHERE j.tenant_id = h.tenant_id AND j.id = h.id
            RETURNING j.id, j.lease_id
          ), lanes_again AS (
            UPDATE bot_inboxes i SET leased_until = clock_timestamp() + make_interval(secs => lease_seconds)
            FROM held_lanes h WHERE i.tenant_id = h.tenant_id AND i.bot_id = h.bot_id AND i.lane = h.lane
            RETURNING i.bot_id, i.lease_id
          )
          SELECT a.id, a.lease_id FROM jobs_again a UNION ALL SELECT l.bot_id, l.lease_id FROM lanes_again l
        $$
        """
    )
    give_to_dispatch(SIGNATURE)


def downgrade() -> None:
    op.execute("GRANT lumenpay_dispatch TO CURRENT_USER")
    op.execute(f"DROP FUNCTION {SIGNATURE}")
    op.execute("REVOKE lumenpay_dispatch FROM CURRENT_USER")
