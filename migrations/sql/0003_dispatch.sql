-- Functions that look across tenants. Each is SECURITY DEFINER, owned by lumenpay_dispatch (a role that cannot log in and
-- that only these policies let past the walls), has a fixed search_path, and returns ids only.

CREATE FUNCTION find_bot_route(hashes bytea[])
RETURNS TABLE (tenant_id uuid, bot_id uuid, secret_hash bytea, is_active boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT b.tenant_id, b.id, b.webhook_secret_hash, b.status = 'active'
  FROM bots b WHERE b.webhook_key_hash = ANY (hashes) AND b.status <> 'deleted' AND b.webhook_secret_hash IS NOT NULL
  LIMIT 1
$$;

CREATE FUNCTION find_shop_route(hashes bytea[])
RETURNS TABLE (tenant_id uuid, bot_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT b.tenant_id, b.id FROM bots b WHERE b.notice_key_hash = ANY (hashes) AND b.status <> 'deleted' LIMIT 1
$$;

CREATE FUNCTION tenants_of_admin(wanted uuid)
RETURNS TABLE (tenant_id uuid, role text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT m.tenant_id, m.role::text FROM tenant_members m WHERE m.admin_id = wanted ORDER BY m.tenant_id
$$;

-- Stores a batch of raw updates of many bots in one statement. The rows of bot_inboxes are locked in one order, so that two
-- batches cannot deadlock; the lock is held until commit, so that a worker that gives a lane back sees these updates.
CREATE FUNCTION ingest_updates(
  tenant_ids uuid[], bot_ids uuid[], update_ids bigint[], lanes smallint[], bodies bytea[], now_at timestamptz
) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE stored integer;
BEGIN
  WITH fresh AS (
    INSERT INTO telegram_updates (tenant_id, bot_id, update_id, lane, body, received_at)
    SELECT u.tenant_id, u.bot_id, u.update_id, u.lane, u.body, now_at
    FROM unnest(tenant_ids, bot_ids, update_ids, lanes, bodies) AS u (tenant_id, bot_id, update_id, lane, body)
    ON CONFLICT DO NOTHING
    RETURNING telegram_updates.tenant_id, telegram_updates.bot_id, telegram_updates.lane
  ), waiting AS (
    INSERT INTO bot_inboxes AS i (tenant_id, bot_id, lane, waiting_since)
    SELECT f.tenant_id, f.bot_id, f.lane, now_at FROM fresh f GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    ON CONFLICT (tenant_id, bot_id, lane) DO UPDATE SET waiting_since = now_at WHERE i.waiting_since IS NULL
  )
  SELECT count(*) INTO stored FROM fresh;
  RETURN stored;
END $$;

-- A notice that comes again is looked into again: a forged early one must not use up the place of the true one.
CREATE FUNCTION ingest_notice(
  wanted_tenant uuid, wanted_bot uuid, notice_id uuid, job_id uuid, event_name text, object_key text, raw bytea,
  now_at timestamptz
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE stored uuid;
BEGIN
  INSERT INTO payment_notices AS n (tenant_id, id, bot_id, event, object_id, body, received_at)
  VALUES (wanted_tenant, notice_id, wanted_bot, event_name, object_key, raw, now_at)
  ON CONFLICT (tenant_id, bot_id, event, object_id)
  DO UPDATE SET arrivals = n.arrivals + 1, status = 'new'
  RETURNING n.id INTO stored;
  INSERT INTO jobs (tenant_id, id, queue, kind, payload, dedupe_key, bot_id, run_at, created_at)
  VALUES (wanted_tenant, job_id, 'money', 'payments.check_notice', jsonb_build_object('notice_id', stored::text),
          stored::text, wanted_bot, now_at, now_at)
  ON CONFLICT DO NOTHING;
  UPDATE bots SET shop_notice_at = now_at WHERE tenant_id = wanted_tenant AND id = wanted_bot AND shop_notice_at IS NULL;
END $$;

CREATE FUNCTION claim_inboxes(wanted_lane integer, new_lease uuid, lease_seconds integer, max_rows integer)
RETURNS TABLE (tenant_id uuid, bot_id uuid)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  WITH due AS (
    SELECT i.tenant_id, i.bot_id, i.lane FROM bot_inboxes i
    WHERE i.lane = wanted_lane AND i.waiting_since IS NOT NULL AND (i.leased_until IS NULL OR i.leased_until < clock_timestamp())
      AND EXISTS (SELECT 1 FROM bots b WHERE b.tenant_id = i.tenant_id AND b.id = i.bot_id AND b.status = 'active')
    ORDER BY i.waiting_since LIMIT max_rows FOR UPDATE SKIP LOCKED
  )
  UPDATE bot_inboxes i SET lease_id = new_lease, leased_until = clock_timestamp() + make_interval(secs => lease_seconds)
  FROM due WHERE i.tenant_id = due.tenant_id AND i.bot_id = due.bot_id AND i.lane = due.lane
  RETURNING i.tenant_id, i.bot_id
$$;

-- Jumps from tenant to tenant along ix_jobs_ready, beginning at a random place: the cost grows with the tenants that have
-- ready jobs, and a tenant with a million of them delays nobody.
CREATE FUNCTION claim_jobs(wanted_queue text, new_lease uuid, lease_seconds integer, max_rows integer, per_tenant integer)
RETURNS TABLE (tenant_id uuid, id uuid)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  WITH RECURSIVE start AS (SELECT gen_random_uuid() AS at),
  walk (tenant, lap, steps) AS (
    (SELECT (SELECT j.tenant_id FROM jobs j, start s
              WHERE j.status = 'ready' AND j.queue = wanted_queue AND j.tenant_id > s.at
              ORDER BY j.tenant_id LIMIT 1), 0, 1)
    UNION ALL
    SELECT CASE WHEN w.tenant IS NULL THEN
        (SELECT j.tenant_id FROM jobs j, start s
          WHERE j.status = 'ready' AND j.queue = wanted_queue AND j.tenant_id <= s.at ORDER BY j.tenant_id LIMIT 1)
      WHEN w.lap = 0 THEN
        (SELECT j.tenant_id FROM jobs j
          WHERE j.status = 'ready' AND j.queue = wanted_queue AND j.tenant_id > w.tenant ORDER BY j.tenant_id LIMIT 1)
      ELSE
        (SELECT j.tenant_id FROM jobs j, start s
          WHERE j.status = 'ready' AND j.queue = wanted_queue AND j.tenant_id > w.tenant AND j.tenant_id <= s.at
          ORDER BY j.tenant_id LIMIT 1)
      END,
      w.lap + CASE WHEN w.tenant IS NULL THEN 1 ELSE 0 END, w.steps + 1
    FROM walk w WHERE NOT (w.tenant IS NULL AND w.lap >= 1) AND w.steps < 5000
  ), due AS (
    SELECT picked.tenant_id, picked.id FROM walk w
    CROSS JOIN LATERAL (
      SELECT j.tenant_id, j.id FROM jobs j
      WHERE j.status = 'ready' AND j.queue = wanted_queue AND j.tenant_id = w.tenant AND j.run_at <= clock_timestamp()
        AND (j.leased_until IS NULL OR j.leased_until < clock_timestamp())
      ORDER BY j.run_at LIMIT per_tenant
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
$$;

CREATE FUNCTION due_expiries(now_at timestamptz, max_rows integer)
RETURNS TABLE (tenant_id uuid, id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT s.tenant_id, s.id FROM subscriptions s
  WHERE s.status = 'active' AND s.access_ends_at IS NOT NULL AND s.access_ends_at <= now_at
  ORDER BY s.access_ends_at LIMIT max_rows
$$;

CREATE FUNCTION due_reminders(now_at timestamptz, max_rows integer)
RETURNS TABLE (tenant_id uuid, id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT s.tenant_id, s.id FROM subscriptions s
  WHERE s.status = 'active' AND s.next_reminder_at IS NOT NULL AND s.next_reminder_at <= now_at
  ORDER BY s.next_reminder_at LIMIT max_rows
$$;

CREATE FUNCTION due_payment_checks(now_at timestamptz, max_rows integer)
RETURNS TABLE (tenant_id uuid, id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT p.tenant_id, p.id FROM payments p
  WHERE p.next_check_at IS NOT NULL AND p.next_check_at <= now_at ORDER BY p.next_check_at LIMIT max_rows
$$;

-- Bots that are active, in order of id: the health audit walks over them page by page.
CREATE FUNCTION list_active_bots(after_bot uuid, max_rows integer)
RETURNS TABLE (tenant_id uuid, id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT b.tenant_id, b.id FROM bots b WHERE b.status = 'active' AND b.id > after_bot ORDER BY b.id LIMIT max_rows
$$;

-- Lanes with unhandled updates that no worker knows of: there should be none, and this makes it so.
CREATE FUNCTION wake_forgotten_inboxes(now_at timestamptz) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE woken integer;
BEGIN
  WITH waiting AS (
    SELECT DISTINCT u.tenant_id, u.bot_id, u.lane FROM telegram_updates u WHERE u.status = 'new'
  )
  INSERT INTO bot_inboxes AS i (tenant_id, bot_id, lane, waiting_since)
  SELECT w.tenant_id, w.bot_id, w.lane, now_at FROM waiting w ORDER BY 1, 2, 3
  ON CONFLICT (tenant_id, bot_id, lane) DO UPDATE SET waiting_since = now_at WHERE i.waiting_since IS NULL;
  GET DIAGNOSTICS woken = ROW_COUNT;
  RETURN woken;
END $$;

-- Retention: handled updates are kept long enough to recognise repeated deliveries, finished jobs long enough to look at.
CREATE FUNCTION purge_handled(older_than timestamptz, max_rows integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE updates_gone integer; jobs_gone integer;
BEGIN
  DELETE FROM telegram_updates u WHERE (u.tenant_id, u.bot_id, u.update_id) IN (
    SELECT o.tenant_id, o.bot_id, o.update_id FROM telegram_updates o
    WHERE o.status = 'handled' AND o.received_at < older_than ORDER BY o.received_at LIMIT max_rows);
  GET DIAGNOSTICS updates_gone = ROW_COUNT;
  DELETE FROM jobs j WHERE (j.tenant_id, j.id) IN (
    SELECT o.tenant_id, o.id FROM jobs o WHERE o.status = 'done' AND o.finished_at < older_than
    ORDER BY o.finished_at LIMIT max_rows);
  GET DIAGNOSTICS jobs_gone = ROW_COUNT;
  RETURN updates_gone + jobs_gone;
END $$;

-- Figures for /metrics: no tenant, no row, only counts.
CREATE FUNCTION queue_figures() RETURNS TABLE (queue text, waiting bigint, oldest_seconds double precision, dead bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT j.queue::text, count(*) FILTER (WHERE j.status = 'ready'),
         coalesce(extract(epoch FROM clock_timestamp() - min(j.run_at) FILTER (WHERE j.status = 'ready'))::float8, 0),
         count(*) FILTER (WHERE j.status = 'dead')
  FROM jobs j WHERE j.status IN ('ready', 'dead') GROUP BY j.queue
  UNION ALL
  SELECT 'inbox', count(*), coalesce(extract(epoch FROM clock_timestamp() - min(i.waiting_since))::float8, 0),
         (SELECT count(*) FROM telegram_updates u WHERE u.status = 'quarantined')
  FROM bot_inboxes i WHERE i.waiting_since IS NOT NULL
$$;
