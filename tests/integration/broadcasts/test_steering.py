"""Pausing, resuming and stopping a broadcast; its time, its hours, and who wants none of its kind."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from lumenpay.broadcasts.audience import count_audience
from lumenpay.broadcasts.errors import (
    BroadcastInvalidError,
    BroadcastNotTestedError,
    BroadcastStateError,
    RecipientNotFoundError,
)
from lumenpay.broadcasts.opt_outs import list_unwanted, set_wanted
from lumenpay.broadcasts.repository import get_broadcast
from lumenpay.broadcasts.rules import Content
from lumenpay.broadcasts.running import (
    pause_broadcast,
    resume_broadcast,
    schedule_broadcast,
    send_again,
    send_again_to,
    set_paused,
    start_broadcast,
    stop_broadcast,
    unschedule_broadcast,
)
from lumenpay.broadcasts.service import Draft, change_broadcast, discard_broadcast
from lumenpay.broadcasts.slices import begin_slice
from lumenpay.broadcasts.steps import resume_held
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.broadcasts import BroadcastCategory, PauseReason, RecipientState
from lumenpay.models.users import User
from lumenpay.tenants.repository import get_own_tenant
from lumenpay.users.narrowing import UserFilters
from tenants_worker.tasks import broadcasts
from tests.support.mailing import EVERYBODY, Mailing
from tests.support.market import Market
from tests.support.stall import Stall
from tests.support.waiting import until


async def test_a_pause_and_a_stop_count_within_two_seconds_and_the_figures_are_right_i4(
    market: Market, mailing: Mailing
) -> None:
    readers = await mailing.readers(60)
    mailing.hurry(rate=20)

    async def heard() -> int:
        return sum(len(mailing.arrived(reader)) for reader in readers)

    def enough(count: int) -> Callable[[], Awaitable[bool]]:
        async def is_enough() -> bool:
            return await heard() >= count

        return is_enough

    broadcast_id = await mailing.started()
    working = asyncio.ensure_future(mailing.work())
    await until(enough(5), seconds=20, what="five messages")
    await mailing.act(pause_broadcast, broadcast_id)
    paused_at = time.monotonic()
    await working
    assert time.monotonic() - paused_at < 2
    counts = await mailing.ledger(broadcast_id)
    assert counts == {"sent": await heard(), "waiting": 60 - await heard()}
    assert 5 <= counts["sent"] < 60
    assert (await mailing.act(pause_broadcast, broadcast_id)).paused_because == "asked"
    mailing.hurry(rate=20)
    await mailing.act(resume_broadcast, broadcast_id)
    await mailing.act(resume_broadcast, broadcast_id)
    working = asyncio.ensure_future(mailing.work())
    await until(enough(await heard() + 5), seconds=20, what="five more messages")
    await mailing.act(stop_broadcast, broadcast_id)
    stopped_at = time.monotonic()
    await working
    assert time.monotonic() - stopped_at < 2
    await mailing.act(stop_broadcast, broadcast_id)
    assert await mailing.ledger(broadcast_id) == {"sent": await heard(), "skipped": 60 - await heard()}
    assert all(len(mailing.arrived(reader)) <= 1 for reader in readers)
    with pytest.raises(BroadcastStateError):
        await mailing.act(resume_broadcast, broadcast_id)


async def test_a_paused_one_that_is_stopped_leaves_out_who_is_left(mailing: Mailing) -> None:
    await mailing.readers(3)
    broadcast_id = await mailing.started()
    await mailing.act(pause_broadcast, broadcast_id)
    await mailing.work()
    assert await mailing.ledger(broadcast_id) == {}
    await mailing.act(resume_broadcast, broadcast_id)
    await mailing.act(stop_broadcast, broadcast_id)
    await mailing.work()
    assert (await mailing.seen(broadcast_id)).next_step_at is None


async def test_what_failed_can_be_tried_again_after_the_end_and_only_that(market: Market, mailing: Mailing) -> None:
    readers = await mailing.readers(4)
    market.world.faults.add(
        {"match": {"method": "sendmessage", "count": 2},
         "effect": {"kind": "status", "status": 400, "description": "Bad Request: no"}}
    )  # fmt: skip
    broadcast_id = await mailing.started()
    await mailing.work()
    assert await mailing.ledger(broadcast_id) == {"failed": 2, "sent": 2}
    await asyncio.gather(*(mailing.act(send_again, broadcast_id, RecipientState.FAILED) for _ in range(4)))
    await mailing.work()
    await mailing.act(send_again, broadcast_id, RecipientState.FAILED)
    await mailing.act(send_again, broadcast_id, RecipientState.UNCERTAIN)
    await mailing.work()
    assert await mailing.ledger(broadcast_id) == {"sent": 4}
    assert [len(mailing.arrived(reader)) for reader in readers] == [1] * 4
    assert (await mailing.seen(broadcast_id)).status == "finished"


async def test_what_a_debt_has_paused_stays_so_once_somebody_asks_for_it_i8(
    market: Market, stall: Stall, mailing: Mailing
) -> None:
    await mailing.readers(1)
    asked, other = [await mailing.started() for _ in range(2)]
    async with market.tenant(stall.tenant_id) as session:
        for broadcast_id in (asked, other):
            set_paused(await get_broadcast(session, broadcast_id), PauseReason.SUSPENDED)
    await mailing.act(pause_broadcast, asked)
    async with market.tenant(stall.tenant_id) as session:
        await resume_held(session, now=market.now())
    await mailing.work()
    assert [(await mailing.seen(one)).status for one in (asked, other)] == ["paused", "finished"]


async def test_one_person_can_be_written_to_again_without_the_others(market: Market, mailing: Mailing) -> None:
    readers = await mailing.readers(3)
    market.world.faults.add(
        {"match": {"method": "sendmessage", "count": 3},
         "effect": {"kind": "status", "status": 400, "description": "Bad Request: no"}}
    )  # fmt: skip
    broadcast_id = await mailing.started()
    await mailing.work()
    assert await mailing.ledger(broadcast_id) == {"failed": 3}
    await asyncio.gather(*(mailing.act(send_again_to, broadcast_id, readers[1].id) for _ in range(3)))
    await mailing.work()
    await mailing.act(send_again_to, broadcast_id, readers[1].id)
    await mailing.work()
    assert [len(mailing.arrived(reader)) for reader in readers] == [0, 1, 0]
    assert await mailing.ledger(broadcast_id) == {"failed": 2, "sent": 1}
    with pytest.raises(RecipientNotFoundError):
        await mailing.act(send_again_to, broadcast_id, new_uuid7())


async def test_a_scheduled_one_begins_at_its_time_once(market: Market, stall: Stall, mailing: Mailing) -> None:
    (anna,) = await mailing.readers(1)
    broadcast_id = await mailing.draft()
    at = market.now() + timedelta(hours=3)
    await mailing.act(schedule_broadcast, broadcast_id, at=market.now() + timedelta(hours=1), version=None)
    await mailing.act(schedule_broadcast, broadcast_id, at=at, version=None)

    async def tick(**passing: float) -> None:
        await market.skip(**passing)
        for _ in range(2):
            await broadcasts.take_due_steps(market.worker, market.now())
            await mailing.work()

    await tick(hours=2)
    assert mailing.arrived(anna) == []
    await mailing.act(unschedule_broadcast, broadcast_id)
    await tick(hours=2)
    assert mailing.arrived(anna) == []
    with pytest.raises(BroadcastInvalidError):
        await mailing.act(schedule_broadcast, broadcast_id, at=at, version=None)
    await mailing.act(schedule_broadcast, broadcast_id, at=market.now() + timedelta(hours=1), version=None)
    await tick(hours=1, seconds=1)
    assert len(mailing.arrived(anna)) == 1
    assert len(await market.jobs(stall.tenant_id, "broadcasts.send")) == 1
    with pytest.raises(BroadcastStateError):
        await mailing.act(unschedule_broadcast, broadcast_id)


async def test_nobody_is_written_to_outside_of_the_hours_and_it_goes_on_by_itself(
    market: Market, stall: Stall, mailing: Mailing
) -> None:
    async with market.tenant(stall.tenant_id) as session:
        zone = ZoneInfo((await get_own_tenant(session)).time_zone)
    hour = market.now().astimezone(zone).hour
    # The hours begin in one to two hours from now, whatever time it is.
    await market.skip(hours=(22 - hour) % 24)
    (anna,) = await mailing.readers(1)
    broadcast_id = await mailing.started(from_hour=9, until_hour=20)
    await mailing.work()
    seen = await mailing.seen(broadcast_id)
    assert (seen.status, seen.total_count) == ("scheduled", None)
    assert seen.scheduled_at is not None
    assert (seen.scheduled_at.astimezone(zone).hour, seen.scheduled_at > market.now()) == (9, True)
    await market.skip(hours=8)
    await broadcasts.take_due_steps(market.worker, market.now())
    await mailing.work()
    assert mailing.arrived(anna) == []
    await market.skip(hours=4)
    await broadcasts.take_due_steps(market.worker, market.now())
    await mailing.work()
    assert len(mailing.arrived(anna)) == 1
    assert (await mailing.seen(broadcast_id)).status == "finished"


async def test_who_wants_none_of_a_kind_gets_none_of_it_even_while_it_runs(
    market: Market, stall: Stall, mailing: Mailing
) -> None:
    anna, boris, vera = await mailing.readers(3)

    async def want(user: User, category: BroadcastCategory, *, is_wanted: bool) -> None:
        async with market.tenant(stall.tenant_id) as session:
            await set_wanted(session, user.id, category, is_wanted=is_wanted, now=market.now())

    await want(anna, BroadcastCategory.NEWS, is_wanted=False)
    await want(anna, BroadcastCategory.NEWS, is_wanted=False)
    await want(vera, BroadcastCategory.OFFERS, is_wanted=False)
    await stall.change(User, vera.id, blocked_bot_at=market.now())
    async with market.tenant(stall.tenant_id) as session:
        filters = UserFilters(bot_id=stall.bot_id)
        found = await count_audience(session, filters, BroadcastCategory.NEWS, now=market.now())
    assert (found.reached, found.blocked, found.opted_out) == (1, 1, 1)
    broadcast_id = await mailing.started()
    await mailing.act(pause_broadcast, broadcast_id)
    await mailing.act(resume_broadcast, broadcast_id)
    async with market.tenant(stall.tenant_id) as session:
        await begin_slice(session, broadcast_id, now=market.now())
    await want(boris, BroadcastCategory.NEWS, is_wanted=False)
    await mailing.work()
    assert await mailing.ledger(broadcast_id) == {"skipped": 1}
    await want(boris, BroadcastCategory.NEWS, is_wanted=True)
    async with market.tenant(stall.tenant_id) as session:
        assert await list_unwanted(session, boris.id) == set()
    await mailing.started(category=BroadcastCategory.OFFERS)
    await mailing.work()
    assert [len(mailing.arrived(reader)) for reader in (anna, boris, vera)] == [1, 1, 0]


async def test_what_nobody_has_looked_at_does_not_go_out_i5(market: Market, stall: Stall, mailing: Mailing) -> None:
    broadcast_id = await mailing.draft()
    await mailing.act(schedule_broadcast, broadcast_id, at=market.now() + timedelta(hours=1), version=None)
    draft = Draft("News", Content("Another text"), EVERYBODY)
    changed = await mailing.act(change_broadcast, broadcast_id, draft, version=None)
    assert (changed.status, changed.tested_at) == ("draft", None)
    for attempt in (
        mailing.act(start_broadcast, broadcast_id, version=None),
        mailing.act(schedule_broadcast, broadcast_id, at=market.now() + timedelta(hours=1), version=None),
    ):
        with pytest.raises(BroadcastNotTestedError):
            await attempt
    for text in ("<b>bold", "{surname}", " ", "x" * 4097):
        with pytest.raises(BroadcastInvalidError):
            await mailing.draft(text)


async def test_one_that_has_begun_is_neither_changed_nor_thrown_away(mailing: Mailing) -> None:
    await mailing.readers(1)
    broadcast_id = await mailing.started()
    with pytest.raises(BroadcastStateError):
        await mailing.act(change_broadcast, broadcast_id, Draft("News", Content("x"), EVERYBODY), version=None)
    with pytest.raises(BroadcastStateError):
        await mailing.act(discard_broadcast, broadcast_id)
    await mailing.work()
    assert await mailing.ledger(broadcast_id) == {"sent": 1}
