"""Broadcasts that repeat: the next one waits when one begins, and what cannot go out in time is passed over."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import update

from lumenpay.broadcasts.rules import Content
from lumenpay.broadcasts.running import schedule_broadcast, start_broadcast
from lumenpay.broadcasts.service import Draft, change_broadcast, discard_broadcast
from lumenpay.models.audit import AuditEvent
from lumenpay.models.bots import Bot, BotStatus
from lumenpay.models.broadcasts import Repeats, ScheduledBroadcast
from lumenpay.models.tenants import Tenant
from tenants_worker.tasks import broadcasts
from tests.support.mailing import EVERYBODY, Mailing
from tests.support.market import Market
from tests.support.stall import Stall


async def waiting(market: Market, stall: Stall) -> list[ScheduledBroadcast]:
    return await market.rows(stall.tenant_id, ScheduledBroadcast, ScheduledBroadcast.status == "scheduled")


async def pass_to(market: Market, mailing: Mailing, moment: datetime | None) -> None:
    assert moment is not None
    await market.skip(seconds=(moment - market.now()).total_seconds() + 1)
    for _ in range(2):
        await broadcasts.take_due_steps(market.worker, market.now())
        await mailing.work()


async def test_each_goes_out_once_at_its_time_until_the_next_is_thrown_away_i8(
    market: Market, stall: Stall, mailing: Mailing
) -> None:
    (anna,) = await mailing.readers(1)
    broadcast_id = await mailing.draft(repeats=Repeats.WEEKLY)
    at = market.now() + timedelta(hours=1)
    await mailing.act(schedule_broadcast, broadcast_id, at=at, version=None)
    assert len(await waiting(market, stall)) == 1
    for number in range(3):
        (next_one,) = await waiting(market, stall)
        assert next_one.scheduled_at == at + timedelta(weeks=number)
        await pass_to(market, mailing, next_one.scheduled_at)
        assert len(mailing.arrived(anna)) == number + 1
    (last,) = await waiting(market, stall)
    assert (last.text, last.tested_at is not None, last.repeats) == ("Hello, {name}!", True, "weekly")
    await mailing.act(discard_broadcast, last.id)
    await pass_to(market, mailing, at + timedelta(weeks=5))
    assert len(mailing.arrived(anna)) == 3


async def test_a_next_one_that_shall_not_repeat_any_more_is_the_last(
    market: Market, stall: Stall, mailing: Mailing
) -> None:
    (anna,) = await mailing.readers(1)
    broadcast_id = await mailing.draft(repeats=Repeats.DAILY)
    await mailing.act(start_broadcast, broadcast_id, version=None)
    await mailing.act(start_broadcast, broadcast_id, version=None)
    await mailing.work()
    (next_one,) = await waiting(market, stall)
    draft = Draft("News", Content("Hello, {name}!"), EVERYBODY)
    changed = await mailing.act(change_broadcast, next_one.id, draft, version=None)
    assert (changed.status, changed.repeats) == ("scheduled", None)
    await pass_to(market, mailing, next_one.scheduled_at)
    assert (len(mailing.arrived(anna)), await waiting(market, stall)) == (2, [])


async def test_what_a_debt_held_back_does_not_go_out_all_at_once_i8(
    market: Market, stall: Stall, mailing: Mailing
) -> None:
    (anna,) = await mailing.readers(1)
    await mailing.act(start_broadcast, await mailing.draft(repeats=Repeats.DAILY), version=None)
    await mailing.work()

    async def owe(since: datetime | None) -> None:
        async with market.tenant(stall.tenant_id) as session:
            await session.execute(update(Tenant).where(Tenant.id == stall.tenant_id).values(sales_paused_at=since))

    await owe(market.now())
    for _ in range(3):
        (next_one,) = await waiting(market, stall)
        await pass_to(market, mailing, next_one.scheduled_at)
    await owe(None)
    assert len(mailing.arrived(anna)) == 1
    (next_one,) = await waiting(market, stall)
    await pass_to(market, mailing, next_one.scheduled_at)
    assert len(mailing.arrived(anna)) == 2
    actions = [row.action for row in await market.rows(stall.tenant_id, AuditEvent)]
    assert actions.count("broadcast.passed_over") == 3


async def test_the_hour_of_the_tenants_day_stays(market: Market, stall: Stall, mailing: Mailing) -> None:
    await mailing.readers(1)
    zone = ZoneInfo("Europe/Berlin")
    async with market.tenant(stall.tenant_id) as session:
        await session.execute(update(Tenant).where(Tenant.id == stall.tenant_id).values(time_zone=zone.key))
    at = (market.now().astimezone(zone) + timedelta(days=1)).replace(hour=12, minute=0, second=0, microsecond=0)
    broadcast_id = await mailing.draft(repeats=Repeats.MONTHLY)
    await mailing.act(schedule_broadcast, broadcast_id, at=at, version=None)
    for _ in range(7):
        (next_one,) = await waiting(market, stall)
        assert next_one.scheduled_at is not None
        assert next_one.scheduled_at.astimezone(zone).hour == 12
        await pass_to(market, mailing, next_one.scheduled_at)


async def test_after_its_bot_is_deleted_nothing_repeats_i8(market: Market, stall: Stall, mailing: Mailing) -> None:
    await mailing.readers(1)
    await mailing.started(repeats=Repeats.DAILY)
    await mailing.work()
    (following,) = await waiting(market, stall)
    await stall.change(Bot, stall.bot_id, status=BotStatus.DELETED)
    await pass_to(market, mailing, following.scheduled_at)
    assert ((await mailing.seen(following.id)).status, await waiting(market, stall)) == ("stopped", [])
