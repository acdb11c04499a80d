"""Old lines of the access log go after their time; what says why somebody is inside stays (fault O4)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import or_

from lumenpay.access.log_retention import purge_share
from lumenpay.access.sweep_repository import was_removed_last
from lumenpay.config import Environment, Settings
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.access import AccessAction, AccessLog, EntryLink, Membership
from lumenpay.models.users import User
from tenants_worker.tasks import access_logs
from tests.support.gone import former
from tests.support.market import Market
from tests.support.stall import Stall, open_stall

KEPT_DAYS = 730


async def purge(market: Market) -> None:
    await access_logs.purge_due(market.worker, market.now())


async def log_of(market: Market, stall: Stall, user: User) -> list[AccessLog]:
    return await market.rows(
        stall.tenant_id, AccessLog, or_(AccessLog.telegram_id == user.telegram_id, AccessLog.user_id == user.id)
    )


async def add_lines(market: Market, stall: Stall, count: int) -> None:
    """Strangers who were declined at the door now."""
    async with market.tenant(stall.tenant_id) as session:
        session.add_all(
            AccessLog(
                tenant_id=stall.tenant_id, id=new_uuid7(), action=AccessAction.REQUEST_DECLINED, reason="no_right",
                telegram_id=7_000 + number, channel_id=stall.channel_id, created_at=market.now(),
            )
            for number in range(count)
        )  # fmt: skip


async def count_lines(market: Market, stall: Stall) -> int:
    return await market.count(stall.tenant_id, AccessLog)


def test_the_log_is_kept_for_two_years_unless_the_installation_says_otherwise_o4(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LUMENPAY_ACCESS_LOG_RETENTION_DAYS", "365")
    assert Settings(environment=Environment.TEST, _env_file=None).access_log_retention_days == 365
    monkeypatch.delenv("LUMENPAY_ACCESS_LOG_RETENTION_DAYS")
    assert Settings(environment=Environment.TEST, _env_file=None).access_log_retention_days == KEPT_DAYS


async def test_lines_of_who_left_go_after_their_time_and_all_of_who_is_inside_stay_o4(market: Market, stall: Stall):
    lifetime = await stall.add_plan(stall.channel_id, period_unit="lifetime", period_count=1)
    resident = await stall.buyer(first_name="Resident")
    await stall.bought(resident, plan_id=lifetime.id)
    [link] = await market.rows(stall.tenant_id, EntryLink, EntryLink.user_id == resident.id)
    await stall.join(resident, link.url)
    guest = await stall.buyer(first_name="Guest")
    await stall.change(User, guest.id, is_whitelisted=True)
    await add_lines(market, stall, 3)
    async with market.tenant(stall.tenant_id) as session:
        session.add(
            AccessLog(
                tenant_id=stall.tenant_id, id=new_uuid7(), action=AccessAction.GRANTED, user_id=guest.id,
                telegram_id=guest.telegram_id, created_at=market.now(),
            )
        )  # fmt: skip
    leaver = await former(stall, first_name="Leaver")
    residents = [row.id for row in await log_of(market, stall, resident)]
    assert len(residents) >= 2
    assert len(await log_of(market, stall, leaver)) > 2

    await market.skip(days=KEPT_DAYS - 32)
    before = await count_lines(market, stall)
    await purge(market)
    assert await count_lines(market, stall) == before
    await market.skip(days=33)
    for _ in range(2):
        await purge(market)

    assert [row.id for row in await log_of(market, stall, resident)] == residents
    assert len(await log_of(market, stall, guest)) == 1
    # By whom they were taken out last is still to be told: a ban that we left half undone is lifted by it.
    [last] = await log_of(market, stall, leaver)
    assert last.action == AccessAction.REMOVED
    [place] = await market.rows(stall.tenant_id, Membership, Membership.user_id == leaver.id)
    async with market.tenant(stall.tenant_id) as session:
        assert await was_removed_last(session, place)
    assert await count_lines(market, stall) == len(residents) + 2


async def test_a_share_takes_so_many_lines_and_reaches_no_other_tenant_o4(market: Market, stall: Stall):
    beta = await open_stall(market)
    for one in (stall, beta):
        await add_lines(market, one, 5)
    now = market.now() + timedelta(days=1)
    shares = []
    for _ in range(3):
        async with market.tenant(stall.tenant_id) as session:
            shares.append(await purge_share(session, older_than=now, limit=2, now=now))
    assert shares == [True, True, False]
    assert await count_lines(market, stall) == 0
    assert await count_lines(market, beta) == 5


async def test_each_log_is_looked_through_once_a_day_o4(market: Market, stall: Stall):
    await add_lines(market, stall, 1)
    await market.skip(days=KEPT_DAYS, hours=-12)
    await purge(market)
    await market.skip(hours=13)
    await purge(market)
    assert await count_lines(market, stall) == 1
    await market.skip(hours=12)
    await purge(market)
    assert await count_lines(market, stall) == 0
