"""What the owners of a tenant are written about people who are to be forgotten by its rule."""

from __future__ import annotations

from datetime import datetime

from lumenpay.admins.letters import LetterKind
from lumenpay.billing.letters import write_to_owners
from lumenpay.db.session import TenantSession
from lumenpay.messages.formatting import format_moment
from lumenpay.models.tenants import Tenant


async def tell_set(session: TenantSession, tenant: Tenant, *, months: int, starts_at: datetime, now: datetime) -> None:
    """Have the owners told who is to be forgotten, from when on, and where that can be stopped."""

    def describe(locale: str) -> dict[str, str]:
        when = format_moment(starts_at, time_zone=tenant.time_zone, locale=locale)
        return {"tenant": tenant.name, "months": str(months), "when": when}

    await write_to_owners(session, LetterKind.FORGETTING_SET, describe, path=_path(tenant), now=now)


async def tell_begun(session: TenantSession, tenant: Tenant, *, months: int, now: datetime) -> None:
    """Have the owners told that the first people are being forgotten."""
    details = {"tenant": tenant.name, "months": str(months)}
    await write_to_owners(
        session, LetterKind.FORGETTING_BEGUN, lambda _locale: details, path=_path(tenant), now=now
    )  # fmt: skip


def _path(tenant: Tenant) -> str:
    return f"/t/{tenant.id}/settings/general"
