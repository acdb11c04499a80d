-- What the models cannot say: the giving back of an inbox lane, the ledger's balance, rows that never change.

-- Gives a lane back. The row is locked first and looked at in a second statement with a fresh snapshot, so that an update that
-- was stored meanwhile is seen. Runs with the rights of the caller, inside the tenant.
CREATE FUNCTION release_inbox(wanted_bot uuid, wanted_lane integer, held_lease uuid, now_at timestamptz) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE tenant uuid := nullif(current_setting('app.tenant_id', true), '')::uuid;
BEGIN
  PERFORM 1 FROM bot_inboxes i
  WHERE i.tenant_id = tenant AND i.bot_id = wanted_bot AND i.lane = wanted_lane AND i.lease_id = held_lease FOR UPDATE;
  IF NOT FOUND THEN RETURN false; END IF;
  UPDATE bot_inboxes i SET lease_id = NULL, leased_until = NULL,
    waiting_since = CASE WHEN EXISTS (
      SELECT 1 FROM telegram_updates u
      WHERE u.tenant_id = tenant AND u.bot_id = wanted_bot AND u.lane = wanted_lane AND u.status = 'new') THEN now_at END
  WHERE i.tenant_id = tenant AND i.bot_id = wanted_bot AND i.lane = wanted_lane;
  RETURN true;
END $$;

CREATE FUNCTION check_ledger_balance() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM ledger_entries e WHERE e.tenant_id = NEW.tenant_id AND e.transaction_id = NEW.transaction_id
    GROUP BY e.currency HAVING sum(e.amount_minor) <> 0
  ) THEN
    RAISE EXCEPTION 'ledger transaction % does not sum to zero', NEW.transaction_id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER ledger_balance AFTER INSERT ON ledger_entries
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_ledger_balance();
