"""Housekeeping keeps up: what is old goes however much there is, and what was begun is gone on with."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lumenpay.jobs.catalogue import CheckBotHealth
from lumenpay.jobs.ticks import take_tick

_UPDATES = """
    INSERT INTO telegram_updates (tenant_id, bot_id, update_id, lane, body, status, received_at)
    SELECT $1, $2, g + $3, 1, '', $4, $5 FROM generate_series(1, $6) g
"""
_NOTICES = """
    INSERT INTO payment_notices (tenant_id, id, bot_id, event, object_id, body, status, received_at)
    SELECT $1, gen_random_uuid(), $2, 'payment.succeeded', $3 || g, '', $4, $5 FROM generate_series(1, $6) g
"""


@pytest.fixture
def purge(worker_context, monkeypatch):
    from tenants_worker.tasks import ticks

    monkeypatch.setattr(ticks, "PURGE_PAGE", 50)
    return lambda: ticks.purge(worker_context, worker_context.clock.now())


async def left(sql, table):
    found = await sql.fetch(f"SELECT status, count(*) AS number FROM {table} GROUP BY status")
    return {row["status"]: row["number"] for row in found}


async def test_one_run_removes_however_many_pages_are_old(purge, factory, sql, clock):
    bot = await factory.bot()
    old = clock.now() - timedelta(hours=49)
    await sql.execute(_UPDATES, bot.tenant_id, bot.id, 0, "handled", old, 333)
    await sql.execute(_UPDATES, bot.tenant_id, bot.id, 1000, "handled", clock.now() - timedelta(hours=47), 7)
    await sql.execute(_UPDATES, bot.tenant_id, bot.id, 2000, "new", old, 5)
    await purge()
    assert await left(sql, "telegram_updates") == {"handled": 7, "new": 5}


async def test_what_was_set_aside_is_kept_for_its_retention_and_then_removed(purge, factory, sql, clock):
    bot = await factory.bot()
    for first, days, number in ((0, 91, 120), (1000, 89, 3)):
        at = clock.now() - timedelta(days=days)
        await sql.execute(_UPDATES, bot.tenant_id, bot.id, first, "quarantined", at, number)
        for status in ("handled", "quarantined", "new"):
            await sql.execute(_NOTICES, bot.tenant_id, bot.id, f"{status}-{days}-", status, at, number)
    await purge()
    assert await left(sql, "telegram_updates") == {"quarantined": 3}
    assert await left(sql, "payment_notices") == {"handled": 3, "quarantined": 3, "new": 123}


async def test_checking_all_bots_goes_on_where_the_last_run_had_to_stop(
    worker_context, factory, sql, clock, monkeypatch
):
    from tenants_worker.tasks import bots

    made = {(await factory.bot()).id for _ in range(5)}
    monkeypatch.setattr(bots, "PAGE", 2)
    monkeypatch.setattr(bots, "CHECK_SECONDS", -1)  # each run has time for one page
    seen = []
    for _ in range(3):
        await take_tick(worker_context.database, job=bots.CHECK_ALL, due_at=clock.now())
        await bots.check_all_bots(worker_context, clock.now())
        found = await sql.fetch("DELETE FROM jobs WHERE kind = $1 RETURNING bot_id", CheckBotHealth.kind)
        seen.append({row["bot_id"] for row in found})
        clock.advance(seconds=600)
    assert [len(part) for part in seen] == [2, 2, 1]
    assert set().union(*seen) == made
    await take_tick(worker_context.database, job=bots.CHECK_ALL, due_at=clock.now())
    monkeypatch.setattr(bots, "CHECK_SECONDS", 90)
    await bots.check_all_bots(worker_context, clock.now())
    await bots.check_all_bots(worker_context, clock.now())
    assert await sql.fetchval("SELECT count(DISTINCT bot_id) FROM jobs") == 5
