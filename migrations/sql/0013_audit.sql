-- Chains of audit events. A link is made when the transaction of its event is committed: two transactions of a tenant wait
-- for one another only from there to the end of the commit, and nothing that they lock later can close a circle.

CREATE FUNCTION audit_digest(VARIADIC parts text[]) RETURNS bytea
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public AS $$
  SELECT sha256(convert_to(array_to_string(parts, E'\n', ''), 'UTF8'))
$$;

CREATE FUNCTION audit_moment(moment timestamptz) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, public AS $$
  SELECT to_char(moment AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')
$$;

CREATE FUNCTION append_audit_link(event audit_events) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE before audit_links;
BEGIN
  SELECT * INTO before FROM audit_links l WHERE l.tenant_id = event.tenant_id ORDER BY l.position DESC LIMIT 1;
  INSERT INTO audit_links (tenant_id, position, event_id, hash)
  VALUES (event.tenant_id, coalesce(before.position, 0) + 1, event.id, audit_digest(
    encode(before.hash, 'hex'), (coalesce(before.position, 0) + 1)::text, event.tenant_id::text, event.id::text,
    event.actor_kind, event.actor_id::text, event.action, event.subject_id::text, event.details::text,
    audit_moment(event.created_at)));
END $$;

CREATE FUNCTION chain_audit_event() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended(NEW.tenant_id::text, 13));
  PERFORM append_audit_link(NEW);
  RETURN NULL;
END $$;

CREATE FUNCTION chain_platform_event() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE before platform_events;
BEGIN
  PERFORM pg_advisory_xact_lock(13);
  SELECT * INTO before FROM platform_events e ORDER BY e.position DESC LIMIT 1;
  NEW.position := coalesce(before.position, 0) + 1;
  NEW.hash := audit_digest(
    encode(before.hash, 'hex'), NEW.position::text, '', NEW.id::text, NEW.actor_kind, NEW.actor_id::text, NEW.action,
    NEW.subject_id::text, NEW.details::text, audit_moment(NEW.created_at));
  RETURN NEW;
END $$;

-- What was written before there were chains begins them, in the order of time.
DO $$
DECLARE event audit_events;
BEGIN
  FOR event IN SELECT * FROM audit_events e ORDER BY e.tenant_id, e.created_at, e.id LOOP
    PERFORM append_audit_link(event);
  END LOOP;
END $$;

CREATE CONSTRAINT TRIGGER audit_chain AFTER INSERT ON audit_events
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION chain_audit_event();

CREATE TRIGGER platform_chain BEFORE INSERT ON platform_events
FOR EACH ROW EXECUTE FUNCTION chain_platform_event();
