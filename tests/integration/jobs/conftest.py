"""A job runner with handlers that a test writes, and a look at the rows as they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import asyncpg
import pytest

from lumenpay.db.session import Database
from lumenpay.jobs.catalogue import JobPayload
from lumenpay.jobs.outbox import enqueue
from lumenpay.models.ids import TenantId
from tests.support.clock import MovableClock


@pytest.fixture
async def sql(database: Database, superuser_url: str):
    """A connection that sees every tenant's rows."""
    connection = await asyncpg.connect(superuser_url)
    yield connection
    await connection.close()


@pytest.fixture
def record(database: Database, clock: MovableClock) -> Callable[..., Any]:
    """Record jobs as a door does."""

    async def add(tenant_id: TenantId, *payloads: JobPayload, **options: Any) -> None:
        async with database.tenant(tenant_id) as session:
            for payload in payloads:
                await enqueue(session, payload, now=clock.now(), **options)

    return add


@pytest.fixture
def make_runner(worker_context) -> Callable[..., Any]:
    """Return a runner whose handler of CheckPayment (queue money) is the test's."""
    from lumenpay.jobs.catalogue import CheckPayment
    from tenants_worker.job_runner import JobRunner

    return lambda handler: JobRunner(worker_context, {CheckPayment: handler})
