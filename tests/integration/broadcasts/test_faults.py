"""Whatever happens between us and Telegram, nobody is written to twice by itself, and nobody is forgotten."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, update

from lumenpay.broadcasts.ledger import Outcome, claim_recipients, record_outcomes
from lumenpay.broadcasts.rules import BRAKE_AFTER
from lumenpay.broadcasts.running import send_again
from lumenpay.broadcasts.slices import begin_slice
from lumenpay.broadcasts.steps import take_due_step
from lumenpay.jobs.catalogue import Queue
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.bots import Bot, BotStatus
from lumenpay.models.broadcasts import RecipientState
from lumenpay.models.ids import JobId, LeaseId
from lumenpay.models.jobs import Job
from lumenpay.models.tenants import Tenant, TenantStatus
from tenants_worker.job_runner import JobRunner
from tenants_worker.tasks import broadcasts
from tenants_worker.tasks.registry import HANDLERS
from tests.support.mailing import Mailing
from tests.support.market import Market
from tests.support.stall import Stall
from tests.support.waiting import until

SEND = "sendmessage"


def strike(market: Market, count: int | None = 1, **effect: Any) -> None:
    market.world.faults.add({"match": {"method": SEND, "count": count}, "effect": effect})


async def claim(market: Market, stall: Stall, broadcast_id: UUID, *, limit: int) -> tuple[Job, list[UUID]]:
    """A worker takes people in hand, and is never seen again."""
    runner = JobRunner(market.worker, HANDLERS)
    await market.make_due()
    (claimed,) = await runner.claim(Queue.BROADCASTS, 1)
    async with market.tenant(stall.tenant_id) as session:
        await begin_slice(session, broadcast_id, now=market.now())
    people = await claim_recipients(
        market.worker.database, stall.tenant_id, broadcast_id, category="news", job_id=claimed.job_id,
        lease_id=claimed.lease_id, limit=limit, now=market.now(),
    )  # fmt: skip
    return await market.get(stall.tenant_id, Job, claimed.job_id), [person.user_id for person in people]


async def end_lease(market: Market, stall: Stall, job: Job) -> None:
    async with market.tenant(stall.tenant_id) as session:
        await session.execute(
            update(Job).where(Job.tenant_id == stall.tenant_id, Job.id == job.id)
            .values(leased_until=func.clock_timestamp() - timedelta(seconds=1))
        )  # fmt: skip


async def test_whom_a_dead_worker_had_in_hand_is_uncertain_and_not_written_to_again_i1(
    market: Market, stall: Stall, mailing: Mailing
) -> None:
    readers = await mailing.readers(12)
    broadcast_id = await mailing.started()
    job, lost = await claim(market, stall, broadcast_id, limit=5)
    await mailing.work()
    assert await mailing.ledger(broadcast_id) == {"claimed": 5, "waiting": 7}
    await end_lease(market, stall, job)
    await mailing.work()
    assert await mailing.ledger(broadcast_id) == {"uncertain": 5, "sent": 7}
    assert {reader.id for reader in readers if not mailing.arrived(reader)} == set(lost)
    assert (await mailing.seen(broadcast_id)).status == "finished"
    await mailing.act(send_again, broadcast_id, RecipientState.UNCERTAIN)
    await mailing.work()
    assert await mailing.ledger(broadcast_id) == {"sent": 12}
    assert [len(mailing.arrived(reader)) for reader in readers] == [1] * 12


async def test_a_worker_that_was_asleep_tells_what_it_did_but_takes_nobody_further_in_hand(
    market: Market, stall: Stall, mailing: Mailing
) -> None:
    await mailing.readers(3)
    broadcast_id = await mailing.started()
    job, lost = await claim(market, stall, broadcast_id, limit=2)
    assert job.lease_id is not None
    await end_lease(market, stall, job)
    await mailing.work()
    assert await mailing.ledger(broadcast_id) == {"uncertain": 2, "sent": 1}
    late = {user_id: Outcome(RecipientState.SENT, message_id=1) for user_id in lost}
    others = {user_id: Outcome(RecipientState.FAILED) for user_id in lost}
    for outcomes, lease_id in ((late, job.lease_id), (others, LeaseId(new_uuid7()))):
        await record_outcomes(
            market.worker.database, stall.tenant_id, broadcast_id, outcomes, lease_id=lease_id, now=market.now()
        )
    assert await mailing.ledger(broadcast_id) == {"sent": 3}
    await mailing.readers(2)
    again = await mailing.started()
    job, _ = await claim(market, stall, again, limit=1)
    await end_lease(market, stall, job)
    assert job.lease_id is not None
    nobody = await claim_recipients(
        market.worker.database, stall.tenant_id, again, category="news", job_id=JobId(job.id), lease_id=job.lease_id,
        limit=5, now=market.now(),
    )  # fmt: skip
    assert nobody == []


@pytest.mark.parametrize(
    ("effect", "state", "heard"),
    [
        ({"kind": "drop_after"}, "uncertain", 2),
        ({"kind": "drop_before"}, "uncertain", 1),
        ({"kind": "html"}, "uncertain", 1),
        ({"kind": "status", "status": 500}, "uncertain", 1),
        ({"kind": "status", "status": 400, "description": "Bad Request: can't parse entities"}, "failed", 1),
    ],
)
async def test_a_lost_answer_is_uncertain_and_a_refusal_failed(
    market: Market, mailing: Mailing, effect: dict[str, Any], state: str, heard: int
) -> None:
    readers = await mailing.readers(2)
    strike(market, **effect)
    broadcast_id = await mailing.started()
    await mailing.work()
    await market.skip(seconds=10)
    await mailing.work()
    assert await mailing.ledger(broadcast_id) == {state: 1, "sent": 1}
    assert sum(len(mailing.arrived(reader)) for reader in readers) == heard
    if state == "failed":
        assert ("failed", "Bad Request: can't parse entities") in (await mailing.reasons(broadcast_id)).values()
    await mailing.act(send_again, broadcast_id, RecipientState(state))
    await mailing.work()
    assert await mailing.ledger(broadcast_id) == {"sent": 2}


async def test_while_telegram_is_away_few_become_uncertain_and_the_rest_waits(market: Market, mailing: Mailing) -> None:
    await mailing.readers(60)
    market.world.faults.add({"match": {}, "effect": {"kind": "html"}})
    broadcast_id = await mailing.started()
    for _ in range(4):
        await mailing.work()
        await market.skip(seconds=20)
    counts = await mailing.ledger(broadcast_id)
    assert counts["waiting"] + counts["uncertain"] == 60
    assert counts["uncertain"] <= 15
    market.world.faults.clear()
    await market.skip(seconds=300)
    await mailing.work()
    assert await mailing.ledger(broadcast_id) == {"sent": counts["waiting"], "uncertain": counts["uncertain"]}


async def test_429_is_obeyed_by_everything_of_the_bot_and_costs_nobody_their_message(
    market: Market, stall: Stall, mailing: Mailing
) -> None:
    readers = await mailing.readers(4)
    strike(market, kind="rate", retry_after=7)
    broadcast_id = await mailing.started()
    await mailing.work()
    counts = await mailing.ledger(broadcast_id)
    assert (counts["uncertain"], counts["failed"], counts["waiting"] > 0) == (0, 0, True)
    (job,) = [job for job in await market.jobs(stall.tenant_id, "broadcasts.send") if job.status == "ready"]
    assert timedelta(seconds=5) < job.run_at - market.now() <= timedelta(seconds=7)
    turns = await market.worker.telegram.pace.take_turns(stall.telegram_bot_id, 1)
    assert (turns.are_given, 5 < turns.wait_seconds <= 7) == (False, True)
    assert 5 < await market.worker.telegram.pace.go_ahead(stall.telegram_bot_id) <= 7
    mailing.hurry()
    await market.skip(seconds=8)
    await mailing.work()
    assert await mailing.ledger(broadcast_id) == {"sent": 4}
    assert [len(mailing.arrived(reader)) for reader in readers] == [1] * 4


async def test_a_message_that_telegram_refuses_to_everybody_is_paused_before_it_was_tried_on_all_i5(
    market: Market, mailing: Mailing
) -> None:
    await mailing.readers(60)
    strike(market, None, kind="status", status=400, description="Bad Request: wrong file identifier")
    broadcast_id = await mailing.started()
    await mailing.work()
    seen, counts = await mailing.seen(broadcast_id), await mailing.ledger(broadcast_id)
    assert (seen.status, seen.paused_because) == ("paused", "refused")
    assert BRAKE_AFTER <= counts["failed"] < 40


@pytest.mark.parametrize(
    "change", [{"status": TenantStatus.SUSPENDED}, {"sales_paused_at": datetime(2026, 1, 1, tzinfo=UTC)}]
)
async def test_a_tenant_that_is_suspended_or_owes_the_platform_writes_to_nobody_further_k4_d22(
    market: Market, stall: Stall, mailing: Mailing, change: dict[str, Any]
) -> None:
    await mailing.readers(5)
    broadcast_id = await mailing.started()
    runner = JobRunner(market.worker, HANDLERS)
    await market.make_due()
    (held,) = await runner.claim(Queue.BROADCASTS, 1)
    async with market.tenant(stall.tenant_id) as session:
        await begin_slice(session, broadcast_id, now=market.now())
        await session.execute(update(Tenant).where(Tenant.id == stall.tenant_id).values(**change))
    taken = await claim_recipients(
        market.worker.database, stall.tenant_id, broadcast_id, category="news", job_id=held.job_id,
        lease_id=held.lease_id, limit=5, now=market.now(),
    )  # fmt: skip
    assert taken == []
    await end_lease(market, stall, await market.get(stall.tenant_id, Job, held.job_id))
    await mailing.work()
    seen = await mailing.seen(broadcast_id)
    assert (seen.status, seen.paused_because, seen.sent_count) == ("paused", "suspended", 0)

    async def look(**back: Any) -> None:
        if back:
            async with market.tenant(stall.tenant_id) as session:
                await session.execute(update(Tenant).where(Tenant.id == stall.tenant_id).values(**back))
        await market.skip(minutes=3)
        await broadcasts.take_due_steps(market.worker, market.now())
        await mailing.work()

    await look()
    assert (await mailing.seen(broadcast_id)).status == "paused"
    # The clock finds what a job that came too soon has missed.
    await look(status=TenantStatus.ACTIVE, sales_paused_at=None)
    assert await mailing.ledger(broadcast_id) == {"sent": 5}


async def test_a_paused_bot_keeps_its_broadcast_waiting_and_a_deleted_one_ends_it(
    market: Market, stall: Stall, mailing: Mailing
) -> None:
    await mailing.readers(3)
    broadcast_id = await mailing.started()
    await stall.change(Bot, stall.bot_id, status=BotStatus.PAUSED)
    await mailing.work()
    for _ in range(3):
        await market.skip(minutes=2, seconds=1)
        async with market.tenant(stall.tenant_id) as session:
            await take_due_step(session, broadcast_id, now=market.now())
    # Looked after, but no second job stands beside the one that comes back by itself.
    assert len(await market.jobs(stall.tenant_id, "broadcasts.send")) == 1
    await stall.change(Bot, stall.bot_id, status=BotStatus.DELETED)
    await market.skip(minutes=6)
    await mailing.work()
    assert await mailing.ledger(broadcast_id) == {"skipped": 3}
    assert (await mailing.seen(broadcast_id)).status == "stopped"


async def test_a_broadcast_whose_job_was_lost_gets_another_one(market: Market, stall: Stall, mailing: Mailing) -> None:
    await mailing.readers(3)
    broadcast_id = await mailing.started()
    async with market.tenant(stall.tenant_id) as session:
        await session.execute(update(Job).where(Job.tenant_id == stall.tenant_id).values(status="dead"))
    await mailing.work()
    assert await mailing.ledger(broadcast_id) == {}
    await market.skip(minutes=2, seconds=1)
    async with market.tenant(stall.tenant_id) as session:
        await take_due_step(session, broadcast_id, now=market.now())
    await mailing.work()
    assert await mailing.ledger(broadcast_id) == Counter(sent=3)


async def test_a_worker_that_is_told_to_end_leaves_only_those_on_their_way_uncertain(
    market: Market, stall: Stall, mailing: Mailing
) -> None:
    readers = await mailing.readers(15)
    market.world.faults.add({"match": {"method": SEND, "skip": 2}, "effect": {"kind": "latency", "seconds": 30}})
    mailing.hurry(rate=20)
    broadcast_id = await mailing.started()
    await market.make_due()
    runner = JobRunner(market.worker, HANDLERS)
    (claimed,) = await runner.claim(Queue.BROADCASTS, 1)
    working = asyncio.ensure_future(runner.run(claimed))

    async def is_begun() -> bool:
        return any(mailing.arrived(reader) for reader in readers)

    await until(is_begun, seconds=20, what="the first message")
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)
    counts = await mailing.ledger(broadcast_id)
    assert counts["claimed"] == 0
    assert counts["uncertain"] <= 3
    assert counts["waiting"] >= 11
