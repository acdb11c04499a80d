"""The hours of sending by each reader's own day, where a broadcast goes to each at a moment of their own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import literal, select

from lumenpay.broadcasts import readers_days
from lumenpay.broadcasts.repository import get_broadcast
from lumenpay.broadcasts.rules import SendingHours
from lumenpay.broadcasts.running import pause_broadcast, resume_broadcast, schedule_broadcast, send_again
from lumenpay.broadcasts.triggers import add_due
from lumenpay.broadcasts.zones import express_opening
from lumenpay.models.broadcasts import BroadcastRecipient, BroadcastTrigger, RecipientState
from tenants_worker.tasks import broadcasts
from tests.support.desk import Desk, desk
from tests.support.mailing import Mailing
from tests.support.market import Market
from tests.support.readers import pass_to, readers_in, utc
from tests.support.stall import Stall

__all__ = ["desk"]
KAMCHATKA, URAL, BERLIN, NEW_YORK = "Asia/Kamchatka", "Asia/Yekaterinburg", "Europe/Berlin", "America/New_York"
DAY = {"from_hour": 10, "until_hour": 20}


async def due_of(market: Market, stall: Stall, broadcast_id: UUID) -> dict[UUID, datetime | None]:
    rows = await market.rows(stall.tenant_id, BroadcastRecipient, BroadcastRecipient.broadcast_id == broadcast_id)
    return {row.user_id: row.due_at for row in rows}


def moscow(market: Market, hour: int) -> datetime:
    """An hour of Moscow's day, the day after tomorrow: three hours behind UTC, all year round."""
    day = market.now().date() + timedelta(days=2)
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(hours=hour - 3)


@pytest.mark.parametrize(
    ("zone", "moment", "opening"),
    [
        # By day it is the moment itself; the first hour is in, the last is not.
        (BERLIN, utc(2027, 1, 15, 9), utc(2027, 1, 15, 9)),
        (BERLIN, utc(2027, 1, 15, 18, 59), utc(2027, 1, 15, 18, 59)),
        (BERLIN, utc(2027, 1, 15, 19), utc(2027, 1, 16, 9)),
        # On both sides of midnight it is the same morning, and of the zone's date, not of UTC's.
        (BERLIN, utc(2027, 1, 15, 22, 59), utc(2027, 1, 16, 9)),
        (BERLIN, utc(2027, 1, 15, 23, 1), utc(2027, 1, 16, 9)),
        (KAMCHATKA, utc(2027, 1, 15, 11, 59), utc(2027, 1, 15, 22)),
        (NEW_YORK, utc(2027, 1, 16, 4, 59), utc(2027, 1, 16, 15)),
        # The night in which clocks go forward is an hour shorter, that in which they go back an hour longer.
        (BERLIN, utc(2027, 3, 27, 20), utc(2027, 3, 28, 8)),
        (BERLIN, utc(2027, 10, 30, 20), utc(2027, 10, 31, 9)),
        (NEW_YORK, utc(2027, 3, 14, 2), utc(2027, 3, 14, 14)),
    ],
)
async def test_the_wall_of_the_zone_says_when_its_hours_begin_i10(
    market: Market, stall: Stall, zone: str, moment: datetime, opening: datetime
) -> None:
    expression = express_opening(literal(zone), literal(moment), hours=SendingHours(**DAY))
    async with market.tenant(stall.tenant_id) as session:
        assert (await session.execute(select(expression))).scalar_one() == opening


async def test_an_hour_outside_of_the_hours_of_sending_waits_for_each_readers_own_morning_i10(
    market: Market, stall: Stall, mailing: Mailing
) -> None:
    east, none = await readers_in(mailing, KAMCHATKA, None)
    at = moscow(market, 9)
    broadcast_id = await mailing.draft(from_hour=11)
    await mailing.act(schedule_broadcast, broadcast_id, at=at, version=None, in_readers_zones=True)

    async def heard() -> list[int]:
        return [len(mailing.arrived(one)) for one in (east, none)]

    await pass_to(market, mailing, at - timedelta(hours=9))
    assert await heard() == [0, 0]
    assert await due_of(market, stall, broadcast_id) == {
        east.id: at - timedelta(hours=7), none.id: at + timedelta(hours=2)
    }  # fmt: skip
    await pass_to(market, mailing, at - timedelta(hours=7))
    assert await heard() == [1, 0]
    await pass_to(market, mailing, at + timedelta(hours=1, minutes=58))
    assert await heard() == [1, 0]
    await pass_to(market, mailing, at + timedelta(hours=2))
    assert (await heard(), await mailing.ledger(broadcast_id)) == ([1, 1], {"sent": 2})
    assert (await mailing.seen(broadcast_id)).status == "finished"


async def test_within_the_readers_hours_it_goes_out_though_it_is_night_in_the_project(
    market: Market, mailing: Mailing
) -> None:
    (east,) = await readers_in(mailing, KAMCHATKA)
    at = moscow(market, 12)
    broadcast_id = await mailing.draft(**DAY)
    await mailing.act(schedule_broadcast, broadcast_id, at=at, version=None, in_readers_zones=True)
    # It is three o'clock at night in Moscow.
    await pass_to(market, mailing, at - timedelta(hours=9))
    assert len(mailing.arrived(east)) == 1


async def test_whoever_is_left_when_their_evening_comes_waits_for_their_morning_and_others_do_not_i10(
    market: Market, stall: Stall, mailing: Mailing
) -> None:
    east, ural, project, unknown = await readers_in(mailing, KAMCHATKA, URAL, "Europe/Moscow", None)
    at = moscow(market, 12)
    broadcast_id = await mailing.draft(**DAY)
    await mailing.act(schedule_broadcast, broadcast_id, at=at, version=None, in_readers_zones=True)
    await pass_to(market, mailing, at - timedelta(hours=9))
    # It stands still all day; when it goes on it is seven in Moscow and nine in the Ural.
    await mailing.act(pause_broadcast, broadcast_id)
    await pass_to(market, mailing, at + timedelta(hours=7))
    await mailing.act(resume_broadcast, broadcast_id)
    await mailing.work()
    assert [len(mailing.arrived(one)) for one in (east, ural, project, unknown)] == [1, 0, 1, 1]
    morning = at + timedelta(days=1, hours=-4)
    assert (await due_of(market, stall, broadcast_id))[ural.id] == morning
    await pass_to(market, mailing, morning)
    assert await mailing.ledger(broadcast_id) == {"sent": 4}


async def test_when_the_evening_of_very_many_comes_they_are_put_off_in_parts_before_anybody_is_written_to(
    market: Market, mailing: Mailing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readers_days, "MOST_PUT_OFF", 2)
    await pass_to(market, mailing, moscow(market, 12))
    broadcast_id = await mailing.started("Welcome!", trigger=BroadcastTrigger.WELCOME, **DAY)
    await mailing.work()
    await mailing.act(pause_broadcast, broadcast_id)
    readers = await readers_in(mailing, URAL, URAL, URAL, URAL, URAL, None)
    await mailing.act(resume_broadcast, broadcast_id)
    # They are added while it is day for all; written to, when it is night in the Ural.
    await market.skip(minutes=3)
    async with market.tenant(mailing.stall.tenant_id) as session:
        await add_due(session, await get_broadcast(session, broadcast_id, is_locked=True), now=market.now())
    await market.skip(hours=6)
    await mailing.work()
    assert [len(mailing.arrived(one)) for one in readers] == [0, 0, 0, 0, 0, 1]
    assert await mailing.ledger(broadcast_id) == {"sent": 1, "waiting": 5}


async def test_who_is_written_to_again_at_night_gets_it_in_the_morning(market: Market, mailing: Mailing) -> None:
    readers = await readers_in(mailing, KAMCHATKA, KAMCHATKA)
    at = moscow(market, 12)
    broadcast_id = await mailing.draft(**DAY)
    await mailing.act(schedule_broadcast, broadcast_id, at=at, version=None, in_readers_zones=True)
    market.world.faults.add(
        {"match": {"method": "sendmessage", "count": 2},
         "effect": {"kind": "status", "status": 400, "description": "Bad Request: no"}}
    )  # fmt: skip
    await pass_to(market, mailing, at - timedelta(hours=1, minutes=5))
    assert await mailing.ledger(broadcast_id) == {"failed": 2}
    await market.skip(minutes=7)
    for reader in readers:
        # The second comes when everybody was looked at a moment ago.
        await mailing.act(send_again, broadcast_id, RecipientState.FAILED, user_id=reader.id)
        await mailing.work()
        await market.skip(minutes=1)
    assert await mailing.ledger(broadcast_id) == {"waiting": 2}
    await pass_to(market, mailing, at + timedelta(hours=13))
    assert [len(mailing.arrived(reader)) for reader in readers] == [1, 1]


async def test_one_that_people_send_or_schedule_for_a_moment_keeps_to_the_projects_day(
    market: Market, mailing: Mailing
) -> None:
    (east,) = await readers_in(mailing, KAMCHATKA)
    at = moscow(market, 21)
    broadcast_id = await mailing.draft(**DAY)
    await mailing.act(schedule_broadcast, broadcast_id, at=at, version=None)
    await pass_to(market, mailing, at)
    assert (await mailing.seen(broadcast_id)).scheduled_at == at + timedelta(hours=13)
    await pass_to(market, mailing, at + timedelta(hours=13))
    # It is seven in the evening in Kamchatka, or it would be ten.
    assert len(mailing.arrived(east)) == 1


async def test_newcomers_are_welcomed_by_their_own_day_each_and_nobody_waits_for_anothers_morning_i10(
    market: Market, stall: Stall, mailing: Mailing
) -> None:
    await pass_to(market, mailing, moscow(market, 3))
    broadcast_id = await mailing.started("Welcome!", trigger=BroadcastTrigger.WELCOME, delay_minutes=10, **DAY)
    await mailing.work()
    begun_at = market.now()
    east, none = await readers_in(mailing, KAMCHATKA, None)
    await pass_to(market, mailing, begun_at + timedelta(minutes=12))
    # Noon in Kamchatka; in the project people sleep until ten.
    assert [len(mailing.arrived(one)) for one in (east, none)] == [1, 0]
    (another,) = await readers_in(mailing, KAMCHATKA)
    await pass_to(market, mailing, begun_at + timedelta(minutes=30))
    assert [len(mailing.arrived(one)) for one in (another, none)] == [1, 0]
    seen = await mailing.seen(broadcast_id)
    assert (seen.status, await mailing.ledger(broadcast_id)) == ("running", {"sent": 2, "waiting": 1})
    due_at = (await due_of(market, stall, broadcast_id))[none.id]
    assert due_at is not None
    assert timedelta(hours=6, minutes=59) <= due_at - begun_at <= timedelta(hours=7)
    await pass_to(market, mailing, due_at - timedelta(minutes=5))
    assert mailing.arrived(none) == []
    await pass_to(market, mailing, due_at + timedelta(minutes=1))
    assert await mailing.ledger(broadcast_id) == {"sent": 3}


async def test_a_night_with_somebody_waiting_makes_no_jobs_and_the_portal_says_who_waits(
    market: Market, stall: Stall, mailing: Mailing, desk: Desk
) -> None:
    await pass_to(market, mailing, moscow(market, 22))
    broadcast_id = await mailing.started("Welcome!", trigger=BroadcastTrigger.WELCOME, **DAY)
    await mailing.work()
    await market.skip(minutes=2)
    await readers_in(mailing, None)
    for _ in range(5):
        await market.skip(minutes=1.5)
        await broadcasts.take_due_steps(market.worker, market.now())
    assert [job.status for job in await market.jobs(stall.tenant_id, "broadcasts.send")] == ["done"]
    later = (await desk.get(f"/broadcasts/{broadcast_id}"))["waiting_for_hour"]
    assert later["count"] == 1
    assert datetime.fromisoformat(later["next_at"]) == moscow(market, 10) - timedelta(days=1)
