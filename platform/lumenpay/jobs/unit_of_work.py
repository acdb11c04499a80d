"""One transaction inside a tenant, and the doorbell after it: what every door opens around a use case."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from lumenpay.db.session import Database, TenantSession
from lumenpay.jobs.doorbell import Doorbell
from lumenpay.jobs.outbox import RUNG_QUEUES
from lumenpay.models.ids import TenantId


@asynccontextmanager
async def unit_of_work(
    database: Database, doorbell: Doorbell, tenant_id: TenantId, *, is_read_only: bool = False
) -> AsyncIterator[TenantSession]:
    """Open a transaction in a tenant; after the commit, ring for the jobs that it recorded."""
    async with database.tenant(tenant_id, is_read_only=is_read_only) as session:
        yield session
    await doorbell.ring(session.info.pop(RUNG_QUEUES, ()))
