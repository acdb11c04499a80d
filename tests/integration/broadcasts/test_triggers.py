"""Broadcasts that go to each person by themselves: once, when their time has come, and to nobody else."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from lumenpay.audit.service import SYSTEM
from lumenpay.broadcasts.errors import BroadcastInvalidError, BroadcastStateError
from lumenpay.broadcasts.running import (
    pause_broadcast,
    resume_broadcast,
    send_again,
    send_again_to,
    stop_broadcast,
)
from lumenpay.features.errors import FeatureOffError
from lumenpay.features.service import switch_own
from lumenpay.models.bots import Bot, BotStatus
from lumenpay.models.broadcasts import BroadcastTrigger, RecipientState, Repeats
from lumenpay.models.features import Feature
from lumenpay.models.users import User
from lumenpay.users.narrowing import UserFilters
from tenants_worker.tasks import broadcasts
from tests.support.mailing import Mailing
from tests.support.market import Market
from tests.support.stall import Stall

WELCOME = {"trigger": BroadcastTrigger.WELCOME, "delay_minutes": 60}
UNFINISHED = {"trigger": BroadcastTrigger.UNFINISHED_PURCHASE, "delay_minutes": 60}


async def begun(mailing: Mailing, text: str, **values: Any) -> UUID:
    broadcast_id = await mailing.started(text, **values)
    await mailing.work()
    return broadcast_id


async def later(market: Market, mailing: Mailing, **passing: float) -> None:
    await market.skip(**passing)
    for _ in range(2):
        await broadcasts.take_due_steps(market.worker, market.now())
        await mailing.work()
        await market.skip(minutes=1.5)


def heard(mailing: Mailing, reader: User, text: str) -> int:
    return mailing.arrived(reader).count(text)


async def test_whoever_comes_is_welcomed_once_and_whoever_was_there_before_is_not_i9(
    market: Market, mailing: Mailing
) -> None:
    (before,) = await mailing.readers(1)
    await market.skip(minutes=1)
    broadcast_id = await begun(mailing, "Welcome!", **WELCOME)
    assert (await mailing.seen(broadcast_id)).status == "running"
    (anna,) = await mailing.readers(1)
    await later(market, mailing, minutes=50)
    assert heard(mailing, anna, "Welcome!") == 0
    await later(market, mailing, minutes=15)
    (boris,) = await mailing.readers(1)
    await later(market, mailing, minutes=70)
    await later(market, mailing, hours=3)
    assert [heard(mailing, reader, "Welcome!") for reader in (before, anna, boris)] == [0, 1, 1]
    seen = await mailing.seen(broadcast_id)
    assert (seen.status, seen.total_count, await mailing.ledger(broadcast_id)) == ("running", 2, {"sent": 2})
    await mailing.act(stop_broadcast, broadcast_id)
    (late,) = await mailing.readers(1)
    await later(market, mailing, hours=2)
    assert heard(mailing, late, "Welcome!") == 0


async def test_who_was_imported_is_welcomed_once_they_come_and_not_when_the_list_does_i9(
    market: Market, stall: Stall, mailing: Mailing
) -> None:
    await begun(mailing, "Welcome!", **WELCOME)
    anna, boris = await mailing.readers(2, source="import")
    for reader in (anna, boris):
        await stall.change(User, reader.id, met_at=None)
    await later(market, mailing, hours=2)
    await market.skip(days=3)
    await stall.change(User, anna.id, met_at=market.now())
    await later(market, mailing, hours=2)
    await later(market, mailing, hours=2)
    assert [heard(mailing, reader, "Welcome!") for reader in (anna, boris)] == [1, 0]


async def test_one_that_was_stopped_is_not_begun_anew_by_writing_to_somebody_again_i9(
    market: Market, mailing: Mailing
) -> None:
    broadcast_id = await begun(mailing, "Welcome!", **WELCOME)
    (anna,) = await mailing.readers(1)
    market.world.faults.add(
        {"match": {"method": "sendmessage", "count": 1},
         "effect": {"kind": "status", "status": 400, "description": "Bad Request: no"}}
    )  # fmt: skip
    await later(market, mailing, minutes=70)
    assert await mailing.ledger(broadcast_id) == {"failed": 1}
    await mailing.act(stop_broadcast, broadcast_id)
    await mailing.work()
    for again in (send_again, send_again_to):
        with pytest.raises(BroadcastStateError):
            await mailing.act(again, broadcast_id, RecipientState.FAILED if again is send_again else anna.id)
    (late,) = await mailing.readers(1)
    await later(market, mailing, hours=2)
    assert (heard(mailing, late, "Welcome!"), (await mailing.seen(broadcast_id)).status) == (0, "stopped")


async def test_that_of_a_deleted_bot_ends_i9(market: Market, stall: Stall, mailing: Mailing) -> None:
    broadcast_id = await begun(mailing, "Welcome!", **WELCOME)
    await stall.change(Bot, stall.bot_id, status=BotStatus.DELETED)
    await later(market, mailing, minutes=5)
    assert (await mailing.seen(broadcast_id)).status == "stopped"


async def test_only_people_of_the_list_are_welcomed_and_nobody_after_a_day_of_pause_i9(
    market: Market, mailing: Mailing
) -> None:
    broadcast_id = await begun(mailing, "Welcome!", filters=UserFilters(source="vk"), **WELCOME)
    (anna,), (other,) = await mailing.readers(1, source="vk"), await mailing.readers(1, source="ads")
    await mailing.act(pause_broadcast, broadcast_id)
    await later(market, mailing, hours=30)
    (boris,) = await mailing.readers(1, source="vk")
    await mailing.act(resume_broadcast, broadcast_id)
    await mailing.work()
    await later(market, mailing, hours=2)
    assert [heard(mailing, reader, "Welcome!") for reader in (anna, other, boris)] == [0, 0, 1]


async def test_who_left_an_order_unpaid_is_asked_once_and_nobody_who_paid_or_is_paying_i9(
    market: Market, stall: Stall, mailing: Mailing
) -> None:
    await begun(mailing, "Still here?", **UNFINISHED)
    left, paid, looks, chose = [await stall.buyer(first_name=name) for name in ("Left", "Paid", "Looks", "Chose")]
    await stall.ordered(left)
    await stall.bought(paid)
    await stall.ordered(chose)
    other_plan = await stall.add_plan(stall.channel_id)
    await stall.bought(chose, plan_id=other_plan.id)
    await later(market, mailing, minutes=58)
    paying = await stall.buyer(first_name="Paying")
    await stall.ordered(paying)
    await later(market, mailing, minutes=10)
    everybody = (left, paid, looks, chose, paying)
    assert [heard(mailing, user, "Still here?") for user in everybody] == [1, 0, 0, 0, 0]
    await later(market, mailing, hours=2)
    await later(market, mailing, hours=20)
    assert [heard(mailing, user, "Still here?") for user in everybody] == [1, 0, 0, 0, 1]


async def test_what_goes_by_itself_does_not_repeat(mailing: Mailing) -> None:
    with pytest.raises(BroadcastInvalidError):
        await mailing.draft(repeats=Repeats.DAILY, **WELCOME)


async def test_one_that_runs_stands_still_while_the_platform_has_switched_it_off(
    market: Market, mailing: Mailing
) -> None:
    await begun(mailing, "Welcome!", **WELCOME)

    async def switch(*, is_on: bool) -> None:
        async with market.tenant(mailing.stall.tenant_id) as session:
            await switch_own(session, Feature.TRIGGERS, is_on=is_on, reason="floods", actor=SYSTEM, now=market.now())

    await switch(is_on=False)
    with pytest.raises(FeatureOffError):
        await mailing.draft("Hello!", **WELCOME)
    (anna,) = await mailing.readers(1)
    await later(market, mailing, minutes=70)
    await later(market, mailing, minutes=20)
    assert heard(mailing, anna, "Welcome!") == 0
    await switch(is_on=True)
    await later(market, mailing, minutes=20)
    assert heard(mailing, anna, "Welcome!") == 1
