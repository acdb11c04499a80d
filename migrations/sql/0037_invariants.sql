-- Who is inside without a right: see 0022_invariants.sql for how a check is written.

-- Person by person, by two look-ups in indexes each: joined as a whole, every member of a channel was compared with every
-- subscription of its plans, because their number is unknown beforehand. Only who has no right of the own tenant is looked for
-- among those of the others. OFFSET 0 keeps the one and the other from being done in another order.
CREATE FUNCTION invariant_member_without_right(now_at timestamptz, max_rows integer)
RETURNS TABLE (tenant_id uuid, id uuid) LANGUAGE sql STABLE AS $$
  SELECT f.tenant_id, f.id FROM (
    SELECT m.tenant_id, m.id, m.channel_id, m.user_id, m.telegram_id, c.chat_id FROM memberships m
    JOIN channels c ON c.tenant_id = m.tenant_id AND c.id = m.channel_id
    WHERE m.actual = 'inside' AND m.wanted <> 'unmanaged' AND m.actual_seen_at < now_at - interval '2 hours'
      AND c.status = 'active' AND c.can_restrict_members AND c.removes_strangers
      AND NOT EXISTS (
        SELECT 1 FROM subscriptions s
        JOIN plan_channels pc ON pc.tenant_id = s.tenant_id AND pc.plan_id = s.plan_id
        WHERE s.tenant_id = m.tenant_id AND s.user_id = m.user_id AND pc.channel_id = m.channel_id
          AND (s.access_ends_at IS NULL OR s.access_ends_at > now_at - interval '2 hours') OFFSET 0)
    OFFSET 0) f
  LEFT JOIN users u ON u.tenant_id = f.tenant_id AND u.id = f.user_id
  WHERE NOT coalesce(u.is_whitelisted, false)
    AND NOT has_place_elsewhere(f.tenant_id, f.channel_id, f.chat_id, f.telegram_id, now_at) LIMIT max_rows
$$;
