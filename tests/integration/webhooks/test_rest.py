"""An endpoint that asks for rest gets it: none of its deliveries is made until then, and those of others are."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from lumenpay.jobs.catalogue import SendWebhook
from lumenpay.models.jobs import JobStatus
from lumenpay.models.webhooks import WebhookEndpoint
from lumenpay.webhooks.outbox import write_event
from lumenpay.webhooks.sending import Outcome
from tests.integration.webhooks.conftest import Program, listen
from tests.support.desk import Desk
from tests.support.market import Market
from tests.support.stall import Stall

OTHER = "https://hooks.example.com/other"


async def happen(stall: Stall, times: int = 1) -> None:
    """Have something happen that every endpoint is told of."""
    async with stall.market.tenant(stall.tenant_id) as session:
        endpoint_ids = [row.id for row in (await session.execute(select(WebhookEndpoint))).scalars()]
        for _ in range(times):
            await write_event(session, "payment.succeeded", {}, endpoint_ids=endpoint_ids, now=stall.market.now())


async def rows(desk: Desk) -> list[dict[str, Any]]:
    return list((await desk.get("/webhook-deliveries"))["items"])


@pytest.mark.parametrize(("answer", "rest"), [
    (Outcome(429, retry_after="7200"), timedelta(hours=2)),
    (Outcome(503, retry_after="7200"), timedelta(hours=2)),
    (Outcome(429), timedelta(minutes=1)),
])  # fmt: skip
async def test_after_one_answer_the_others_wait_too_and_go_out_once_when_it_is_over(
    market: Market, stall: Stall, desk: Desk, program: Program, answer: Outcome, rest: timedelta
) -> None:
    await listen(desk, "payment.succeeded")
    program.answers = [answer]
    await happen(stall)
    await market.work()
    assert len(program.told) == 1
    await happen(stall, 3)
    for _ in range(3):
        await market.work()
    assert len(program.told) == 1
    waiting = [one for one in await rows(desk) if one["attempts"] == 0]
    assert [one["status"] for one in waiting] == ["waiting"] * 3
    until = {datetime.fromisoformat(one["next_attempt_at"]) - market.now() for one in waiting}
    assert all(rest - timedelta(minutes=1) < one <= rest for one in until)
    await market.skip(seconds=rest.total_seconds() - 30)
    await market.work()
    assert len(program.told) == 1
    # An hour later at most it is looked again.
    await market.skip(hours=1, minutes=5)
    for _ in range(2):
        await market.work()
    assert {one["status"] for one in await rows(desk)} == {"delivered"}
    assert len(program.told) == 5
    assert len({told.message_id for told in program.told}) == 4


async def test_an_answer_that_asks_for_nothing_keeps_no_other_delivery_waiting(
    market: Market, stall: Stall, desk: Desk, program: Program
) -> None:
    await listen(desk, "payment.succeeded")
    program.answers = [Outcome(500, retry_after="7200")]
    await happen(stall)
    await market.work()
    await happen(stall)
    await market.work()
    assert sorted(one["status"] for one in await rows(desk)) == ["delivered", "waiting"]


async def test_another_endpoint_of_the_tenant_is_told_meanwhile(
    market: Market, stall: Stall, desk: Desk, program: Program
) -> None:
    made = await listen(desk, "payment.succeeded")
    program.answers = [Outcome(429, retry_after="3600")]
    await desk.post(f"/webhooks/{made['webhook']['id']}/test")
    await market.work()
    await listen(desk, "payment.succeeded", url=OTHER)
    await happen(stall)
    await market.work()
    assert [told.url for told in program.told[1:]] == [OTHER]


async def test_waiting_costs_no_tries_and_kills_nothing(
    market: Market, stall: Stall, desk: Desk, program: Program
) -> None:
    await listen(desk, "payment.succeeded")
    program.answers = [Outcome(429, retry_after=str(86_400))]
    await happen(stall)
    await market.work()
    await happen(stall)
    for _ in range(23):
        await market.work()
        await market.skip(minutes=61)
    assert len(program.told) == 1
    assert {one["attempts"] for one in await rows(desk)} == {0, 1}
    assert len(await market.jobs(stall.tenant_id, SendWebhook.kind, status=JobStatus.READY)) == 2
    await market.skip(hours=3)
    await market.work()
    assert {one["status"] for one in await rows(desk)} == {"delivered"}


@pytest.mark.parametrize("act", ["test", "moved"])
async def test_whoever_mends_it_need_not_wait(
    market: Market, stall: Stall, desk: Desk, program: Program, act: str
) -> None:
    endpoint_id = (await listen(desk, "payment.succeeded"))["webhook"]["id"]
    program.answers = [Outcome(429, retry_after=str(86_400))]
    await happen(stall)
    await market.work()
    if act == "test":
        await desk.post(f"/webhooks/{endpoint_id}/test")
    else:
        terms = {"url": OTHER, "event_types": ["payment.succeeded"], "description": "", "is_on": True}
        assert (await desk.ask("PUT", f"/webhooks/{endpoint_id}", json=terms)).status == 200
        await happen(stall)
    await market.work()
    assert len(program.told) == 2
