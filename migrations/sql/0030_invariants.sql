-- What must be true of gifts: see 0022_invariants.sql for how a check is written.

-- A gift is paid without being granted to anybody: what was paid waits as a gift instead.
CREATE FUNCTION invariant_paid_without_grant(now_at timestamptz, max_rows integer)
RETURNS TABLE (tenant_id uuid, id uuid) LANGUAGE sql STABLE AS $$
  SELECT p.tenant_id, p.id FROM payments p
  WHERE p.status = 'succeeded' AND p.quarantine_reason IS NULL
    AND coalesce(p.settled_at, p.created_at) < now_at - interval '10 minutes'
    AND NOT EXISTS (SELECT 1 FROM grants g WHERE g.tenant_id = p.tenant_id AND g.payment_id = p.id)
    AND NOT (p.is_gift AND EXISTS (SELECT 1 FROM gifts f WHERE f.tenant_id = p.tenant_id AND f.payment_id = p.id))
  LIMIT max_rows
$$;

-- Taken, and the receiver's order was not granted; granted to the giver as well; taken by somebody unknown, or while nobody could; or still to be taken although nobody
-- paid for it, or all of its money went back.
CREATE FUNCTION invariant_gift_broken(now_at timestamptz, max_rows integer)
RETURNS TABLE (tenant_id uuid, id uuid) LANGUAGE sql STABLE AS $$
  SELECT f.tenant_id, f.id FROM gifts f
  JOIN payments p ON p.tenant_id = f.tenant_id AND p.id = f.payment_id
  WHERE (f.claim_payment_id IS NOT NULL AND NOT EXISTS (
           SELECT 1 FROM grants g WHERE g.tenant_id = f.tenant_id AND g.payment_id = f.claim_payment_id))
    OR (p.is_gift AND EXISTS (
           SELECT 1 FROM grants g WHERE g.tenant_id = f.tenant_id AND g.payment_id = f.payment_id))
    OR (f.claim_payment_id IS NULL) <> (f.receiver_id IS NULL)
    OR (f.status IN ('waiting', 'expired', 'revoked') AND f.receiver_id IS NOT NULL)
    OR (f.status = 'waiting' AND (p.status <> 'succeeded' OR p.refunded_minor >= p.amount_minor))
  LIMIT max_rows
$$;

CREATE FUNCTION invariant_gift_step_overdue(now_at timestamptz, max_rows integer)
RETURNS TABLE (tenant_id uuid, id uuid) LANGUAGE sql STABLE AS $$
  SELECT f.tenant_id, f.id FROM gifts f
  WHERE f.status = 'waiting' AND f.next_step_at IS NOT NULL AND f.next_step_at < now_at - interval '15 minutes'
  ORDER BY f.next_step_at LIMIT max_rows
$$;
