"""What a few people of a broadcast cost the database does not grow with how many it has."""

from __future__ import annotations

from uuid import UUID

import asyncpg
from sqlalchemy import text

from lumenpay.broadcasts.ledger import Outcome, claim_recipients, record_outcomes
from lumenpay.broadcasts.slices import begin_slice
from lumenpay.jobs.catalogue import Queue
from lumenpay.models.broadcasts import RecipientState
from tenants_worker.job_runner import ClaimedJob, JobRunner
from tenants_worker.tasks.registry import HANDLERS
from tests.support.mailing import Mailing
from tests.support.market import Market
from tests.support.stall import Stall

READERS, AT_ONCE = 12_000, 5
BLOCKS = 60
"""A person's own rows and their entries in the indexes, twice; all of the broadcast's would be thousands."""
_READERS = text(
    "INSERT INTO users (tenant_id, id, bot_id, telegram_id, first_name, locale, created_at, last_seen_at) "
    "SELECT :tenant_id, uuidv7(), :bot_id, 7000000000 + n, 'Reader', 'ru', :now, :now FROM generate_series(1, :many) n"
)
_SEEN = """
    SELECT sum(heap_blks_hit + heap_blks_read + idx_blks_hit + idx_blks_read)
    FROM pg_statio_user_tables WHERE relname = 'broadcast_recipients'
"""


async def count_blocks(market: Market) -> int:
    async with (await market.worker.database.plain_pool()).acquire() as connection:
        await connection.fetch("SELECT pg_stat_force_next_flush()")
        return int(await connection.fetchval(_SEEN))


async def begin(market: Market, stall: Stall, mailing: Mailing) -> tuple[UUID, ClaimedJob]:
    """A broadcast to everybody, whose people are written down and whose job is ours."""
    broadcast_id = await mailing.started()
    await market.make_due()
    (claimed,) = await JobRunner(market.worker, HANDLERS).claim(Queue.BROADCASTS, 1)
    async with market.tenant(stall.tenant_id) as session:
        await begin_slice(session, broadcast_id, now=market.now())
    return broadcast_id, claimed


async def test_claiming_and_storing_a_few_looks_at_those_few(
    market: Market, stall: Stall, mailing: Mailing, superuser_url: str
) -> None:
    async with market.tenant(stall.tenant_id) as session:
        values = {"tenant_id": stall.tenant_id, "bot_id": stall.bot_id, "now": market.now(), "many": READERS}
        await session.execute(_READERS, values)
    await begin(market, stall, mailing)
    # As autovacuum leaves it behind: of the broadcast that begins next, nothing is known.
    superuser = await asyncpg.connect(superuser_url)
    await superuser.execute("ANALYZE users, scheduled_broadcasts, broadcast_recipients, jobs")
    await superuser.close()
    broadcast_id, claimed = await begin(market, stall, mailing)

    async def serve_a_few() -> None:
        people = await claim_recipients(
            market.worker.database, stall.tenant_id, broadcast_id, category="news", job_id=claimed.job_id,
            lease_id=claimed.lease_id, limit=AT_ONCE, now=market.now(),
        )  # fmt: skip
        assert len(people) == AT_ONCE
        sent = {person.user_id: Outcome(RecipientState.SENT, message_id=1) for person in people}
        await record_outcomes(
            market.worker.database, stall.tenant_id, broadcast_id, sent, lease_id=claimed.lease_id, now=market.now()
        )

    # The plans that a connection keeps are made by then.
    for _ in range(200):
        await serve_a_few()
    before = await count_blocks(market)
    for _ in range(10):
        await serve_a_few()
    blocks = (await count_blocks(market) - before) / (10 * AT_ONCE)
    assert blocks < BLOCKS, f"{blocks:.0f} blocks a person"
