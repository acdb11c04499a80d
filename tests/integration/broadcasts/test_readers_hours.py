"""A broadcast at an hour of each reader's own day: by the clock of the zone that they chose."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import cast
from uuid import UUID

import pytest

from lumenpay.broadcasts.errors import BroadcastInvalidError
from lumenpay.broadcasts.ledger import claim_recipients
from lumenpay.broadcasts.readers_hours import find_later
from lumenpay.broadcasts.repository import get_broadcast
from lumenpay.broadcasts.running import (
    pause_broadcast,
    resume_broadcast,
    schedule_broadcast,
    send_again,
    start_broadcast,
    stop_broadcast,
    unschedule_broadcast,
)
from lumenpay.broadcasts.slices import begin_slice
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.broadcasts import (
    BroadcastRecipient,
    BroadcastTrigger,
    RecipientState,
    Repeats,
    ScheduledBroadcast,
)
from lumenpay.models.ids import LeaseId
from lumenpay.models.jobs import Job
from lumenpay.users.narrowing import UserFilters
from tenants_worker.tasks import broadcasts
from tests.support.desk import Desk, desk
from tests.support.mailing import Mailing
from tests.support.market import Market
from tests.support.readers import pass_to, readers_in, utc
from tests.support.stall import Stall

__all__ = ["desk"]
KAMCHATKA, BERLIN, LONDON, NEW_YORK = "Asia/Kamchatka", "Europe/Berlin", "Europe/London", "America/New_York"


async def scheduled(mailing: Mailing, at: datetime, **values: object) -> UUID:
    broadcast_id = await mailing.draft(**cast("dict[str, str]", values))
    await mailing.act(schedule_broadcast, broadcast_id, at=at, version=None, in_readers_zones=True)
    return broadcast_id


def noon_ahead(market: Market) -> datetime:
    """Twelve o'clock in Moscow, two days from now at least: no zone is past it."""
    day = market.now().date() + timedelta(days=3)
    return datetime(day.year, day.month, day.day, 9, tzinfo=UTC)


async def test_each_gets_it_once_when_their_own_clock_shows_the_hour_i10(
    market: Market, stall: Stall, mailing: Mailing
) -> None:
    readers = await readers_in(mailing, KAMCHATKA, None, "Europe/Moscow", "Asia/Yekaterinburg")
    at = noon_ahead(market)
    broadcast_id = await scheduled(mailing, at)
    east, none, moscow, ural = readers

    async def heard() -> list[int]:
        return [len(mailing.arrived(one)) for one in (east, ural, none, moscow)]

    await pass_to(market, mailing, at - timedelta(hours=10))
    assert ((await mailing.seen(broadcast_id)).status, await heard()) == ("scheduled", [0, 0, 0, 0])
    await pass_to(market, mailing, at - timedelta(hours=9))
    assert await heard() == [1, 0, 0, 0]
    seen = await mailing.seen(broadcast_id)
    assert (seen.status, seen.total_count, seen.next_step_at) == ("running", 4, at - timedelta(hours=2))
    async with market.tenant(stall.tenant_id) as session:
        later = await find_later(session, await get_broadcast(session, broadcast_id), now=market.now())
    assert later is not None
    assert (later.count, later.next_at, later.last_at) == (3, at - timedelta(hours=2), at)
    await pass_to(market, mailing, at - timedelta(hours=3))
    assert await heard() == [1, 0, 0, 0]
    await pass_to(market, mailing, at - timedelta(hours=2))
    assert await heard() == [1, 1, 0, 0]
    await pass_to(market, mailing, at)
    assert (await heard(), await mailing.ledger(broadcast_id)) == ([1, 1, 1, 1], {"sent": 4})
    assert (await mailing.seen(broadcast_id)).status == "finished"


@pytest.mark.parametrize(
    ("at", "moments"),
    [
        # In London clocks go forward at 01:00 UTC on the 28th of March 2027, in New York they did on the 14th.
        (utc(2027, 3, 27, 9), {LONDON: utc(2027, 3, 27, 12), NEW_YORK: utc(2027, 3, 27, 16)}),
        (utc(2027, 3, 28, 9), {LONDON: utc(2027, 3, 28, 11), NEW_YORK: utc(2027, 3, 28, 16)}),
        # 02:30 in Berlin: left out on the 28th of March, shown twice on the 31st of October.
        (utc(2027, 3, 27, 23, 30), {BERLIN: utc(2027, 3, 28, 1, 30)}),
        (utc(2027, 10, 30, 23, 30), {BERLIN: utc(2027, 10, 31, 1, 30), None: utc(2027, 10, 30, 23, 30)}),
    ],
)
async def test_where_clocks_change_the_wall_decides_i10(
    market: Market, stall: Stall, mailing: Mailing, at: datetime, moments: dict[str | None, datetime]
) -> None:
    readers = dict(zip(moments, await readers_in(mailing, *moments), strict=True))
    await readers_in(mailing, KAMCHATKA)
    broadcast_id = await scheduled(mailing, at)
    await pass_to(market, mailing, at - timedelta(hours=9))
    rows = await market.rows(stall.tenant_id, BroadcastRecipient, BroadcastRecipient.broadcast_id == broadcast_id)
    due = {row.user_id: row.due_at for row in rows}
    assert {zone: due[reader.id] for zone, reader in readers.items()} == moments


async def test_one_whose_readers_are_all_later_begins_with_them_and_counts_whoever_came_until_then(
    market: Market, mailing: Mailing
) -> None:
    (london,) = await readers_in(mailing, LONDON)
    at = noon_ahead(market)
    broadcast_id = await scheduled(mailing, at, filters=UserFilters(source=""))
    await pass_to(market, mailing, at - timedelta(hours=9))
    await pass_to(market, mailing, at - timedelta(hours=1))
    assert (await mailing.seen(broadcast_id)).total_count is None
    (moscow,) = await readers_in(mailing, None)
    await pass_to(market, mailing, at)
    assert [len(mailing.arrived(one)) for one in (london, moscow)] == [0, 1]


async def test_whose_hour_is_over_when_it_is_scheduled_gets_it_at_once(market: Market, mailing: Mailing) -> None:
    east, none = await readers_in(mailing, KAMCHATKA, None)
    broadcast_id = await scheduled(mailing, market.now() + timedelta(hours=1))
    await pass_to(market, mailing, market.now())
    assert [len(mailing.arrived(one)) for one in (east, none)] == [1, 0]
    await pass_to(market, mailing, market.now() + timedelta(hours=1))
    assert await mailing.ledger(broadcast_id) == {"sent": 2}


async def test_nobody_is_there_with_the_last_zone_and_it_ends(market: Market, mailing: Mailing) -> None:
    at = noon_ahead(market)
    broadcast_id = await scheduled(mailing, at)
    await pass_to(market, mailing, at)
    assert (await mailing.seen(broadcast_id)).status == "scheduled"
    await pass_to(market, mailing, at + timedelta(hours=12))
    assert (await mailing.seen(broadcast_id)).status == "finished"


async def test_between_two_hours_it_is_paused_resumed_and_stopped_like_any_other_i10(
    market: Market, mailing: Mailing
) -> None:
    readers = await readers_in(mailing, KAMCHATKA, "Asia/Yekaterinburg", None)
    at = noon_ahead(market)
    broadcast_id = await scheduled(mailing, at)

    async def heard() -> list[int]:
        return [len(mailing.arrived(one)) for one in readers]

    await pass_to(market, mailing, at - timedelta(hours=9))
    await mailing.act(pause_broadcast, broadcast_id)
    await pass_to(market, mailing, at - timedelta(hours=2))
    assert await heard() == [1, 0, 0]
    await mailing.act(resume_broadcast, broadcast_id)
    await mailing.work()
    assert await heard() == [1, 1, 0]
    assert (await mailing.seen(broadcast_id)).next_step_at == at
    await mailing.act(stop_broadcast, broadcast_id)
    await mailing.work()
    await pass_to(market, mailing, at)
    assert (await heard(), await mailing.ledger(broadcast_id)) == ([1, 1, 0], {"sent": 2, "skipped": 1})


async def test_who_was_refused_is_written_to_again_at_once_while_others_wait_for_their_hour(
    market: Market, mailing: Mailing
) -> None:
    east, none = await readers_in(mailing, KAMCHATKA, None)
    at = noon_ahead(market)
    broadcast_id = await scheduled(mailing, at)
    market.world.faults.add(
        {"match": {"method": "sendmessage", "count": 1},
         "effect": {"kind": "status", "status": 400, "description": "Bad Request: no"}}
    )  # fmt: skip
    await pass_to(market, mailing, at - timedelta(hours=9))
    assert await mailing.ledger(broadcast_id) == {"failed": 1, "waiting": 1}
    await mailing.act(send_again, broadcast_id, RecipientState.FAILED)
    await mailing.work()
    assert [len(mailing.arrived(one)) for one in (east, none)] == [1, 0]


async def test_a_repetition_keeps_to_the_readers_clocks(market: Market, stall: Stall, mailing: Mailing) -> None:
    east, none = await readers_in(mailing, KAMCHATKA, None)
    at = noon_ahead(market)
    await scheduled(mailing, at, repeats=Repeats.DAILY)
    for day in range(2):
        await pass_to(market, mailing, at + timedelta(days=day, hours=-9))
        assert [len(mailing.arrived(one)) for one in (east, none)] == [day + 1, day]
        await pass_to(market, mailing, at + timedelta(days=day))
        assert [len(mailing.arrived(one)) for one in (east, none)] == [day + 1, day + 1]
    (following,) = await market.rows(stall.tenant_id, ScheduledBroadcast, ScheduledBroadcast.status == "scheduled")
    assert following.scheduled_at == following.readers_hour_at == at + timedelta(days=2)


async def test_sent_now_or_taken_off_the_schedule_it_is_like_any_other(market: Market, mailing: Mailing) -> None:
    readers = await readers_in(mailing, KAMCHATKA, None)
    at = noon_ahead(market)
    broadcast_id = await scheduled(mailing, at)
    off = await mailing.act(unschedule_broadcast, broadcast_id)
    assert off.readers_hour_at is None
    await mailing.act(schedule_broadcast, broadcast_id, at=at, version=None, in_readers_zones=True)
    await mailing.act(start_broadcast, broadcast_id, version=None)
    await mailing.work()
    assert [len(mailing.arrived(one)) for one in readers] == [1, 1]


async def test_one_with_a_trigger_has_a_moment_for_each_already(market: Market, mailing: Mailing) -> None:
    with pytest.raises(BroadcastInvalidError):
        await scheduled(mailing, noon_ahead(market), trigger=BroadcastTrigger.WELCOME)


async def test_a_claim_takes_nobody_whose_hour_has_not_come_however_many_it_asks_for(
    market: Market, stall: Stall, mailing: Mailing
) -> None:
    east, ural, none = await readers_in(mailing, KAMCHATKA, "Asia/Yekaterinburg", None)
    at = noon_ahead(market)
    broadcast_id = await scheduled(mailing, at)
    await market.skip(seconds=(at - timedelta(hours=9) - market.now()).total_seconds() + 1)
    await broadcasts.take_due_steps(market.worker, market.now())
    lease_id = LeaseId(new_uuid7())
    async with market.tenant(stall.tenant_id) as session:
        await begin_slice(session, broadcast_id, now=market.now())
    (job,) = await market.jobs(stall.tenant_id, "broadcasts.send")
    await stall.change(Job, job.id, lease_id=lease_id, leased_until=market.now() + timedelta(minutes=5))

    async def claimed(now: datetime) -> set[UUID]:
        found = await claim_recipients(
            market.worker.database, stall.tenant_id, broadcast_id, category="news", job_id=job.id, lease_id=lease_id,
            limit=10, now=now,
        )  # fmt: skip
        return {one.user_id for one in found}

    moments = [at - timedelta(hours=9, seconds=1), at - timedelta(hours=9), at - timedelta(hours=3), at]
    assert [await claimed(moment) for moment in moments] == [set(), {east.id}, set(), {ural.id, none.id}]


async def test_from_the_portal_it_is_scheduled_so_and_says_who_waits_for_their_hour(
    market: Market, mailing: Mailing, desk: Desk
) -> None:
    await readers_in(mailing, KAMCHATKA, "Asia/Yekaterinburg", None)
    at = noon_ahead(market)
    broadcast_id = await mailing.draft()
    path = f"/broadcasts/{broadcast_id}"
    other = await desk.post(f"{path}/schedule", at=at.isoformat())
    waits = await desk.post(f"{path}/schedule", at=at.isoformat(), in_readers_zones=True)
    assert (other["in_readers_zones"], waits["in_readers_zones"], waits["waiting_for_hour"]) == (False, True, None)
    assert (other["scheduled_at"], other["version"] != waits["version"]) == (waits["scheduled_at"], True)
    await pass_to(market, mailing, at - timedelta(hours=9))
    later = (await desk.get(path))["waiting_for_hour"]
    moments = [datetime.fromisoformat(later[name]) for name in ("next_at", "last_at")]
    assert (later["count"], moments) == (2, [at - timedelta(hours=2), at])
    await pass_to(market, mailing, at)
    assert (await desk.get(path))["waiting_for_hour"] is None
