"""Deliveries in a queue of their own, a few of each endpoint at a time; their tries, and those that nobody makes.

Revision ID: 0049
Revises: 0048
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.fairness import DueRows, name_fairly
from migrations.walls import give_to_dispatch, let_dispatch

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

DELIVERIES = "webhook_deliveries"
COLUMNS = ("tries", "tried_since_at")
WAITING = "ix_webhook_deliveries_waiting"
JOB_INDEXES = (
    ("ix_jobs_targets", ["queue", "tenant_id", "target_id", "run_at"], "status = 'ready' AND target_id IS NOT NULL"),
    ("ix_jobs_deliveries", ["tenant_id", "dedupe_key"], "status = 'ready' AND kind = 'webhooks.send'"),
)
CLAIM = "claim_jobs_of_targets(text, uuid, integer, integer, integer, integer)"
LOST = DueRows(
    "due_lost_deliveries", DELIVERIES, "next_attempt_at",
    # As the conditions of the indexes: a delivery that waits with no job that would make it.
    where="t.status = 'waiting' AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.tenant_id = t.tenant_id "
    "AND j.status = 'ready' AND j.kind = 'webhooks.send' AND j.dedupe_key = t.id::text)",
)  # fmt: skip


def upgrade() -> None:
    # First what is committed bit by bit: whoever is stopped here begins again, and finds nothing half made.
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE jobs ADD COLUMN IF NOT EXISTS target_id uuid")
        for name, columns, condition in JOB_INDEXES:
            op.drop_index(name, table_name="jobs", if_exists=True, postgresql_concurrently=True)
            op.create_index(
                name, "jobs", columns, postgresql_where=sa.text(condition), postgresql_concurrently=True
            )  # fmt: skip
    op.add_column(DELIVERIES, sa.Column("tries", postgresql.JSONB, server_default="[]", nullable=False))
    op.add_column(DELIVERIES, sa.Column("tried_since_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(f"GRANT SELECT ({', '.join(COLUMNS)}) ON {DELIVERIES} TO lumenpay_staff")
    op.create_index(WAITING, DELIVERIES, ["next_attempt_at"], postgresql_where=sa.text("status = 'waiting'"))
    let_dispatch(DELIVERIES, grants="SELECT (tenant_id, id, status, next_attempt_at)")
    name_fairly(LOST)
    make_claim()
    give_to_dispatch(f"{LOST.function}(timestamptz, integer)", CLAIM)


def make_claim() -> None:
    # As `claim_jobs`, from a random tenant on. Of each target the first few that are due are looked at, whether they
    # are held or not: so what is held counts, in every process, and what waits behind it costs nothing.
    op.execute(
        """
        CREATE FUNCTION claim_jobs_of_targets(
          wanted_queue text, new_lease uuid, lease_seconds integer, max_rows integer, per_tenant integer,
          per_target integer
        ) RETURNS TABLE (tenant_id uuid, id uuid)
        LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
          WITH RECURSIVE start AS (SELECT gen_random_uuid() AS at),
          walk (tenant, lap, steps) AS (
            (SELECT (SELECT j.tenant_id FROM jobs j, start s
                      WHERE j.status = 'ready' AND j.target_id IS NOT NULL AND j.queue = wanted_queue
                        AND j.tenant_id > s.at ORDER BY j.tenant_id LIMIT 1), 0, 1)
            UNION ALL
            SELECT CASE WHEN w.tenant IS NULL THEN
                (SELECT j.tenant_id FROM jobs j, start s
                  WHERE j.status = 'ready' AND j.target_id IS NOT NULL AND j.queue = wanted_queue
                    AND j.tenant_id <= s.at ORDER BY j.tenant_id LIMIT 1)
              WHEN w.lap = 0 THEN
                (SELECT j.tenant_id FROM jobs j
                  WHERE j.status = 'ready' AND j.target_id IS NOT NULL AND j.queue = wanted_queue
                    AND j.tenant_id > w.tenant ORDER BY j.tenant_id LIMIT 1)
              ELSE
                (SELECT j.tenant_id FROM jobs j, start s
                  WHERE j.status = 'ready' AND j.target_id IS NOT NULL AND j.queue = wanted_queue
                    AND j.tenant_id > w.tenant AND j.tenant_id <= s.at ORDER BY j.tenant_id LIMIT 1)
              END,
              w.lap + CASE WHEN w.tenant IS NULL THEN 1 ELSE 0 END, w.steps + 1
            FROM walk w WHERE NOT (w.tenant IS NULL AND w.lap >= 1) AND w.steps < 5000
          ), due AS (
            SELECT w.tenant AS tenant_id, picked.id FROM walk w
            CROSS JOIN LATERAL (
              WITH RECURSIVE targets (target) AS (
                (SELECT j.target_id FROM jobs j
                  WHERE j.status = 'ready' AND j.target_id IS NOT NULL AND j.queue = wanted_queue
                    AND j.tenant_id = w.tenant ORDER BY j.target_id LIMIT 1)
                UNION ALL
                SELECT (SELECT j.target_id FROM jobs j
                         WHERE j.status = 'ready' AND j.target_id > t.target AND j.queue = wanted_queue
                           AND j.tenant_id = w.tenant ORDER BY j.target_id LIMIT 1)
                FROM targets t WHERE t.target IS NOT NULL
              ), front AS (
                SELECT first.* FROM targets t CROSS JOIN LATERAL (
                  SELECT j.id, j.run_at, coalesce(j.leased_until >= clock_timestamp(), false) AS is_held,
                         row_number() OVER (ORDER BY j.run_at) AS turn
                  FROM jobs j
                  WHERE j.status = 'ready' AND j.target_id = t.target AND j.queue = wanted_queue
                    AND j.tenant_id = w.tenant AND j.run_at <= clock_timestamp()
                  ORDER BY j.run_at LIMIT per_target
                ) first WHERE t.target IS NOT NULL
              )
              SELECT f.id FROM front f WHERE NOT f.is_held ORDER BY f.turn, f.run_at
              LIMIT greatest(per_tenant - (SELECT count(*) FROM front h WHERE h.is_held), 0)
            ) AS picked
            WHERE w.tenant IS NOT NULL LIMIT max_rows
          ), locked AS (
            SELECT j.tenant_id, j.id FROM jobs j JOIN due ON j.tenant_id = due.tenant_id AND j.id = due.id
            WHERE j.status = 'ready' AND (j.leased_until IS NULL OR j.leased_until < clock_timestamp())
            FOR UPDATE OF j SKIP LOCKED
          )
          UPDATE jobs j SET lease_id = new_lease, attempts = j.attempts + 1,
            leased_until = clock_timestamp() + make_interval(secs => lease_seconds)
          FROM locked WHERE j.tenant_id = locked.tenant_id AND j.id = locked.id
          RETURNING j.tenant_id, j.id
        $$
        """
    )


def downgrade() -> None:
    op.execute("GRANT lumenpay_dispatch TO CURRENT_USER")
    for signature in (f"{LOST.function}(timestamptz, integer)", CLAIM):
        op.execute(f"DROP FUNCTION {signature}")
    op.execute("REVOKE lumenpay_dispatch FROM CURRENT_USER")
    op.execute(f"DROP POLICY dispatching ON {DELIVERIES}")
    op.execute(f"REVOKE SELECT (tenant_id, id, status, next_attempt_at) ON {DELIVERIES} FROM lumenpay_dispatch")
    # What the programs of before look into.
    op.execute("ALTER TABLE jobs NO FORCE ROW LEVEL SECURITY")
    op.execute("UPDATE jobs SET queue = 'housekeeping' WHERE queue = 'webhooks'")
    op.execute("ALTER TABLE jobs FORCE ROW LEVEL SECURITY")
    op.drop_index(WAITING, table_name=DELIVERIES)
    for name, _, _ in JOB_INDEXES:
        op.drop_index(name, table_name="jobs")
    for name in COLUMNS:
        op.drop_column(DELIVERIES, name)
    op.drop_column("jobs", "target_id")
