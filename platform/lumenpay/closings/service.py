"""Asking for a tenant's end, and thinking better of it while there is time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select

from lumenpay.audit.service import Actor, record
from lumenpay.billing.repository import find_subscription
from lumenpay.billing.rules import is_renewing
from lumenpay.bots.service import delete_bot
from lumenpay.closings import letters
from lumenpay.closings.errors import NameMismatchError, StillBilledError
from lumenpay.db.session import TenantSession
from lumenpay.models.bots import Bot, BotStatus
from lumenpay.models.tenants import Tenant
from lumenpay.tenants.errors import TenantClosingError
from lumenpay.tenants.repository import get_own_tenant

KEPT: Final = timedelta(days=30)
"""How long everything can still be read and taken along, and the end called off."""


async def close_tenant(session: TenantSession, *, name: str, actor: Actor, now: datetime) -> Tenant:
    """Take every bot out of service with its secrets, change nothing from now on, and have all removed after `KEPT`.

    Secrets that an open order needs stay until it is decided. Safe to repeat: the first time counts.

    Raises:
        NameMismatchError: The name is another one.
        StillBilledError: The platform's subscription runs: it has to be cancelled first.
    """
    tenant = await get_own_tenant(session, is_locked=True)
    if name.strip() != tenant.name:
        raise NameMismatchError(fields={"name": "mismatch"})
    if tenant.removal_at is not None:
        return tenant
    subscription = await find_subscription(session)
    if subscription is not None and is_renewing(subscription.stripe_status, cancels_at=subscription.cancels_at):
        raise StillBilledError
    tenant.closing_asked_at, tenant.removal_at = now, now + KEPT
    details = {"removal_at": tenant.removal_at.isoformat()}
    record(session, actor=actor, action="tenant.closing", subject_id=tenant.id, now=now, details=details)
    bots = select(Bot.id).where(Bot.tenant_id == session.tenant_id, Bot.status != BotStatus.DELETED)
    for bot_id in (await session.execute(bots)).scalars().all():
        await delete_bot(session, bot_id, actor=actor, now=now)
    await letters.tell_closing(session, tenant, now=now)
    await session.flush()
    return tenant


async def keep_tenant(session: TenantSession, *, actor: Actor, now: datetime) -> Tenant:
    """Call a tenant's end off. Its bots stay deleted, and can be connected anew. Safe to repeat.

    Raises:
        TenantClosingError: Its time is over.
    """
    tenant = await get_own_tenant(session, is_locked=True)
    if tenant.removal_at is not None:
        if tenant.removal_at <= now:
            # A part of it may be gone already.
            raise TenantClosingError
        tenant.closing_asked_at = tenant.removal_at = None
        await letters.tell_kept(session, tenant, now=now)
        record(session, actor=actor, action="tenant.kept", subject_id=tenant.id, now=now)
        await session.flush()
    return tenant
