"""A market on loopback: real PostgreSQL, the sandbox servers, the worker's tasks, and one clock for all of them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import aiohttp
import pytest
from sqlalchemy import func, inspect, select, update

from lumenpay.bots import secrets as bot_secrets
from lumenpay.config import Environment, Settings
from lumenpay.db.session import Database, TenantSession
from lumenpay.jobs.catalogue import Queue
from lumenpay.jobs.doorbell import Doorbell
from lumenpay.kit.crypto import KeyRing, Secret
from lumenpay.kit.ids import new_uuid7
from lumenpay.letters.mailer import Mailer
from lumenpay.models.ids import JobId, TenantId
from lumenpay.models.jobs import Job, JobStatus
from lumenpay.models.tenants import Tenant
from lumenpay.payments.providers.yookassa.client import YooKassaClient
from lumenpay.telegram.client import TelegramClient
from sandbox.telegram.app import WORLD
from sandbox.telegram.app import create_app as create_telegram
from sandbox.telegram.state.world import World
from sandbox.yookassa.app import create_app as create_yookassa
from sandbox.yookassa.gateway import Gateway
from sandbox.yookassa.http import GATEWAY
from tenants_worker.context import JobContext, WorkerContext
from tenants_worker.job_runner import JobRunner
from tenants_worker.leases import LeaseKeeper
from tenants_worker.tasks.registry import HANDLERS
from tests.support.web import serving

_QUEUES = (Queue.MONEY, Queue.ACCESS, Queue.HOUSEKEEPING, Queue.WEBHOOKS)
_ROUNDS = 12


class MovableClock:
    """The machine's time plus what a test has skipped."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead  # noqa: TID251 - the clock of the tests


@dataclass
class Market:
    """What the tests of money and access stand on."""

    worker: WorkerContext
    clock: MovableClock
    gateway: Gateway
    world: World
    http: aiohttp.ClientSession
    gateway_url: str
    telegram_url: str
    ring: KeyRing
    tenants: list[TenantId] = field(default_factory=list)

    def now(self) -> datetime:
        return self.clock.now()

    @asynccontextmanager
    async def tenant(self, tenant_id: TenantId) -> AsyncIterator[TenantSession]:
        async with self.worker.unit_in(tenant_id) as session:
            yield session

    async def open_tenant(self, **values: Any) -> TenantId:
        tenant_id = TenantId(new_uuid7())
        async with self.tenant(tenant_id) as session:
            session.add(Tenant(id=tenant_id, name="Alpha", created_at=self.now(), **values))
        self.tenants.append(tenant_id)
        return tenant_id

    async def skip(self, **delta: float) -> None:
        """Move the time of the product and of both servers forward."""
        skipped = timedelta(**delta)
        self.clock.ahead += skipped
        self.world.clock.advance(skipped.total_seconds())
        await self.yookassa("POST", "/clock", advance_seconds=skipped.total_seconds())

    async def yookassa(self, method: str, path: str, **body: Any) -> Any:
        return await self._control(method, f"{self.gateway_url}/sandbox{path}", body)

    async def telegram(self, method: str, path: str, **body: Any) -> Any:
        return await self._control(method, f"{self.telegram_url}/sandbox{path}", body)

    async def work(self, *queues: Queue) -> None:
        """Do every job that is due by the market's clock, as the workers do."""
        runner = JobRunner(self.worker, HANDLERS)
        for _ in range(_ROUNDS):
            await self.make_due()
            done = [await runner.run_due(queue) for queue in queues or _QUEUES]
            if not any(done):
                return

    async def run(self, tenant_id: TenantId, payload: Any, *, attempts: int = 1) -> None:
        """Do one job by itself."""
        await HANDLERS[type(payload)](JobContext(self.worker, tenant_id, JobId(new_uuid7()), attempts), payload)

    async def jobs(self, tenant_id: TenantId, kind: str = "", *, status: JobStatus | None = None) -> list[Job]:
        async with self.tenant(tenant_id) as session:
            rows = await session.execute(select(Job).where(Job.tenant_id == tenant_id).order_by(Job.created_at))
            return [
                job for job in rows.scalars() if job.kind.startswith(kind) and (status is None or job.status == status)
            ]

    async def count(self, tenant_id: TenantId, model: Any, *where: Any) -> int:
        async with self.tenant(tenant_id) as session:
            query = select(func.count()).select_from(model).where(model.tenant_id == tenant_id, *where)
            return (await session.execute(query)).scalar_one()

    async def rows(self, tenant_id: TenantId, model: Any, *where: Any) -> list[Any]:
        """Return a tenant's rows, by their keys: in the order in which they were made."""
        query = select(model).where(model.tenant_id == tenant_id, *where).order_by(*inspect(model).primary_key)
        async with self.tenant(tenant_id) as session:
            return list((await session.execute(query)).scalars())

    async def get(self, tenant_id: TenantId, model: Any, row_id: UUID) -> Any:
        async with self.tenant(tenant_id) as session:
            return await session.get_one(model, (tenant_id, row_id))

    async def make_due(self) -> None:
        """Make due by the database's clock what is due by the market's."""
        # The database's clock cannot be moved: what is due by ours is made due by its.
        for tenant_id in self.tenants:
            async with self.worker.database.tenant(tenant_id) as session:
                await session.execute(
                    update(Job)
                    .where(Job.tenant_id == tenant_id, Job.status == JobStatus.READY, Job.run_at <= self.now())
                    .values(run_at=func.clock_timestamp() - timedelta(seconds=1))
                )

    async def _control(self, method: str, url: str, body: dict[str, Any]) -> Any:
        async with self.http.request(method, url, json=body or None) as response:
            answer = await response.json() if response.status != 204 else None
            assert response.status < 300, answer
            return answer


@pytest.fixture
async def market(database: Database, ring: KeyRing, authorities_read_once: None) -> AsyncIterator[Market]:
    clock = MovableClock()
    async with AsyncExitStack() as stack:
        gateway, telegram = create_yookassa(retry_pauses_seconds=(0.05,)), create_telegram()
        gateway_url, telegram_url = [await stack.enter_async_context(serving(app)) for app in (gateway, telegram)]
        http = await stack.enter_async_context(aiohttp.ClientSession())
        worker = WorkerContext(
            settings=Settings(environment=Environment.TEST, _env_file=None),
            database=database,
            doorbell=Doorbell(""),
            ring=ring,
            telegram=TelegramClient(api_url=telegram_url),
            yookassa=YooKassaClient(api_url=f"{gateway_url}/v3"),
            clock=clock,
            leases=LeaseKeeper(database),
            mailer=Mailer(Secret(""), sender=""),
        )
        for close in (worker.telegram.close, worker.yookassa.close):
            stack.push_async_callback(close)
        yield Market(worker, clock, gateway[GATEWAY], telegram[WORLD], http, gateway_url, telegram_url, worker.ring)


def seal(market: Market, bot: Any, *, token: str, shop: dict[str, Any] | None) -> None:
    bot_secrets.seal_token(market.ring, bot, Secret(token))
    bot_secrets.renew_webhook(market.ring, bot)
    if shop is not None:
        bot_secrets.seal_shop(market.ring, bot, shop_id=shop["shop_id"], secret_key=Secret(shop["secret_key"]))
