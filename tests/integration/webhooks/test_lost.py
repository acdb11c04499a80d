"""A delivery whose job died or vanished does not wait for ever: it is shown as dead, or made after all."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import update

from lumenpay.jobs.catalogue import SendWebhook
from lumenpay.jobs.repository import replay_dead_jobs
from lumenpay.kit.crypto import KeyRing
from lumenpay.models.jobs import Job, JobStatus
from tenants_worker.tasks.webhooks import settle_lost_deliveries
from tests.integration.webhooks.conftest import Program, listen
from tests.support.desk import Desk
from tests.support.market import Market
from tests.support.stall import Stall

OTHER_KEY = "Zm9yLXRlc3RzLW9ubHktbm90LWEtcmVhbC1rZXktISE="


async def _delivery(desk: Desk, made: dict[str, Any]) -> dict[str, Any]:
    return dict(await desk.get(f"/webhook-deliveries/{made['id']}"))


async def _settle(market: Market) -> None:
    # Twice, as by two processes.
    for _ in range(2):
        await settle_lost_deliveries(market.worker, market.now())


async def _lose_job(market: Market, stall: Stall) -> None:
    """Work with a key with which the secret of the endpoint does not open, until the job is dead."""
    broken = replace(market, worker=replace(market.worker, ring=KeyRing([OTHER_KEY])))
    for _ in range(SendWebhook.max_attempts):
        await broken.work()
        await market.skip(minutes=10)
    assert [job.status for job in await market.jobs(stall.tenant_id, SendWebhook.kind)] == [JobStatus.DEAD]


async def test_a_delivery_whose_job_died_is_dead_and_is_replayed_like_any_other(
    market: Market, stall: Stall, desk: Desk, program: Program
) -> None:
    made = await desk.post(f"/webhooks/{(await listen(desk))['webhook']['id']}/test")
    await _lose_job(market, stall)
    assert (await _delivery(desk, made))["status"] == "waiting"
    await _settle(market)
    dead = await _delivery(desk, made)
    assert (dead["status"], dead["failure"], dead["attempts"], dead["next_attempt_at"]) == ("dead", "not_made", 0, None)
    await desk.post(f"/webhook-deliveries/{made['id']}/replay")
    await market.work()
    await _settle(market)
    assert ((await _delivery(desk, made))["status"], len(program.told)) == ("delivered", 1)


async def test_a_dead_job_that_is_replayed_makes_the_delivery_that_was_set_aside(
    market: Market, stall: Stall, desk: Desk, program: Program
) -> None:
    made = await desk.post(f"/webhooks/{(await listen(desk))['webhook']['id']}/test")
    await _lose_job(market, stall)
    await _settle(market)
    async with market.tenant(stall.tenant_id) as session:
        assert await replay_dead_jobs(session, kind=SendWebhook.kind, limit=10, now=market.now()) == 1
    await market.work()
    assert ((await _delivery(desk, made))["status"], len(program.told)) == ("delivered", 1)


async def test_a_delivery_whose_job_is_gone_is_made_once(
    market: Market, stall: Stall, desk: Desk, program: Program
) -> None:
    made = await desk.post(f"/webhooks/{(await listen(desk))['webhook']['id']}/test")
    async with market.tenant(stall.tenant_id) as session:
        # As after somebody's repair by hand: nothing of ours does it.
        await session.execute(update(Job).where(Job.tenant_id == stall.tenant_id).values(status=JobStatus.DONE))
    await _settle(market)
    await market.work()
    assert ((await _delivery(desk, made))["status"], len(program.told)) == ("delivered", 1)


async def test_deliveries_that_wait_their_turn_or_their_time_are_left_alone(
    market: Market, stall: Stall, desk: Desk, program: Program
) -> None:
    path = f"/webhooks/{(await listen(desk))['webhook']['id']}/test"
    tried = await desk.post(path)
    program.answers = [ConnectionError()]  # As of a worker that breaks in the middle: the job itself comes back.
    await market.work()
    waiting = await desk.post(path)
    await _settle(market)
    assert [(await _delivery(desk, one))["status"] for one in (tried, waiting)] == ["waiting", "waiting"]
    assert len(await market.jobs(stall.tenant_id, SendWebhook.kind, status=JobStatus.READY)) == 2
