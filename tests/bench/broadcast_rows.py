"""The rows that the measurement of broadcasts stands on: readers, broadcasts that have begun, orders to hand over."""

from __future__ import annotations

from typing import Any

CHATS_OF_A_BOT = 1_000_000
"""The chat of reader `n` of the bot with number `b` is `b * CHATS_OF_A_BOT + n`: its answer tells whose it was."""
FIRST_PAYER = 500_000
_NUMBERED = """
    CREATE TEMP TABLE numbered AS
    SELECT row_number() OVER (ORDER BY id) AS number, tenant_id, id AS bot_id FROM bots ORDER BY id LIMIT {bots}
"""
# What is known of the tables, autovacuum would gather within a minute; a measurement is over before it comes by.
_BROADCASTS = f"""
    INSERT INTO users (tenant_id, id, bot_id, telegram_id, first_name, locale, source, created_at, last_seen_at)
    SELECT tenant_id, uuidv7(), bot_id, number * {CHATS_OF_A_BOT} + {{first}} + n, 'Anna', 'ru', '{{name}}', now(),
      now()
    FROM numbered, generate_series(1, {{readers}}) n;
    ANALYZE users, scheduled_broadcasts, broadcast_recipients, jobs;
    INSERT INTO scheduled_broadcasts (
      tenant_id, id, bot_id, title, text, segment, status, tested_at, started_at, next_step_at, created_at)
    SELECT tenant_id, uuidv7(), bot_id, '{{name}}', '<b>Hello, {{{{name}}}}!</b> {{words}}',
      '{{{{"query": "", "filters": {{{{"source": "{{name}}"}}}}}}}}', 'running', now(), now(),
      now() + interval '2 minutes', now()
    FROM numbered;
    INSERT INTO jobs (tenant_id, id, bot_id, queue, kind, payload, dedupe_key, run_at, created_at)
    SELECT tenant_id, uuidv7(), bot_id, 'broadcasts', 'broadcasts.send', jsonb_build_object('broadcast_id', id),
      id::text, now(), now() FROM scheduled_broadcasts WHERE title = '{{name}}'
"""
# One bot with a channel and a plan, and people who have paid for it and have no link yet.
_PAYERS = f"""
    INSERT INTO channels (
      tenant_id, id, bot_id, chat_id, kind, title, created_at, can_invite_users, can_restrict_members)
    SELECT tenant_id, bot_id, bot_id, -100500 - number, 'channel', 'Club', now(), true, true FROM numbered;
    INSERT INTO plans (tenant_id, id, bot_id, title, price_minor, currency, period_unit, period_count, created_at)
    SELECT tenant_id, bot_id, bot_id, 'Month', 30000, 'RUB', 'month', 1, now() FROM numbered;
    INSERT INTO plan_channels (tenant_id, plan_id, channel_id) SELECT tenant_id, bot_id, bot_id FROM numbered;
    CREATE TEMP TABLE made AS
    SELECT number * {CHATS_OF_A_BOT} + {FIRST_PAYER} + n AS chat_id, uuidv7() AS id, tenant_id, bot_id
    FROM numbered, generate_series(1, {{payers}}) n;
    INSERT INTO users (tenant_id, id, bot_id, telegram_id, first_name, locale, source, created_at, last_seen_at)
    SELECT tenant_id, id, bot_id, chat_id, 'Payer', 'ru', 'payer', now(), now() FROM made;
    INSERT INTO payments (
      tenant_id, id, bot_id, user_id, plan_id, provider, status, delivery_state, amount_minor, list_price_minor,
      currency, period_unit, period_count, description, idempotence_key, settled_at, created_at)
    SELECT tenant_id, id, bot_id, id, bot_id, 'yookassa', 'succeeded', 'granted', 30000, 30000, 'RUB', 'month', 1, '',
      id::text, now(), now() FROM made;
    INSERT INTO subscriptions (
      tenant_id, id, bot_id, user_id, plan_id, status, starts_at, ends_at, access_ends_at, created_at)
    SELECT tenant_id, id, bot_id, id, bot_id, 'active', now(), now() + interval '30 days', now() + interval '30 days',
      now() FROM made;
    INSERT INTO memberships (
      tenant_id, id, channel_id, telegram_id, user_id, wanted, actual, actual_seen_at, created_at)
    SELECT tenant_id, id, bot_id, chat_id, id, 'inside', 'outside', now(), now() FROM made
"""
HAND_OVER = """
    INSERT INTO jobs (tenant_id, id, bot_id, queue, kind, payload, run_at, created_at)
    SELECT tenant_id, uuidv7(), bot_id, 'access', 'access.deliver', jsonb_build_object('payment_id', id), now(), now()
    FROM made WHERE chat_id = $1
"""
_TABLES = (
    "users", "payments", "subscriptions", "memberships", "entry_links", "access_logs", "channels", "plans",
    "scheduled_broadcasts", "broadcast_recipients", "jobs",
)  # fmt: skip


async def number_bots(superuser: Any, bots: int) -> None:
    """Choose the bots that the next statements of this connection are about."""
    await superuser.execute(_NUMBERED.format(bots=bots))


async def begin_broadcasts(superuser: Any, name: str, *, readers: int, first: int = 0, words: str = "") -> None:
    """Give each chosen bot so many readers more, with a broadcast to them that has begun."""
    await superuser.execute(_BROADCASTS.format(name=name, readers=readers, first=first, words=words))


async def seed_payers(superuser: Any, payers: int) -> None:
    """Store people who have paid a chosen bot; `HAND_OVER` has one of them served."""
    await superuser.execute(_PAYERS.format(payers=payers))


async def clear(superuser: Any) -> None:
    """Remove everything again."""
    await superuser.execute(f"TRUNCATE {', '.join(_TABLES)} CASCADE")
