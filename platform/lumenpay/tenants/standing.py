"""What a tenant may do now: the one place where suspension and limits are enforced.

A suspended tenant changes nothing in the portal and sells nothing in its bots. Whoever paid keeps access, which ends
as ever, and money that was on its way is honoured.
"""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import func, select

from lumenpay.db.session import TenantSession
from lumenpay.models.bots import Bot, BotStatus
from lumenpay.models.channels import Channel
from lumenpay.models.ids import UserId
from lumenpay.models.subscriptions import Subscription, SubscriptionStatus
from lumenpay.models.tenants import Tenant, TenantStatus
from lumenpay.tenants.errors import LimitReachedError, TenantSuspendedError
from lumenpay.tenants.repository import get_own_tenant


class Limited(StrEnum):
    """What a tenant may have only so many of; each is a column of its row."""

    BOTS = "max_bots"
    CHANNELS = "max_channels"
    SUBSCRIBERS = "max_subscribers"


def require_active(tenant: Tenant) -> None:
    """Return unless the tenant is suspended.

    Raises:
        TenantSuspendedError: It is.
    """
    if tenant.status == TenantStatus.SUSPENDED:
        raise TenantSuspendedError


async def require_selling(session: TenantSession, *, user_id: UserId) -> None:
    """Return if the tenant may take an order of this person.

    Raises:
        TenantSuspendedError: It sells nothing now.
        LimitReachedError: It has as many subscribers as it may, and this would be one more.
    """
    tenant = await get_own_tenant(session)
    require_active(tenant)
    if tenant.max_subscribers is None:
        return
    running = (Subscription.tenant_id == session.tenant_id, Subscription.status == SubscriptionStatus.ACTIVE)
    if await session.scalar(select(Subscription.id).where(*running, Subscription.user_id == user_id).limit(1)):
        return
    people = select(Subscription.user_id).where(*running).distinct().limit(tenant.max_subscribers).subquery()
    count = (await session.execute(select(func.count()).select_from(people))).scalar_one()
    _require_below(count, tenant.max_subscribers, Limited.SUBSCRIBERS)


async def require_room(session: TenantSession, wanted: Limited) -> None:
    """Return if the tenant may have one more; two at once are counted one after the other.

    Raises:
        LimitReachedError: It may not.
    """
    await session.execute(select(Tenant.id).where(Tenant.id == session.tenant_id).with_for_update())
    tenant = await get_own_tenant(session)
    await session.refresh(tenant)
    if wanted is Limited.BOTS:
        query = select(func.count()).select_from(Bot)
        query = query.where(Bot.tenant_id == session.tenant_id, Bot.status != BotStatus.DELETED)
        _require_below((await session.execute(query)).scalar_one(), tenant.max_bots, wanted)
    else:
        query = select(func.count()).select_from(Channel).where(Channel.tenant_id == session.tenant_id)
        _require_below((await session.execute(query)).scalar_one(), tenant.max_channels, wanted)


def _require_below(count: int, limit: int, of: Limited) -> None:
    if count >= limit:
        raise LimitReachedError(fields={of.value: str(limit)})
