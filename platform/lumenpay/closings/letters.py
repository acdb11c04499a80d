"""What the owners of a tenant are written about its end: that it was asked for, called off, and that it is over."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, delete, update

from lumenpay.admins.letters import LetterKind
from lumenpay.billing.letters import write_to_owners
from lumenpay.db.session import TenantSession
from lumenpay.messages.formatting import format_moment
from lumenpay.models.letters import Letter, LetterStatus
from lumenpay.models.tenants import Tenant
from lumenpay.tenants.repository import get_own_tenant

_GONE_FOR: Final = timedelta(minutes=30)
"""The last letter is sent so long after a tick has found something of the tenant to remove for the last time."""


async def tell_closing(session: TenantSession, tenant: Tenant, *, now: datetime) -> None:
    """Have the owners of a locked tenant told that its end was asked for, and when it is."""
    removal_at, time_zone = tenant.removal_at, tenant.time_zone
    assert removal_at is not None  # noqa: S101 - its end was asked for

    def describe(locale: str) -> dict[str, str]:
        return {"tenant": tenant.name, "when": format_moment(removal_at, time_zone=time_zone, locale=locale)}

    path = f"/t/{tenant.id}/settings/closing"
    await write_to_owners(session, LetterKind.TENANT_CLOSING, describe, path=path, now=now)


async def tell_kept(session: TenantSession, tenant: Tenant, *, now: datetime) -> None:
    """Have the owners of a locked tenant told that its end was called off."""
    await session.execute(delete(Letter).where(*_waiting(tenant)))
    path = f"/t/{tenant.id}/bots"
    await write_to_owners(session, LetterKind.TENANT_KEPT, lambda _locale: {"tenant": tenant.name}, path=path, now=now)


async def prepare_last_letters(session: TenantSession, *, now: datetime) -> None:
    """Have a letter to each owner wait until the tenant is gone: afterwards nobody knows who they were.

    Safe to repeat, and to be repeated with each part of the removal: as long as something is there, they wait.
    """
    tenant = await get_own_tenant(session, is_locked=True)
    waiting = update(Letter).where(*_waiting(tenant)).values(run_at=now + _GONE_FOR).returning(Letter.id)
    if (await session.execute(waiting.execution_options(synchronize_session=False))).first() is not None:
        return
    details = {"tenant": tenant.name, "tenant_id": str(tenant.id)}
    await write_to_owners(
        session, LetterKind.TENANT_REMOVED, lambda _locale: details, path="/", run_at=now + _GONE_FOR, now=now
    )


def _waiting(tenant: Tenant) -> tuple[ColumnElement[bool], ...]:
    return (
        Letter.kind == LetterKind.TENANT_REMOVED.value, Letter.status == LetterStatus.READY,
        Letter.details["tenant_id"].astext == str(tenant.id),
    )  # fmt: skip
