"""A turn of an inbox is loaded by one statement and stored by one, each a transaction of its own.

Revision ID: 0011
Revises: 0010
"""

from __future__ import annotations

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

SIGNATURES = (
    "load_turn(uuid, uuid, integer, bigint, integer)",
    "store_turn(uuid, uuid, integer, uuid, timestamptz, bigint[], text[], text[], integer[], bigint[], boolean)",
)


def upgrade() -> None:
    # Both enter the tenant for the length of their own statement and then read and write with the caller's rights, so
    # the walls hold for them as for every other statement. `release_inbox` stays for workers of the release before.
    op.execute(
        """
        CREATE FUNCTION load_turn(
          wanted_tenant uuid, wanted_bot uuid, wanted_lane integer, after_id bigint, max_rows integer
        ) RETURNS TABLE (
          telegram_id bigint, username text, token_sealed text, last_update_at timestamptz,
          update_id bigint, body bytea, attempts smallint, received_at timestamptz, is_resting boolean
        )
        LANGUAGE plpgsql VOLATILE SECURITY INVOKER SET search_path = pg_catalog, public AS $$
        BEGIN
          PERFORM set_config('app.tenant_id', wanted_tenant::text, true);
          RETURN QUERY
          SELECT b.telegram_id, b.username::text, b.token_sealed::text, b.last_update_at,
            u.update_id, u.body, u.attempts, u.received_at, coalesce(u.retry_at > clock_timestamp(), false)
          FROM bots b LEFT JOIN LATERAL (
            SELECT t.update_id, t.body, t.attempts, t.received_at, t.retry_at FROM telegram_updates t
            WHERE t.tenant_id = wanted_tenant AND t.bot_id = wanted_bot AND t.lane = wanted_lane AND t.status = 'new'
              AND t.update_id > after_id ORDER BY t.update_id LIMIT max_rows
          ) u ON true
          WHERE b.tenant_id = wanted_tenant AND b.id = wanted_bot AND b.status <> 'deleted'
          ORDER BY u.update_id;
        END $$
        """
    )
    # Who no longer holds the lease stores nothing. The lane is locked before it is looked at in a later statement, so
    # that updates which an ingress has just committed are seen. While only chats that rest are left, the lane rests
    # with them, until the first update of anybody else (see `ingest_updates`).
    op.execute(
        """
        CREATE FUNCTION store_turn(
          wanted_tenant uuid, wanted_bot uuid, wanted_lane integer, held_lease uuid, now_at timestamptz,
          ids bigint[], statuses text[], errors text[], tries integer[], resting bigint[], touches_bot boolean
        ) RETURNS boolean
        LANGUAGE plpgsql VOLATILE SECURITY INVOKER SET search_path = pg_catalog, public AS $$
        BEGIN
          PERFORM set_config('app.tenant_id', wanted_tenant::text, true);
          PERFORM 1 FROM bot_inboxes i
          WHERE i.tenant_id = wanted_tenant AND i.bot_id = wanted_bot AND i.lane = wanted_lane
            AND i.lease_id = held_lease FOR UPDATE;
          IF NOT FOUND THEN RETURN false; END IF;
          UPDATE telegram_updates u SET status = v.status, error = v.error, attempts = u.attempts + v.tries,
            retry_at = CASE WHEN v.status = 'new' THEN clock_timestamp() + interval '2 seconds' END
          FROM unnest(ids, statuses, errors, tries) AS v (id, status, error, tries)
          WHERE u.tenant_id = wanted_tenant AND u.bot_id = wanted_bot AND u.update_id = v.id;
          IF touches_bot THEN
            UPDATE bots b SET last_update_at = now_at WHERE b.tenant_id = wanted_tenant AND b.id = wanted_bot;
          END IF;
          IF cardinality(resting) = 0 THEN
            UPDATE bot_inboxes i SET lease_id = NULL, leased_until = NULL,
              waiting_since = CASE WHEN EXISTS (
                SELECT FROM telegram_updates u WHERE u.tenant_id = wanted_tenant AND u.bot_id = wanted_bot
                  AND u.lane = wanted_lane AND u.status = 'new') THEN now_at END
            WHERE i.tenant_id = wanted_tenant AND i.bot_id = wanted_bot AND i.lane = wanted_lane;
          ELSE
            UPDATE bot_inboxes i SET lease_id = NULL, waiting_since = now_at,
              leased_until = CASE WHEN cardinality(ids) = 0 OR NOT EXISTS (
                SELECT FROM telegram_updates u WHERE u.tenant_id = wanted_tenant AND u.bot_id = wanted_bot
                  AND u.lane = wanted_lane AND u.status = 'new' AND u.update_id <> ALL (resting)
              ) THEN clock_timestamp() + interval '2 seconds' END
            WHERE i.tenant_id = wanted_tenant AND i.bot_id = wanted_bot AND i.lane = wanted_lane;
          END IF;
          RETURN true;
        END $$
        """
    )
    for signature in SIGNATURES:
        op.execute(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {signature} TO lumenpay_app")


def downgrade() -> None:
    for signature in SIGNATURES:
        op.execute(f"DROP FUNCTION {signature}")
