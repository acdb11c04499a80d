"""What tells of people goes after its time, whatever the table: the clock is moved, nothing else (fault O4)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tenants_worker.tasks import exports, letters, ticks

UPDATE = "INSERT INTO telegram_updates (tenant_id, bot_id, update_id, lane, body, status, received_at) "
ADMIN = (
    "WITH who AS (INSERT INTO admins (id, email, name, locale, created_at) "
    "VALUES (gen_random_uuid(), 'a@example.org', 'A', 'en', $1) RETURNING id) "
)
LETTER = "INSERT INTO letters (id, kind, address, locale, status, run_at, created_at) VALUES "
KINDS = {
    "handled update": (
        timedelta(hours=48), UPDATE + "SELECT tenant_id, id, 1, 1, '', 'handled', $1 FROM bots",
        "SELECT count(*) FROM telegram_updates",
    ),
    "update set aside": (
        timedelta(days=90), UPDATE + "SELECT tenant_id, id, 1, 1, '', 'quarantined', $1 FROM bots",
        "SELECT count(*) FROM telegram_updates",
    ),
    "notice": (
        timedelta(days=90),
        ("INSERT INTO payment_notices (tenant_id, id, bot_id, event, object_id, body, status, received_at) "
        "SELECT tenant_id, gen_random_uuid(), id, 'payment.succeeded', 'x', '', 'handled', $1 FROM bots"),
        "SELECT count(*) FROM payment_notices",
    ),
    "letter that was sent": (
        timedelta(days=14), LETTER + "(gen_random_uuid(), 'sign_up', 'a@example.org', 'en', 'sent', $1, $1)",
        "SELECT count(*) FROM letters",
    ),
    "letter that never arrived": (
        timedelta(days=90), LETTER + "(gen_random_uuid(), 'sign_up', 'a@example.org', 'en', 'dead', $1, $1)",
        "SELECT count(*) FROM letters",
    ),
    "session that ended": (
        timedelta(days=30),
        ADMIN + "INSERT INTO admin_sessions (id, admin_id, token_hash, user_agent, address, created_at, last_seen_at, "
        "expires_at) SELECT gen_random_uuid(), id, 'x', 'browser', '192.0.2.1', $1, $1, $1 FROM who",
        "SELECT count(*) FROM admin_sessions",
    ),
    "address of an account's event": (
        timedelta(days=90),
        ADMIN + "INSERT INTO account_events (id, admin_id, action, address, created_at) "
        "SELECT gen_random_uuid(), id, 'logged_in', '192.0.2.1', $1 FROM who",
        "SELECT count(*) FROM account_events WHERE address <> ''",
    ),
    "sign-up": (
        timedelta(0),
        ("INSERT INTO sign_ups (id, email, password_hash, name, locale, created_at, expires_at) "
        "VALUES (gen_random_uuid(), 'a@example.org', '', 'A', 'en', $1, $1)"),
        "SELECT count(*) FROM sign_ups",
    ),
    "file of a list": (
        timedelta(0),
        ("INSERT INTO exports (tenant_id, id, kind, format, filters, columns, time_zone, locale, status, created_at, "
        "expires_at) SELECT tenant_id, gen_random_uuid(), 'users', 'csv', '{}', '{id}', 'UTC', 'en', 'done', $1, $1 "
        "FROM bots"),
        "SELECT count(*) FROM exports",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
async def test_what_tells_of_people_goes_after_its_time_o4(kind, worker_context, factory, sql, clock):
    await factory.bot()
    kept, insert, count = KINDS[kind]
    await sql.execute(insert, clock.now())

    async def clean() -> None:
        await ticks.purge(worker_context, clock.now())
        await letters.purge(worker_context, clock.now())
        await exports.remove_old(worker_context, clock.now())

    if kept:
        clock.advance(seconds=(kept - timedelta(minutes=5)).total_seconds())
        await clean()
        assert await sql.fetchval(count) == 1
    clock.advance(seconds=600)
    await clean()
    assert await sql.fetchval(count) == 0
