"""The rows of one tenant with a million subscriptions, made by the database itself."""

from __future__ import annotations

import secrets
from typing import Any
from uuid import UUID

import asyncpg

from lumenpay.kit.crypto import hash_token
from tests.bench.ground import Ground

SUBSCRIPTIONS, DAYS = 1_000_000, 365
PEOPLE = SUBSCRIPTIONS * 21 // 20
"""Every twenty-first never bought anything."""
_TABLES = (
    "users", "payments", "subscriptions", "subscription_periods", "memberships", "access_logs", "audit_events",
    "user_tags", "promo_codes", "promo_code_uses",
)  # fmt: skip
# Whole tables at once: what would look at each row is put away meanwhile. Nothing below asks for the overlap rule.
_PREPARE = """
    SET session_replication_role = replica; SET synchronous_commit = off; SET maintenance_work_mem = '256MB';
    ALTER TABLE subscription_periods DROP CONSTRAINT IF EXISTS ex_subscription_periods_overlap
"""
INDEXES = """
    SELECT i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS made_by FROM pg_index i
    WHERE i.indrelid = ANY($1::regclass[]) AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)
"""
"""Indexes of tables, and how each is made again: building one over many rows is faster than adding to it."""
# With people of other tenants the average tenant is a small one, which is what a plan for all of them is made for.
_NEIGHBOURS = """
    INSERT INTO users (tenant_id, id, bot_id, telegram_id, first_name, created_at, last_seen_at)
    SELECT tenant_id, uuidv7(), id, n, 'Anna', now(), now()
    FROM (SELECT tenant_id, id FROM bots LIMIT 400) b, generate_series(1, 50) n
"""
# `{t}` is the tenant, which lends its id to all that there is one of; `n` counts people from the newest to the oldest.
_SEED = """
    INSERT INTO tenants (id, name, created_at) VALUES ('{t}', 'Million', now());
    INSERT INTO admins (id, email, name, password_hash, created_at)
    VALUES ('{t}', 'bench@example.com', 'Bench', '', now());
    INSERT INTO staff_members (admin_id, created_at) VALUES ('{t}', now());
    INSERT INTO tenant_members (tenant_id, admin_id, role, created_at) VALUES ('{t}', '{t}', 'owner', now());
    INSERT INTO bots (tenant_id, id, username, name, created_at)
    VALUES ('{t}', '{t}', 'million_bot', 'Million', now());
    INSERT INTO channels (tenant_id, id, bot_id, chat_id, kind, title, created_at, can_invite_users)
    VALUES ('{t}', '{t}', '{t}', -100500, 'channel', 'Club', now(), true);
    INSERT INTO plans (tenant_id, id, bot_id, title, price_minor, currency, period_unit, period_count, created_at)
    SELECT '{t}', CASE n WHEN 0 THEN '{t}' ELSE uuidv7() END, '{t}', 'Plan ' || n, 30000, 'RUB',
      CASE n WHEN 4 THEN 'year' ELSE 'month' END, 1, now() FROM generate_series(0, 4) n;
    INSERT INTO plan_channels (tenant_id, plan_id, channel_id) SELECT '{t}', id, '{t}' FROM plans WHERE bot_id = '{t}';
    INSERT INTO promo_codes (
      tenant_id, id, bot_id, code, discount_kind, discount_value, uses_count, is_active, created_at)
    SELECT '{t}', CASE n WHEN 0 THEN '{t}' ELSE uuidv7() END, '{t}', 'SPRING' || n, 'percent', 10, 0, n % 3 > 0, now()
    FROM generate_series(0, 50000) n;

    CREATE TEMP TABLE made AS
    SELECT *, at + CASE n % 5 WHEN 4 THEN interval '365 days' ELSE interval '30 days' END AS until_at
    FROM (SELECT n, uuidv7() AS id, now() - n * make_interval(secs => {step}) AS at, n % 21 > 0 AS buys,
            (SELECT array_agg(id ORDER BY title) FROM plans WHERE bot_id = '{t}') AS plans
          FROM generate_series({people}, 1, -1) n) m;
    INSERT INTO users (
      tenant_id, id, bot_id, telegram_id, first_name, last_name, username, source, plan_seen_at, created_at,
      last_seen_at, blocked_bot_at)
    SELECT '{t}', id, '{t}', 1000000 + n,
      CASE WHEN n > {people} - 2000 THEN 'Zeno' WHEN n > {people} * 0.95 THEN 'Olga'
           ELSE (ARRAY['Anna', 'Boris', 'Вера', 'Глеб', 'Дина'])[1 + n % 5] END,
      'Family' || n, CASE WHEN n % 3 > 0 THEN 'name_' || n END,
      (ARRAY['', 'vk_ads', 'promo_SPRING1', 'plan_x'])[1 + n % 4], at, at, at, CASE WHEN n % 50 = 0 THEN at END
    FROM made;
    INSERT INTO user_tags (tenant_id, tag, user_id, created_at)
    SELECT '{t}', 'tag' || n % 7, id, at FROM made WHERE n % 10 = 0;
    INSERT INTO payments (
      tenant_id, id, bot_id, user_id, plan_id, promo_code_id, provider, status, delivery_state, amount_minor,
      list_price_minor, currency, period_unit, period_count, description, idempotence_key, provider_payment_id,
      settled_at, created_at)
    SELECT '{t}', id, '{t}', id, plans[1 + n % 5], CASE WHEN n % 10 = 1 THEN '{t}'::uuid END, 'yookassa', 'succeeded',
      CASE WHEN n % 50 = 0 THEN 'link_sent' ELSE 'joined' END, 30000, 30000, 'RUB',
      CASE n % 5 WHEN 4 THEN 'year' ELSE 'month' END, 1, '', id::text,
      lpad(to_hex(n), 8, '0') || '-000f-5000-8000-' || substr(md5(n::text), 1, 12), at, at
    FROM made WHERE buys;
    INSERT INTO payments (
      tenant_id, id, bot_id, user_id, plan_id, provider, status, delivery_state, amount_minor, list_price_minor,
      currency, period_unit, period_count, description, idempotence_key, cancellation_reason, created_at)
    SELECT '{t}', p.id, '{t}', m.id, plans[1], 'yookassa', 'canceled', 'not_paid', 30000, 30000, 'RUB', 'month', 1, '',
      p.id::text, 'insufficient_funds', m.until_at - interval '1 day'
    FROM (SELECT *, uuidv7() AS payment_id FROM made WHERE n % 12 = 0) m, LATERAL (SELECT m.payment_id AS id) p;
    INSERT INTO promo_code_uses (tenant_id, payment_id, promo_code_id, user_id, status, created_at)
    SELECT '{t}', id, '{t}', id, 'used', at FROM made WHERE buys AND n % 10 = 1;
    INSERT INTO subscriptions (
      tenant_id, id, bot_id, user_id, plan_id, status, starts_at, ends_at, access_ends_at, expired_at, created_at)
    SELECT '{t}', id, '{t}', id, plans[1 + n % 5], CASE WHEN until_at < now() THEN 'expired' ELSE 'active' END, at,
      until_at, until_at, CASE WHEN until_at < now() THEN until_at END, at
    FROM made WHERE buys;
    INSERT INTO subscription_periods (tenant_id, id, subscription_id, payment_id, during, created_at)
    SELECT '{t}', id, id, id, tstzrange(at, until_at), at FROM made WHERE buys;
    INSERT INTO memberships (tenant_id, id, channel_id, telegram_id, user_id, wanted, actual, joined_at, created_at)
    SELECT '{t}', id, '{t}', 1000000 + n, id, CASE WHEN until_at < now() THEN 'outside' ELSE 'inside' END,
      CASE WHEN until_at < now() OR n % 50 = 0 OR n % 71 = 0 THEN 'outside' ELSE 'inside' END,
      CASE WHEN n % 50 > 0 THEN at END, at
    FROM made WHERE buys;
    INSERT INTO access_logs (tenant_id, id, action, user_id, channel_id, telegram_id, payment_id, created_at)
    SELECT '{t}', id, 'joined', id, '{t}', 1000000 + n, id, at FROM made WHERE buys;
    INSERT INTO access_logs (tenant_id, id, action, user_id, channel_id, telegram_id, created_at)
    SELECT '{t}', uuidv7(), 'left', id, '{t}', 1000000 + n, at + interval '1 day' FROM made WHERE buys AND n % 71 = 0;
    INSERT INTO audit_events (tenant_id, id, actor_kind, actor_id, action, subject_id, details, created_at)
    SELECT '{t}', id, CASE WHEN n % 1000 = 0 THEN 'admin' ELSE 'system' END,
      CASE WHEN n % 1000 = 0 THEN '{t}'::uuid END,
      CASE WHEN n % 1000 = 0 THEN (ARRAY['plan.changed', 'user.noted'])[1 + n / 1000 % 2]
           ELSE (ARRAY['payment.succeeded', 'subscription.expired'])[1 + n % 2] END, id, '{{}}', at
    FROM made;
    INSERT INTO telegram_updates (tenant_id, bot_id, update_id, lane, body, status, received_at)
    SELECT '{t}', '{t}', n, 1, '{{"update_id":1,"message":{{}}}}', 'quarantined', at FROM made WHERE n <= 20000;
    INSERT INTO payment_notices (tenant_id, id, bot_id, event, object_id, body, status, received_at)
    SELECT '{t}', id, '{t}', 'payment.succeeded', id::text, '',
      CASE WHEN n % 50 = 0 THEN 'quarantined' ELSE 'handled' END, at FROM made WHERE n <= 200000;
    INSERT INTO jobs (tenant_id, id, queue, kind, payload, status, run_at, last_error, finished_at, created_at)
    SELECT '{t}', id, 'access', 'access.deliver', '{{}}', 'dead', at, 'TimeoutError', at, at FROM made WHERE n <= 20000;
    INSERT INTO exports (
      tenant_id, id, kind, format, filters, columns, time_zone, locale, status, created_at, expires_at)
    SELECT '{t}', id, 'payments', 'csv', '{{}}', '{{id}}', 'Europe/Moscow', 'ru', 'done', now(),
      now() + interval '1 day'
    FROM made WHERE n <= 1000
"""


async def seed_big_tenant(ground: Ground, tenant_id: UUID) -> str:
    """Store the tenant, and return the session token of its owner, who is a member of staff too."""
    token = secrets.token_urlsafe(32)
    connection: asyncpg.Connection[Any] = await ground.connect_superuser()
    await connection.execute(_NEIGHBOURS)
    await connection.execute(_PREPARE)
    indexes = await connection.fetch(INDEXES, list(_TABLES))
    await connection.execute("; ".join(f"DROP INDEX {row['name']}" for row in indexes))
    step = DAYS * 86_400 / PEOPLE
    await connection.execute(_SEED.format(t=tenant_id, step=step, people=PEOPLE), timeout=300)
    for row in indexes:
        await connection.execute(row["made_by"], timeout=300)
    await connection.execute(
        "INSERT INTO admin_sessions (id, admin_id, token_hash, created_at, last_seen_at, expires_at, mfa_at) "
        "VALUES ($1, $1, $2, now(), now(), now() + interval '1 day', now())",
        tenant_id, hash_token(token),
    )  # fmt: skip
    await connection.execute("VACUUM ANALYZE", timeout=300)
    # What the seeding left to be written is written now, not while the questions are timed.
    await connection.execute("CHECKPOINT", timeout=300)
    await connection.close()
    return token
