-- What must always be true over all tenants. Each check returns the rows that break it: ids only.

CREATE FUNCTION list_broken_rows(check_name text, now_at timestamptz, max_rows integer)
RETURNS TABLE (tenant_id uuid, id uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
#variable_conflict use_column
BEGIN
  CASE check_name
  WHEN 'ledger_unbalanced' THEN RETURN QUERY
    SELECT DISTINCT e.tenant_id, e.tenant_id FROM ledger_entries e
    GROUP BY e.tenant_id, e.currency HAVING sum(e.amount_minor) <> 0 LIMIT max_rows;
  WHEN 'paid_without_grant' THEN RETURN QUERY
    SELECT p.tenant_id, p.id FROM payments p
    WHERE p.status = 'succeeded' AND p.quarantine_reason IS NULL
      AND coalesce(p.settled_at, p.created_at) < now_at - interval '10 minutes'
      AND NOT EXISTS (SELECT 1 FROM grants g WHERE g.tenant_id = p.tenant_id AND g.payment_id = p.id) LIMIT max_rows;
  WHEN 'grant_without_payment' THEN RETURN QUERY
    SELECT g.tenant_id, g.payment_id FROM grants g
    JOIN payments p ON p.tenant_id = g.tenant_id AND p.id = g.payment_id
    WHERE p.status IN ('created', 'pending', 'waiting_for_capture', 'canceled') LIMIT max_rows;
  WHEN 'grant_without_period' THEN RETURN QUERY
    SELECT g.tenant_id, g.payment_id FROM grants g
    WHERE NOT EXISTS (SELECT 1 FROM subscription_periods s
                      WHERE s.tenant_id = g.tenant_id AND s.payment_id = g.payment_id) LIMIT max_rows;
  WHEN 'periods_overlap' THEN RETURN QUERY
    SELECT s.tenant_id, s.id FROM (
      SELECT q.tenant_id, q.id, lower(q.during) AS begins,
             max(upper(q.during)) OVER (PARTITION BY q.tenant_id, q.subscription_id ORDER BY lower(q.during)
                                        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS taken_until
      FROM subscription_periods q) s
    WHERE s.begins < s.taken_until LIMIT max_rows;
  WHEN 'subscription_not_expired' THEN RETURN QUERY
    SELECT s.tenant_id, s.id FROM subscriptions s
    WHERE s.status = 'active' AND s.access_ends_at < now_at - interval '1 hour' LIMIT max_rows;
  WHEN 'member_without_right' THEN RETURN QUERY
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
      AND NOT has_place_elsewhere(m.tenant_id, m.channel_id, c.chat_id, m.telegram_id, now_at) LIMIT max_rows;
  WHEN 'job_stuck' THEN RETURN QUERY
    SELECT j.tenant_id, j.id FROM jobs j
    WHERE j.status = 'ready' AND j.run_at < now_at - interval '15 minutes' LIMIT max_rows;
  WHEN 'inbox_stuck' THEN RETURN QUERY
    SELECT i.tenant_id, i.bot_id FROM bot_inboxes i
    JOIN bots b ON b.tenant_id = i.tenant_id AND b.id = i.bot_id
    WHERE b.status = 'active' AND i.waiting_since < now_at - interval '15 minutes' LIMIT max_rows;
  WHEN 'notice_stuck' THEN RETURN QUERY
    SELECT n.tenant_id, n.id FROM payment_notices n
    WHERE n.status = 'new' AND n.received_at < now_at - interval '15 minutes' LIMIT max_rows;
  WHEN 'audit_unchained' THEN RETURN QUERY
    SELECT e.tenant_id, e.id FROM audit_events e
    WHERE NOT EXISTS (SELECT 1 FROM audit_links l WHERE l.tenant_id = e.tenant_id AND l.event_id = e.id) LIMIT max_rows;
  END CASE;
END $$;

CREATE FUNCTION due_impersonations(now_at timestamptz, max_rows integer) RETURNS TABLE (tenant_id uuid, id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT i.tenant_id, i.id FROM impersonations i
  WHERE i.ended_at IS NULL AND i.ends_at <= now_at ORDER BY i.ends_at LIMIT max_rows
$$;
