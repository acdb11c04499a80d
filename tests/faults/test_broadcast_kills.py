"""Workers are killed while broadcasts go out: nobody reads one twice, and everybody is accounted for (I1, I6)."""

from __future__ import annotations

import asyncio
import os
import random
from collections import Counter
from pathlib import Path

import pytest

from tenants_worker.broadcast_run import HANDS, TURNS_AT_ONCE
from tests.support.mailing import Mailing
from tests.support.market import Market
from tests.support.processes import WorkerNode
from tests.support.stall import open_stall
from tests.support.waiting import until

IN_FLIGHT = HANDS * TURNS_AT_ONCE
"""Of one broadcast, whenever its worker dies."""


@pytest.mark.parametrize(
    ("bots", "readers", "kills"),
    [
        pytest.param(2, 200, 2, id="small", marks=pytest.mark.timeout(300)),
        pytest.param(20, 500, 20, id="long", marks=[pytest.mark.long, pytest.mark.timeout(1800)]),
    ],
)
async def test_nobody_reads_a_broadcast_twice_whatever_was_killed_meanwhile(
    market: Market, postgres_urls, secret_key, redis_url, tmp_path: Path, bots, readers, kills
) -> None:
    seed = int(os.environ.get("LUMENPAY_FAULT_SEED") or random.SystemRandom().randrange(10**6))
    dice, nodes = random.Random(seed), []
    print(f"\nseed {seed}")
    mailings = [Mailing(await open_stall(market)) for _ in range(bots)]
    people = [await mailing.readers(readers) for mailing in mailings]
    market.world.faults.add({"match": {"method": "sendmessage"}, "effect": {"kind": "latency", "seconds": 0.1}})

    def start_worker() -> WorkerNode:
        env = {
            "LUMENPAY_ENVIRONMENT": "test", "LUMENPAY_DATABASE_URL": postgres_urls.app,
            "LUMENPAY_REDIS_URL": redis_url, "LUMENPAY_SECRET_KEYS": secret_key,
            "LUMENPAY_TELEGRAM_API_URL": market.telegram_url, "LUMENPAY_YOOKASSA_API_URL": market.gateway_url,
        }  # fmt: skip
        node = WorkerNode(env, queues=("broadcasts",), processes=1, log=tmp_path / f"worker{len(nodes)}.log")
        nodes.append(node)
        return node

    def count_arrived() -> int:
        return sum(
            len(mailing.arrived(reader)) for mailing, crowd in zip(mailings, people, strict=True) for reader in crowd
        )

    broadcasts = [await mailing.started() for mailing in mailings]
    running = [start_worker(), start_worker()]

    async def are_finished() -> bool:
        found = [await mailing.seen(one) for mailing, one in zip(mailings, broadcasts, strict=True)]
        return all(one.status == "finished" for one in found)

    try:
        for number in range(kills):
            goal = bots * readers * (number + 1) // (kills + 2)
            await until(lambda goal=goal: count_arrived() >= goal, seconds=120, what=f"{goal} messages")
            # Now and then it is the whole machine.
            victims = running if number % 2 == 0 else [dice.choice(running)]
            for victim in victims:
                await asyncio.to_thread(victim.kill)
            running = [start_worker() if node in victims else node for node in running]
        await until(are_finished, seconds=240, what="the end of every broadcast")
    finally:
        for node in nodes:
            node.kill()
    arrived = Counter(
        len(mailing.arrived(reader)) for mailing, crowd in zip(mailings, people, strict=True) for reader in crowd
    )
    ledger = sum([await mailing.ledger(one) for mailing, one in zip(mailings, broadcasts, strict=True)], Counter())
    print(f"arrived {dict(arrived)}, ledger {dict(ledger)}, {kills} kills")
    assert set(arrived) <= {0, 1}
    assert ledger["sent"] + ledger["uncertain"] == bots * readers
    assert 1 <= ledger["uncertain"] <= IN_FLIGHT * bots * kills
    assert arrived[1] >= ledger["sent"]
    calls = market.world.recorder.calls(bot_id=None, method="sendMessage", after=0)
    assert {call.status for call in calls} == {200}
