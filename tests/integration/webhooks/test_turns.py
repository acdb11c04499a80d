"""Endpoints that hang keep nobody waiting: neither other tenants, nor other endpoints, nor the house (fault F11)."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from cryptography.fernet import Fernet

from lumenpay.audit.service import SYSTEM
from lumenpay.config import Settings
from lumenpay.jobs.catalogue import Queue, TellWebhookDisabled
from lumenpay.jobs.outbox import enqueue
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.ids import AdminId, TenantId
from lumenpay.models.jobs import JobStatus
from lumenpay.models.webhooks import WebhookDelivery, WebhookEventType
from lumenpay.webhooks.outbox import write_event
from lumenpay.webhooks.sending import Outcome
from lumenpay.webhooks.service import EndpointTerms, make_endpoint
from tenants_worker.job_runner import PER_TARGET, TARGETS_PER_TENANT
from tenants_worker.runtime import Worker, open_context
from tests.support.market import Market
from tests.support.waiting import until

FLOOD = 200
BULK = frozenset({Queue.BROADCASTS, Queue.HOUSEKEEPING, Queue.WEBHOOKS})


@dataclass
class Internet:
    """Every endpoint there is; those whose address says so hang until they may end."""

    may_end: asyncio.Event = field(default_factory=asyncio.Event)
    open: Counter[str] = field(default_factory=Counter)
    told: list[str] = field(default_factory=list)

    async def post(self, url: str, *, body: bytes, headers: Mapping[str, str]) -> Outcome:
        del body, headers
        self.told.append(url)
        self.open[url] += 1
        if "hangs" in url:
            await self.may_end.wait()
        self.open[url] -= 1
        return Outcome(204)

    async def close(self) -> None:
        return


@asynccontextmanager
async def _workers(market: Market, internet: Internet, *, count: int) -> AsyncIterator[None]:
    """Run so many processes' worth of what serves the bulk queues."""
    settings = Settings(
        _env_file=None, environment="test", secret_keys=[Fernet.generate_key().decode()],
        database_url=market.worker.database.engine.url.render_as_string(hide_password=False),
        telegram_api_url=market.telegram_url, yookassa_api_url=f"{market.gateway_url}/v3",
    )  # fmt: skip
    shared: dict[str, Any] = {"ring": market.ring, "webhooks": internet, "clock": market.clock}
    workers = [Worker(replace(open_context(settings), **shared), BULK) for _ in range(count)]
    try:
        for worker in workers:
            worker.start()
        yield
    finally:
        internet.may_end.set()
        for worker in workers:
            await worker.close()


async def _listen(market: Market, tenant_id: TenantId, *hosts: str) -> list[UUID]:
    made = []
    for host in hosts:
        terms = EndpointTerms(f"https://{host}.example.com/", "", [WebhookEventType.MEMBER_JOINED])
        async with market.tenant(tenant_id) as session:
            endpoint, _ = await make_endpoint(session, terms, ring=market.ring, actor=SYSTEM, now=market.now())
            made.append(endpoint.id)
    return made


async def _tell(market: Market, tenant_id: TenantId, endpoint_id: UUID, *, times: int = 1) -> None:
    async with market.tenant(tenant_id) as session:
        for _ in range(times):
            await write_event(session, "member.joined", {}, endpoint_ids=[endpoint_id], now=market.now())


async def test_an_endpoint_that_hangs_keeps_neither_tenants_nor_endpoints_nor_the_house_waiting_f11(
    market: Market,
) -> None:
    flooding, other, internet = await market.open_tenant(), await market.open_tenant(), Internet()
    hanging, healthy = await _listen(market, flooding, "hangs", "healthy")
    (others,) = await _listen(market, other, "other")
    await _tell(market, flooding, hanging, times=FLOOD)
    async with _workers(market, internet, count=2):
        await until(lambda: internet.open["https://hangs.example.com/"] == PER_TARGET)
        await _tell(market, other, others)
        await _tell(market, flooding, healthy)
        house = TellWebhookDisabled(AdminId(new_uuid7()), new_uuid7())
        for tenant_id in (flooding, other):
            async with market.tenant(tenant_id) as session:
                await enqueue(session, house, now=market.now())

        async def is_done() -> bool:
            jobs = [await market.jobs(one, house.kind, status=JobStatus.DONE) for one in (flooding, other)]
            calm = {"https://other.example.com/", "https://healthy.example.com/"}
            return all(jobs) and calm <= set(internet.told)

        await until(is_done)
        # In both processes together, and what waits behind was not even looked at.
        assert internet.open["https://hangs.example.com/"] == PER_TARGET
        waiting = await market.jobs(flooding, "webhooks.send", status=JobStatus.READY)
        assert Counter(job.attempts for job in waiting if job.target_id == hanging) == {
            0: FLOOD - PER_TARGET,
            1: PER_TARGET,
        }
        internet.may_end.set()
        await until(lambda: internet.told.count("https://hangs.example.com/") == FLOOD, seconds=60)

        async def is_all_told() -> bool:
            return not await market.count(flooding, WebhookDelivery, WebhookDelivery.status == "waiting")

        await until(is_all_told)


async def test_a_tenant_all_of_whose_endpoints_hang_has_only_so_many_calls_open(market: Market) -> None:
    flooding, internet = await market.open_tenant(), Internet()
    made = await _listen(market, flooding, *(f"hangs{number}" for number in range(4)))
    for endpoint_id in made:
        await _tell(market, flooding, endpoint_id, times=10)
    (calm,) = await _listen(market, other := await market.open_tenant(), "other")
    async with _workers(market, internet, count=2):
        await until(lambda: internet.open.total() >= TARGETS_PER_TENANT)
        await _tell(market, other, calm)
        await until(lambda: "https://other.example.com/" in internet.told)
        assert {internet.open[f"https://hangs{number}.example.com/"] for number in range(4)} == {2}
