"""Who may use the console, and what it works with."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncSession

from control_plane.dependencies import Identity, IdentityDep, ServicesDep
from control_plane.services import Services
from lumenpay.admins.errors import ConsoleNotConfiguredError, MfaRequiredError
from lumenpay.admins.service import need_fresh_proof
from lumenpay.admins.staff import is_staff
from lumenpay.audit.service import Actor
from lumenpay.db.session import TenantSession
from lumenpay.db.staff import StaffDatabase
from lumenpay.errors import NotFoundError
from lumenpay.jobs.unit_of_work import unit_of_work
from lumenpay.models.ids import TenantId
from lumenpay.tenants.repository import get_own_tenant


@dataclass(frozen=True, slots=True)
class StaffAccess:
    """A member of staff at the console."""

    services: Services
    identity: Identity
    console: StaffDatabase

    @property
    def now(self) -> datetime:
        """The moment of the request."""
        return self.identity.now

    @property
    def actor(self) -> Actor:
        """The person, for audit logs."""
        return Actor("staff", self.identity.admin_id)

    def reading(self) -> AbstractAsyncContextManager[AsyncSession]:
        """Open a transaction that sees every tenant and changes nothing."""
        return self.console.reading()

    @asynccontextmanager
    async def unit(self, tenant_id: UUID) -> AsyncIterator[TenantSession]:
        """Open a transaction in one tenant, with the application's role, and ring for its jobs after the commit.

        Raises:
            TenantNotFoundError: There is no such tenant.
        """
        async with unit_of_work(self.services.database, self.services.doorbell, TenantId(tenant_id)) as session:
            await get_own_tenant(session)
            yield session


async def get_staff_access(services: ServicesDep, identity: IdentityDep) -> StaffAccess:
    """Return the console, if the person is staff and showed a second factor in this session.

    Raises:
        NotFoundError: The person is not staff: the answer of an address that there is not.
        MfaRequiredError: They are, and have to show a second factor first.
        ConsoleNotConfiguredError: The installation has no console.
    """
    if not await is_staff(services.database, identity.admin_id):
        raise NotFoundError
    if not identity.has_second_factor:
        raise MfaRequiredError
    if services.staff is None:
        raise ConsoleNotConfiguredError
    return StaffAccess(services, identity, services.staff)


StaffDep = Annotated[StaffAccess, Depends(get_staff_access)]


async def get_proved_access(staff: StaffDep) -> StaffAccess:
    """Return the console to a person who has just proved who they are: for money that goes back.

    Raises:
        ReauthRequiredError: Not within ten minutes.
    """
    need_fresh_proof(staff.identity.session, now=staff.now)
    return staff


ProvedStaffDep = Annotated[StaffAccess, Depends(get_proved_access)]
