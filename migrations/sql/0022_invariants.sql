-- What must always be true over all tenants: one function for each check, `invariant_` and its name. Each returns the rows that
-- break it, ids only. They run with the rights of `list_broken_rows`, which everybody has to go through, and become part of its
-- statement, which is planned for the moment that it asks about: hence neither rights nor a search path of their own.

CREATE FUNCTION invariant_ledger_unbalanced(now_at timestamptz, max_rows integer)
RETURNS TABLE (tenant_id uuid, id uuid) LANGUAGE sql STABLE AS $$
  SELECT DISTINCT e.tenant_id, e.tenant_id FROM ledger_entries e
  GROUP BY e.tenant_id, e.currency HAVING sum(e.amount_minor) <> 0 LIMIT max_rows
$$;

CREATE FUNCTION invariant_paid_without_grant(now_at timestamptz, max_rows integer)
RETURNS TABLE (tenant_id uuid, id uuid) LANGUAGE sql STABLE AS $$
  SELECT p.tenant_id, p.id FROM payments p
  WHERE p.status = 'succeeded' AND p.quarantine_reason IS NULL
    AND coalesce(p.settled_at, p.created_at) < now_at - interval '10 minutes'
    AND NOT EXISTS (SELECT 1 FROM grants g WHERE g.tenant_id = p.tenant_id AND g.payment_id = p.id) LIMIT max_rows
$$;

CREATE FUNCTION invariant_payment_not_booked(now_at timestamptz, max_rows integer)
RETURNS TABLE (tenant_id uuid, id uuid) LANGUAGE sql STABLE AS $$
  SELECT p.tenant_id, p.id FROM payments p
  WHERE p.status = 'succeeded' AND p.amount_minor > 0
    AND coalesce(p.settled_at, p.created_at) < now_at - interval '10 minutes'
    AND NOT EXISTS (
      SELECT 1 FROM ledger_entries e
      WHERE e.tenant_id = p.tenant_id AND e.payment_id = p.id AND e.kind = 'payment' AND e.account = 'gateway'
        AND e.amount_minor = p.amount_minor AND e.currency = p.currency) LIMIT max_rows
$$;

CREATE FUNCTION invariant_payment_unasked(now_at timestamptz, max_rows integer)
RETURNS TABLE (tenant_id uuid, id uuid) LANGUAGE sql STABLE AS $$
  SELECT p.tenant_id, p.id FROM payments p
  WHERE p.next_check_at IS NOT NULL AND p.next_check_at < now_at - interval '15 minutes'
  ORDER BY p.next_check_at LIMIT max_rows
$$;

CREATE FUNCTION invariant_grant_without_payment(now_at timestamptz, max_rows integer)
RETURNS TABLE (tenant_id uuid, id uuid) LANGUAGE sql STABLE AS $$
  SELECT g.tenant_id, g.payment_id FROM grants g
  JOIN payments p ON p.tenant_id = g.tenant_id AND p.id = g.payment_id
  WHERE p.status IN ('created', 'pending', 'waiting_for_capture', 'canceled') LIMIT max_rows
$$;

CREATE FUNCTION invariant_grant_without_period(now_at timestamptz, max_rows integer)
RETURNS TABLE (tenant_id uuid, id uuid) LANGUAGE sql STABLE AS $$
  SELECT g.tenant_id, g.payment_id FROM grants g
  WHERE NOT EXISTS (SELECT 1 FROM subscription_periods s
                    WHERE s.tenant_id = g.tenant_id AND s.payment_id = g.payment_id) LIMIT max_rows
$$;

CREATE FUNCTION invariant_period_without_grant(now_at timestamptz, max_rows integer)
RETURNS TABLE (tenant_id uuid, id uuid) LANGUAGE sql STABLE AS $$
  SELECT s.tenant_id, s.id FROM subscription_periods s
  WHERE NOT EXISTS (SELECT 1 FROM grants g WHERE g.tenant_id = s.tenant_id AND g.payment_id = s.payment_id) LIMIT max_rows
$$;

CREATE FUNCTION invariant_periods_overlap(now_at timestamptz, max_rows integer)
RETURNS TABLE (tenant_id uuid, id uuid) LANGUAGE sql STABLE AS $$
  SELECT s.tenant_id, s.id FROM (
    SELECT q.tenant_id, q.id, lower(q.during) AS begins,
           max(upper(q.during)) OVER (PARTITION BY q.tenant_id, q.subscription_id ORDER BY lower(q.during)
                                      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS taken_until
    FROM subscription_periods q) s
  WHERE s.begins < s.taken_until LIMIT max_rows
$$;

-- A period that was cut to nothing has no end, and counts for nothing.
CREATE FUNCTION invariant_end_without_period(now_at timestamptz, max_rows integer)
RETURNS TABLE (tenant_id uuid, id uuid) LANGUAGE sql STABLE AS $$
  SELECT s.tenant_id, s.id FROM subscriptions s
  LEFT JOIN (
    SELECT q.tenant_id, q.subscription_id,
           max(CASE WHEN upper_inf(q.during) THEN 'infinity'::timestamptz ELSE upper(q.during) END) AS paid_until
    FROM subscription_periods q GROUP BY q.tenant_id, q.subscription_id) p
    ON p.tenant_id = s.tenant_id AND p.subscription_id = s.id
  WHERE s.status = 'active' AND coalesce(s.ends_at, 'infinity') IS DISTINCT FROM p.paid_until LIMIT max_rows
$$;

-- Of these two only broken rows are in an index, which says so without being looked through.
CREATE FUNCTION invariant_access_cut_short(now_at timestamptz, max_rows integer)
RETURNS TABLE (tenant_id uuid, id uuid) LANGUAGE sql STABLE AS $$
  SELECT s.tenant_id, s.id FROM subscriptions s
  WHERE s.status = 'active' AND s.access_ends_at < coalesce(s.ends_at, 'infinity')
  ORDER BY s.tenant_id, s.id LIMIT max_rows
$$;

CREATE FUNCTION invariant_ended_early(now_at timestamptz, max_rows integer)
RETURNS TABLE (tenant_id uuid, id uuid) LANGUAGE sql STABLE AS $$
  SELECT s.tenant_id, s.id FROM subscriptions s
  WHERE s.status = 'expired' AND coalesce(s.access_ends_at, 'infinity') > s.expired_at
  ORDER BY s.tenant_id, s.id LIMIT max_rows
$$;

CREATE FUNCTION invariant_subscription_not_expired(now_at timestamptz, max_rows integer)
RETURNS TABLE (tenant_id uuid, id uuid) LANGUAGE sql STABLE AS $$
  SELECT s.tenant_id, s.id FROM subscriptions s
  WHERE s.status = 'active' AND s.access_ends_at IS NOT NULL AND s.access_ends_at < now_at - interval '1 hour'
  ORDER BY s.access_ends_at LIMIT max_rows
$$;

CREATE FUNCTION invariant_reminder_overdue(now_at timestamptz, max_rows integer)
RETURNS TABLE (tenant_id uuid, id uuid) LANGUAGE sql STABLE AS $$
  SELECT s.tenant_id, s.id FROM subscriptions s
  WHERE s.status = 'active' AND s.next_reminder_at IS NOT NULL AND s.next_reminder_at < now_at - interval '15 minutes'
  ORDER BY s.next_reminder_at LIMIT max_rows
$$;

CREATE FUNCTION invariant_member_without_right(now_at timestamptz, max_rows integer)
RETURNS TABLE (tenant_id uuid, id uuid) LANGUAGE sql STABLE AS $$
  SELECT m.tenant_id, m.id FROM memberships m
  JOIN channels c ON c.tenant_id = m.tenant_id AND c.id = m.channel_id
  LEFT JOIN users u ON u.tenant_id = m.tenant_id AND u.id = m.user_id
  WHERE m.actual = 'inside' AND m.wanted <> 'unmanaged' AND NOT coalesce(u.is_whitelisted, false)
    AND c.status = 'active' AND c.can_restrict_members AND c.removes_strangers
    AND m.actual_seen_at < now_at - interval '2 hours'
    AND NOT EXISTS (
      SELECT 1 FROM subscriptions s
      JOIN plan_channels pc ON pc.tenant_id = s.tenant_id AND pc.plan_id = s.plan_id
      WHERE s.tenant_id = m.tenant_id AND s.user_id = m.user_id AND pc.channel_id = m.channel_id
        AND (s.access_ends_at IS NULL OR s.access_ends_at > now_at - interval '2 hours'))
    AND NOT has_place_elsewhere(m.tenant_id, m.channel_id, c.chat_id, m.telegram_id, now_at) LIMIT max_rows
$$;

-- Who came in by a subscription that still runs, and is wanted outside. Who knocked before buying is another matter.
CREATE FUNCTION invariant_payer_put_out(now_at timestamptz, max_rows integer)
RETURNS TABLE (tenant_id uuid, id uuid) LANGUAGE sql STABLE AS $$
  SELECT DISTINCT m.tenant_id, m.id FROM memberships m
  JOIN subscriptions s ON s.tenant_id = m.tenant_id AND s.user_id = m.user_id
  JOIN plan_channels pc ON pc.tenant_id = s.tenant_id AND pc.plan_id = s.plan_id AND pc.channel_id = m.channel_id
  WHERE m.wanted = 'outside' AND m.joined_at >= s.starts_at
    AND s.status = 'active' AND (s.access_ends_at IS NULL OR s.access_ends_at > now_at) LIMIT max_rows
$$;

CREATE FUNCTION invariant_promo_uses_miscounted(now_at timestamptz, max_rows integer)
RETURNS TABLE (tenant_id uuid, id uuid) LANGUAGE sql STABLE AS $$
  SELECT c.tenant_id, c.id FROM promo_codes c
  LEFT JOIN (
    SELECT u.tenant_id, u.promo_code_id, count(*) AS uses FROM promo_code_uses u
    WHERE u.status <> 'released' GROUP BY u.tenant_id, u.promo_code_id) u
    ON u.tenant_id = c.tenant_id AND u.promo_code_id = c.id
  WHERE c.uses_count <> coalesce(u.uses, 0) LIMIT max_rows
$$;

CREATE FUNCTION invariant_job_stuck(now_at timestamptz, max_rows integer)
RETURNS TABLE (tenant_id uuid, id uuid) LANGUAGE sql STABLE AS $$
  SELECT j.tenant_id, j.id FROM jobs j
  WHERE j.status = 'ready' AND j.run_at < now_at - interval '15 minutes' LIMIT max_rows
$$;

-- A lease that ended long ago, and nobody took the work up.
CREATE FUNCTION invariant_lease_forgotten(now_at timestamptz, max_rows integer)
RETURNS TABLE (tenant_id uuid, id uuid) LANGUAGE sql STABLE AS $$
  SELECT f.tenant_id, f.id FROM (
    SELECT j.tenant_id, j.id FROM jobs j
    WHERE j.status = 'ready' AND j.leased_until < now_at - interval '10 minutes'
      AND j.run_at < now_at - interval '10 minutes'
    UNION ALL
    SELECT i.tenant_id, i.bot_id FROM bot_inboxes i
    JOIN bots b ON b.tenant_id = i.tenant_id AND b.id = i.bot_id
    WHERE b.status = 'active' AND i.waiting_since IS NOT NULL AND i.leased_until < now_at - interval '10 minutes'
  ) f LIMIT max_rows
$$;

CREATE FUNCTION invariant_inbox_stuck(now_at timestamptz, max_rows integer)
RETURNS TABLE (tenant_id uuid, id uuid) LANGUAGE sql STABLE AS $$
  SELECT i.tenant_id, i.bot_id FROM bot_inboxes i
  JOIN bots b ON b.tenant_id = i.tenant_id AND b.id = i.bot_id
  WHERE b.status = 'active' AND i.waiting_since < now_at - interval '15 minutes' LIMIT max_rows
$$;

CREATE FUNCTION invariant_notice_stuck(now_at timestamptz, max_rows integer)
RETURNS TABLE (tenant_id uuid, id uuid) LANGUAGE sql STABLE AS $$
  SELECT n.tenant_id, n.id FROM payment_notices n
  WHERE n.status = 'new' AND n.received_at < now_at - interval '15 minutes' LIMIT max_rows
$$;

CREATE FUNCTION invariant_audit_unchained(now_at timestamptz, max_rows integer)
RETURNS TABLE (tenant_id uuid, id uuid) LANGUAGE sql STABLE AS $$
  SELECT e.tenant_id, e.id FROM audit_events e
  WHERE NOT EXISTS (SELECT 1 FROM audit_links l WHERE l.tenant_id = e.tenant_id AND l.event_id = e.id) LIMIT max_rows
$$;
