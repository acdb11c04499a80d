"""Limits where staff, the plan and the installation disagree, and who has none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from lumenpay.audit.service import SYSTEM
from lumenpay.billing.errors import SalesPausedError
from lumenpay.billing.limits import Limited, list_limits, require_broadcasting, require_writing
from lumenpay.billing.service import set_limits_by_hand
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.broadcasts import ScheduledBroadcast
from lumenpay.models.tenants import Tenant
from lumenpay.tenants.errors import LimitReachedError
from tests.support.market import Market
from tests.support.office import Office
from tests.support.stall import Stall


async def limits_of(market: Market, stall: Stall) -> list[int | None]:
    async with market.tenant(stall.tenant_id) as session:
        found = await list_limits(session, tenant=await session.get_one(Tenant, stall.tenant_id))
    return [found[of] for of in (Limited.BOTS, Limited.CHANNELS, Limited.MEMBERS)]


async def test_limits_by_hand_count_before_those_of_the_plan(market: Market, office: Office, stall: Stall) -> None:
    assert await limits_of(market, stall) == [50, 500, None]
    await office.sell_plans(free=1, paid=5)
    assert await limits_of(market, stall) == [1, 1, 1]
    await office.subscribe(stall.tenant_id)
    assert await limits_of(market, stall) == [5, 5, 5]
    async with market.tenant(stall.tenant_id) as session:
        given = {"max_bots": 7, "max_channels": 9_999, "max_members": None}
        await set_limits_by_hand(session, given, actor=SYSTEM, now=market.now())
    assert await limits_of(market, stall) == [7, 500, None]


async def test_broadcasts_are_counted_by_the_month_and_pause_with_the_sales(
    market: Market, office: Office, stall: Stall
) -> None:
    await office.sell_plans(free=2)
    now = datetime(2026, 12, 10, tzinfo=UTC)
    begun = {
        "of last month": {"started_at": datetime(2026, 11, 30, 23, 59, tzinfo=UTC)},
        "a draft": {},
        "of this month": {"started_at": datetime(2026, 12, 1, tzinfo=UTC)},
        "that waits": {"scheduled_at": datetime(2026, 12, 24, tzinfo=UTC)},
    }
    for title, moments in begun.items():
        async with market.tenant(stall.tenant_id) as session:
            await require_broadcasting(session, now=now)
            session.add(
                ScheduledBroadcast(
                    tenant_id=stall.tenant_id, id=new_uuid7(), bot_id=stall.bot_id, title=title, text="x", segment={},
                    created_at=now, **moments,
                )
            )  # fmt: skip
    async with market.tenant(stall.tenant_id) as session:
        with pytest.raises(LimitReachedError):
            await require_broadcasting(session, now=now)
        await require_broadcasting(session, now=now + timedelta(days=31))
        (await session.get_one(Tenant, stall.tenant_id)).sales_paused_at = now
        with pytest.raises(SalesPausedError):
            await require_writing(session)


async def test_a_test_drive_has_no_limits_of_a_plan(market: Market, office: Office, stall: Stall) -> None:
    await office.sell_plans(free=0)
    async with market.tenant(stall.tenant_id) as session:
        copy = Tenant(test_drive_of=stall.tenant_id, max_bots=50, max_channels=500, max_subscribers=None)
        found = await list_limits(session, tenant=copy)
    assert [found[of] for of in Limited] == [50, 500, None, None, None]
