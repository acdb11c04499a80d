"""What a tenant may have and do: the one place where limits are enforced, and whether anything may be sold.

A limit is staff's for this tenant, else the plan's; never above the ceiling in the tenant's own row. An installation
without Stripe bills nobody: only the ceilings hold there. So they do for copies that test drives make.

The last one of something is had once, however many ask for it at the same moment: they stand in line until the one
before has committed. Whoever asks for a subscriber's place has locked its person by then, and locks nobody else after
it: people first, the line second, what belongs to those people last. So nobody in line waits for anybody behind them.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import func, select

from lumenpay.billing.errors import SalesPausedError
from lumenpay.billing.repository import (
    count_subscribers,
    find_plan,
    find_subscription,
    list_having_access,
    stand_in_line,
)
from lumenpay.billing.rules import decide_limit, decide_standing, has_plan_limits
from lumenpay.db.session import TenantSession
from lumenpay.models.billing import FREE_PLAN, PlatformPlan, PlatformSubscription
from lumenpay.models.bots import Bot, BotStatus
from lumenpay.models.broadcasts import ScheduledBroadcast
from lumenpay.models.channels import Channel
from lumenpay.models.ids import UserId
from lumenpay.models.invitations import Invitation
from lumenpay.models.payments import PLACE_HELD_FOR
from lumenpay.models.tenants import Tenant, TenantMember, TenantStatus
from lumenpay.tenants.errors import LimitReachedError, TenantSuspendedError
from lumenpay.tenants.repository import get_own_tenant
from lumenpay.tenants.standing import require_active


class Limited(StrEnum):
    """What a tenant may have only so many of; each is a column of its plan."""

    BOTS = "max_bots"
    CHANNELS = "max_channels"
    SUBSCRIBERS = "max_subscribers"
    BROADCASTS = "max_broadcasts"
    MEMBERS = "max_members"


@dataclass(slots=True)
class Room:
    """For how many people without access there is room; without a number for everybody.

    `refusal` is the code of the error that the next one meets.
    """

    people: int | None
    refusal: str = LimitReachedError.code


_LAST_PLACES: Final = 200
"""From so few free places of subscribers on they are given one after another; before, nobody waits for anybody.

More than all processes together give away at one moment, lists included.
"""
_CEILINGS = frozenset({Limited.BOTS, Limited.CHANNELS, Limited.SUBSCRIBERS})


def is_selling(tenant: Tenant) -> bool:
    """Tell whether the tenant takes orders and charges; whoever paid keeps access in any case."""
    return tenant.status == TenantStatus.ACTIVE and tenant.sales_paused_at is None


async def require_selling(session: TenantSession, *, user_id: UserId | None, now: datetime) -> None:
    """Return if the tenant would take an order of this person; without one, of somebody who has no access.

    A look: no place is kept for them by it.

    Raises:
        TenantSuspendedError: It sells nothing now; a `SalesPausedError` where the reason is the platform's bill.
        LimitReachedError: It has as many subscribers as it may, and this would be one more.
    """
    _require_sales(await get_own_tenant(session))
    await _require_place(session, user_id=user_id, now=now, is_taken=False)


async def require_ordering(session: TenantSession, *, user_id: UserId, now: datetime) -> None:
    """Return if the tenant takes an order of this person, who is locked, in this transaction.

    The order keeps the place for an hour, as one of a plan with few places does, so that it is not given to somebody
    else meanwhile. Money that comes later is honoured all the same.

    Raises:
        TenantSuspendedError: It sells nothing now; a `SalesPausedError` where the reason is the platform's bill.
        LimitReachedError: It has as many subscribers as it may, and this would be one more.
    """
    _require_sales(await get_own_tenant(session))
    await _require_place(session, user_id=user_id, now=now, is_taken=True)


async def require_giving(session: TenantSession, *, user_id: UserId, now: datetime) -> None:
    """Return if the tenant may give this person, who is locked, access by hand in this transaction.

    Whoever has some, or paused it, may always have more.

    Raises:
        TenantSuspendedError: It gives nobody new access now; a `SalesPausedError` where the reason is its bill.
        LimitReachedError: It has as many subscribers as it may, and this would be one more.
    """
    if not await list_having_access(session, [user_id]):
        await require_ordering(session, user_id=user_id, now=now)


async def find_room(
    session: TenantSession, *, besides: Collection[UserId] = (), now: datetime, is_taken: bool = False
) -> Room:
    """Return for how many people without access there is room at this moment: for none while nothing is sold.

    Args:
        besides: Those whom it is asked for: a place that an order keeps for one of them is theirs.
        is_taken: They are locked and get it in this transaction: the last places wait for its end.
    """
    tenant = await get_own_tenant(session)
    try:
        _require_sales(tenant)
    except TenantSuspendedError as error:
        return Room(0, error.code)
    limit = await find_limit(session, Limited.SUBSCRIBERS, tenant=tenant)
    if limit is None:
        return Room(None)
    return Room(max(0, limit - await _count_places(session, limit, besides=besides, now=now, is_taken=is_taken)))


async def _require_place(session: TenantSession, *, user_id: UserId | None, now: datetime, is_taken: bool) -> None:
    limit = await find_limit(session, Limited.SUBSCRIBERS, tenant=await get_own_tenant(session))
    person = [user_id] if user_id else []
    if limit is None or await list_having_access(session, person):
        return
    taken = await _count_places(session, limit, besides=person, now=now, is_taken=is_taken)
    _require_below(taken, limit, Limited.SUBSCRIBERS)


async def _count_places(
    session: TenantSession, limit: int, *, besides: Collection[UserId], now: datetime, is_taken: bool
) -> int:
    async def count() -> int:
        since = now - PLACE_HELD_FOR
        return await count_subscribers(session, up_to=limit, besides=besides, ordered_since=since)

    taken = await count()
    if not is_taken or not 0 < limit - taken <= _LAST_PLACES:
        return taken
    await stand_in_line(session, Limited.SUBSCRIBERS)
    return await count()


async def require_writing(session: TenantSession) -> None:
    """Return if the tenant may write to many at once.

    Raises:
        TenantSuspendedError: Not now; a `SalesPausedError` where the reason is the platform's bill.
    """
    _require_sales(await get_own_tenant(session))


async def require_broadcasting(session: TenantSession, *, now: datetime) -> None:
    """Return if the tenant may begin, or have wait for its time, one more broadcast; two at once count one by one.

    Raises:
        TenantSuspendedError: It writes to nobody at once now.
        LimitReachedError: It had as many this month as it may.
    """
    await require_writing(session)
    await require_room(session, Limited.BROADCASTS, now=now)


async def has_room_among_waiting(session: TenantSession, *, now: datetime) -> bool:
    """Tell whether a broadcast that waits for its time, and is counted, is one of those that the tenant may have."""
    limit = await find_limit(session, Limited.BROADCASTS, tenant=await get_own_tenant(session))
    return limit is None or await count_used(session, Limited.BROADCASTS, now=now) <= limit


async def require_room(session: TenantSession, wanted: Limited, *, now: datetime) -> None:
    """Return if the tenant may have one more; two at once are counted one after the other.

    Raises:
        LimitReachedError: It may not.
    """
    await stand_in_line(session, wanted)
    tenant = await get_own_tenant(session)
    await session.refresh(tenant)
    limit = await find_limit(session, wanted, tenant=tenant)
    if limit is not None:
        _require_below(await count_used(session, wanted, now=now), limit, wanted)


async def find_limit(session: TenantSession, of: Limited, *, tenant: Tenant) -> int | None:
    """Return how many of something the tenant may have; nothing when as many as it likes."""
    return (await list_limits(session, tenant=tenant))[of]


async def list_limits(session: TenantSession, *, tenant: Tenant) -> dict[Limited, int | None]:
    """Return every limit of the tenant."""
    is_billed = session.is_billed and tenant.test_drive_of is None
    subscription = await find_subscription(session) if is_billed else None
    plan = await find_plan(session, choose_plan_code(subscription)) if is_billed else None
    by_hand = subscription.limits_by_hand if subscription is not None else {}
    return {
        of: decide_limit(
            ceiling=getattr(tenant, of.value) if of in _CEILINGS else None,
            by_plan=_limit_of(plan, of), by_hand=by_hand.get(of.value), has_hand=of.value in by_hand,
        )
        for of in Limited
    }  # fmt: skip


def choose_plan_code(subscription: PlatformSubscription | None) -> str | None:
    """Return the code of the plan whose limits hold; nothing for a price that the list does not know."""
    if subscription is None:
        return FREE_PLAN
    # The age of a debt changes what may be sold, never which limits hold: any moment will do.
    moment = subscription.next_look_at
    standing = decide_standing(subscription.stripe_status, unpaid_since_at=None, now=moment)
    return subscription.plan_code if has_plan_limits(standing) else FREE_PLAN


def _limit_of(plan: PlatformPlan | None, of: Limited) -> int | None:
    limit: int | None = getattr(plan, of.value) if plan is not None else None
    return limit


async def count_used(session: TenantSession, of: Limited, *, now: datetime) -> int:
    """Return how many of something the tenant has; of broadcasts, how many began or wait in this month of UTC."""
    if of is Limited.BOTS:
        query = select(func.count()).select_from(Bot)
        query = query.where(Bot.tenant_id == session.tenant_id, Bot.status != BotStatus.DELETED)
    elif of is Limited.CHANNELS:
        query = select(func.count()).select_from(Channel).where(Channel.tenant_id == session.tenant_id)
    elif of is Limited.MEMBERS:
        members = select(func.count()).select_from(TenantMember).where(TenantMember.tenant_id == session.tenant_id)
        invited = select(func.count()).select_from(Invitation).where(
            Invitation.tenant_id == session.tenant_id, Invitation.accepted_at.is_(None),
            Invitation.revoked_at.is_(None), Invitation.expires_at > now,
        )  # fmt: skip
        # In one statement: between two of them an invitation could be accepted, and be counted by neither.
        query = select(members.scalar_subquery() + invited.scalar_subquery())
    elif of is Limited.SUBSCRIBERS:
        return await count_subscribers(session)
    else:
        month = now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        begun = func.coalesce(ScheduledBroadcast.started_at, ScheduledBroadcast.scheduled_at)
        query = select(func.count()).select_from(ScheduledBroadcast)
        query = query.where(ScheduledBroadcast.tenant_id == session.tenant_id, begun >= month)
    return (await session.execute(query)).scalar_one()


def _require_sales(tenant: Tenant) -> None:
    require_active(tenant)
    if tenant.sales_paused_at is not None:
        raise SalesPausedError


def _require_below(count: int, limit: int, of: Limited) -> None:
    if count >= limit:
        raise LimitReachedError(fields={of.value: str(limit)})
