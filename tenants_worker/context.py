"""What every task of a worker process shares, and what one job or one bot's update runs with."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field

from lumenpay.billing.stripe_gateway import StripeGateway
from lumenpay.config import Settings
from lumenpay.db.session import Database, TenantSession
from lumenpay.jobs.doorbell import Doorbell
from lumenpay.jobs.unit_of_work import unit_of_work
from lumenpay.kit.clock import Clock
from lumenpay.kit.crypto import KeyRing, Secret
from lumenpay.letters.mailer import Mailer
from lumenpay.models.ids import BotId, JobId, LeaseId, TenantId
from lumenpay.payments.providers.yookassa.client import YooKassaClient
from lumenpay.telegram.client import TelegramClient
from lumenpay.test_drives.sandbox import SandboxControl
from lumenpay.webhooks.sending import PublicCaller, WebhookCaller
from tenants_worker.leases import LeaseKeeper


@dataclass(frozen=True, slots=True)
class WorkerContext:
    """The connections of one worker process."""

    settings: Settings
    database: Database
    doorbell: Doorbell
    ring: KeyRing = field(repr=False)
    telegram: TelegramClient
    yookassa: YooKassaClient
    clock: Clock
    leases: LeaseKeeper
    mailer: Mailer
    sandbox: SandboxControl | None = None
    """For test drives; none where the sandboxes are not configured."""
    stripe: StripeGateway | None = None
    """The platform's account; none where the installation bills nobody."""
    webhooks: WebhookCaller = field(default_factory=PublicCaller)
    """What calls the addresses that tenants name."""

    def unit_in(self, tenant_id: TenantId) -> AbstractAsyncContextManager[TenantSession]:
        """Open one transaction inside a tenant, and ring for its jobs after the commit."""
        return unit_of_work(self.database, self.doorbell, tenant_id)


@dataclass(frozen=True, slots=True)
class JobContext:
    """A worker's connections, and the job at hand."""

    worker: WorkerContext
    tenant_id: TenantId
    job_id: JobId
    attempts: int
    lease_id: LeaseId | None = None
    """What holds the job; none where it is done outside of the queue."""

    @asynccontextmanager
    async def unit(self) -> AsyncIterator[TenantSession]:
        """Open one transaction inside the job's tenant."""
        async with self.worker.unit_in(self.tenant_id) as session:
            yield session


@dataclass(frozen=True, slots=True)
class BotRuntime:
    """A bot while its updates are being handled."""

    tenant_id: TenantId
    bot_id: BotId
    telegram_id: int
    username: str
    token: Secret
