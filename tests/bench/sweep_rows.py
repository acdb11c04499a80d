"""The rows that the measurement of sweeps stands on, made by the database itself, and how some of them become due."""

from __future__ import annotations

from typing import Any

from tests.bench.big_tenant_rows import INDEXES

TENANTS = 1_000
DUE = 500
"""Rows of each kind that are due in a round: as many as one tick asks for."""
TABLES = (
    "users", "payments", "subscriptions", "subscription_periods", "grants", "ledger_entries", "memberships",
    "autopay_consents", "autopays", "subscription_pauses",
)  # fmt: skip
_CONSTRAINT = "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = $1"
OVERLAP = "ex_subscription_periods_overlap"
# Whole tables at once: what would look at each row is put away meanwhile.
PREPARE = (
    "SET session_replication_role = replica; SET synchronous_commit = off; SET maintenance_work_mem = '256MB'; "
    "SET jit = off"
)
# A tenant's bot lends its id to the channel and the plan.
_TENANTS = f"""
    CREATE TABLE bench_tenants AS
    SELECT row_number() OVER (ORDER BY id) - 1 AS number, tenant_id, id AS bot_id FROM bots ORDER BY id LIMIT {TENANTS};
    UPDATE bots SET shop_id = '1', shop_status = 'active';
    INSERT INTO channels (
      tenant_id, id, bot_id, chat_id, kind, title, created_at, can_invite_users, can_restrict_members)
    SELECT tenant_id, bot_id, bot_id, -100500 - number, 'channel', 'Club', now(), true, true FROM bench_tenants;
    INSERT INTO plans (tenant_id, id, bot_id, title, price_minor, currency, period_unit, period_count, created_at)
    SELECT tenant_id, bot_id, bot_id, 'Month', 30000, 'RUB', 'month', 1, now() FROM bench_tenants;
    INSERT INTO plan_channels (tenant_id, plan_id, channel_id) SELECT tenant_id, bot_id, bot_id FROM bench_tenants
"""
# A quarter renews by itself, and a tenth has paused before.
_SEED = """
    CREATE TEMP TABLE made AS
    SELECT n, uuidv7() AS id, t.tenant_id, t.bot_id, now() - interval '20 days' AS at,
      now() + interval '10 days' + n * interval '1 second' AS until_at
    FROM generate_series({first}, {last}) n
    JOIN bench_tenants t ON t.number = n % {tenants};
    INSERT INTO users (tenant_id, id, bot_id, telegram_id, first_name, created_at, last_seen_at)
    SELECT tenant_id, id, bot_id, 1000000 + n, 'Anna', at, at FROM made;
    INSERT INTO payments (
      tenant_id, id, bot_id, user_id, plan_id, provider, status, delivery_state, amount_minor, list_price_minor,
      currency, period_unit, period_count, description, idempotence_key, settled_at, created_at)
    SELECT tenant_id, id, bot_id, id, bot_id, 'yookassa', 'succeeded', 'joined', 30000, 30000, 'RUB', 'month', 1, '',
      id::text, at, at FROM made;
    INSERT INTO subscriptions (
      tenant_id, id, bot_id, user_id, plan_id, status, starts_at, ends_at, access_ends_at, next_reminder_at, created_at)
    SELECT tenant_id, id, bot_id, id, bot_id, 'active', at, until_at, until_at, until_at - interval '1 day', at
    FROM made;
    INSERT INTO grants (tenant_id, payment_id, subscription_id, granted_at) SELECT tenant_id, id, id, at FROM made;
    INSERT INTO subscription_periods (tenant_id, id, subscription_id, payment_id, during, created_at)
    SELECT tenant_id, id, id, id, tstzrange(at, until_at, '[)'), at FROM made;
    INSERT INTO ledger_entries (
      tenant_id, id, transaction_id, payment_id, kind, account, amount_minor, currency, created_at)
    SELECT m.tenant_id, uuidv7(), m.id, m.id, 'payment', a.account, a.amount, 'RUB', m.at
    FROM made m, (VALUES ('gateway', 30000), ('revenue', -30000)) a (account, amount);
    INSERT INTO memberships (
      tenant_id, id, channel_id, telegram_id, user_id, wanted, actual, actual_seen_at, joined_at, created_at)
    SELECT tenant_id, id, bot_id, 1000000 + n, id, 'inside', 'inside', at, at, at FROM made;
    INSERT INTO autopay_consents (
      tenant_id, payment_id, user_id, version, locale, text, amount_minor, currency, period_unit, period_count,
      given_at)
    SELECT tenant_id, id, id, '1', 'ru', '', 30000, 'RUB', 'month', 1, at FROM made WHERE n % 4 = 0;
    INSERT INTO autopays (
      tenant_id, subscription_id, bot_id, user_id, consent_payment_id, status, method_ref, method_title, shop_id,
      next_step_at, created_at)
    SELECT tenant_id, id, bot_id, id, id, 'on', 'ref', '*4477', '1', until_at - interval '1 day', at
    FROM made WHERE n % 4 = 0;
    INSERT INTO subscription_pauses (
      tenant_id, id, subscription_id, started_by, started_at, until_at, ended_at, ended_by)
    SELECT tenant_id, id, id, 'subscriber', at, at + interval '2 days', at + interval '1 day', 'subscriber'
    FROM made WHERE n % 10 = 1;
    DROP TABLE made
"""
# `chosen` are the subscriptions; each statement leaves them as they are when their moment comes.
_CHOOSE = """
    CREATE TEMP TABLE chosen AS SELECT s.tenant_id, s.id FROM subscriptions s
    LEFT JOIN autopays a ON a.tenant_id = s.tenant_id AND a.subscription_id = s.id
    WHERE s.status = 'active' AND s.next_reminder_at > now() + interval '1 day'
      AND (a.subscription_id IS NOT NULL) = {renews} ORDER BY random() LIMIT {due}
"""
_MAKE_DUE = {
    "expiry": """
        UPDATE subscriptions s SET ends_at = '{now}'::timestamptz - interval '1 second', access_ends_at = '{now}',
          next_reminder_at = NULL FROM chosen c WHERE (s.tenant_id, s.id) = (c.tenant_id, c.id)
    """,
    "reminder": """
        UPDATE subscriptions s SET next_reminder_at = '{now}' FROM chosen c
        WHERE (s.tenant_id, s.id) = (c.tenant_id, c.id)
    """,
    "notice of a charge": """
        UPDATE autopays a SET next_step_at = '{now}', noticed_end_at = NULL, noticed_at = NULL FROM chosen c
        WHERE (a.tenant_id, a.subscription_id) = (c.tenant_id, c.id)
    """,
    "charge": """
        UPDATE autopays a SET next_step_at = '{now}', noticed_end_at = s.ends_at, noticed_at = '{now}'
        FROM chosen c JOIN subscriptions s USING (tenant_id, id)
        WHERE (a.tenant_id, a.subscription_id) = (c.tenant_id, c.id)
    """,
    "end of a pause": """
        UPDATE subscriptions s SET status = 'paused', paused_until_at = '{now}', access_ends_at = '{now}',
          next_reminder_at = NULL FROM chosen c WHERE (s.tenant_id, s.id) = (c.tenant_id, c.id);
        INSERT INTO subscription_pauses (tenant_id, id, subscription_id, started_by, started_at, until_at, next_step_at)
        SELECT tenant_id, uuidv7(), id, 'subscriber', '{now}'::timestamptz - interval '1 day', '{now}', '{now}'
        FROM chosen
    """,
    "removal": """
        UPDATE subscriptions s SET status = 'expired', expired_at = '{now}', next_reminder_at = NULL,
          ends_at = '{now}', access_ends_at = '{now}' FROM chosen c WHERE (s.tenant_id, s.id) = (c.tenant_id, c.id);
        INSERT INTO jobs (tenant_id, id, queue, kind, payload, run_at, created_at)
        SELECT tenant_id, uuidv7(), 'access', 'access.remove', jsonb_build_object('membership_id', id), '{now}', '{now}'
        FROM chosen
    """,
}
KINDS = tuple(_MAKE_DUE)
_OF_RENEWING = frozenset({"notice of a charge", "charge"})


async def open_tenants(superuser: Any) -> None:
    """Give each tenant a shop, a channel and a plan."""
    await superuser.execute(PREPARE)
    await superuser.execute(_TENANTS)


async def seed(superuser: Any, first: int, last: int) -> None:
    """Store subscriptions with all that belongs to them, without indexes first."""
    indexes = await superuser.fetch(INDEXES, list(TABLES))
    overlap = await superuser.fetchval(_CONSTRAINT, OVERLAP)
    await superuser.execute("; ".join(f"DROP INDEX {row['name']}" for row in indexes))
    await superuser.execute(f"ALTER TABLE subscription_periods DROP CONSTRAINT {OVERLAP}")
    await superuser.execute(_SEED.format(first=first, last=last, tenants=TENANTS), timeout=900)
    for row in indexes:
        await superuser.execute(row["made_by"], timeout=900)
    await superuser.execute(f"ALTER TABLE subscription_periods ADD CONSTRAINT {OVERLAP} {overlap}", timeout=900)
    for table in TABLES:
        await superuser.execute(f"VACUUM ANALYZE {table}", timeout=900)


async def make_due(superuser: Any, kind: str, now: str) -> None:
    """Have `DUE` rows of one kind, of tenants by chance, be due at a moment."""
    await superuser.execute(_CHOOSE.format(renews=kind in _OF_RENEWING, due=DUE))
    await superuser.execute(f"{_MAKE_DUE[kind].format(now=now)}; DROP TABLE chosen")


async def clear(superuser: Any) -> None:
    """Remove everything again: what is measured next begins with tenants that have nothing but their bots."""
    await superuser.execute(
        f"TRUNCATE {', '.join(TABLES)}, channels, plans, jobs CASCADE; DROP TABLE bench_tenants; "
        "UPDATE bots SET shop_id = NULL, shop_status = DEFAULT"
    )
