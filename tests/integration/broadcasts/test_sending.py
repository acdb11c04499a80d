"""A broadcast reaches everybody of its audience once, and says of everybody else why not."""

from __future__ import annotations

import asyncio
from collections import Counter

from lumenpay.access import timeline
from lumenpay.broadcasts.running import start_broadcast
from lumenpay.broadcasts.slices import begin_slice
from lumenpay.messages.formatting import format_until
from lumenpay.models.broadcasts import BroadcastRecipient
from lumenpay.models.jobs import Job
from lumenpay.models.plans import Plan
from lumenpay.models.subscriptions import Subscription
from lumenpay.models.users import User
from lumenpay.tenants.repository import get_own_tenant
from lumenpay.users.narrowing import UserFilters
from tests.support.mailing import Mailing
from tests.support.market import Market
from tests.support.stall import Stall, open_stall


async def test_everybody_gets_it_once_with_their_own_name(mailing: Mailing) -> None:
    readers = await mailing.readers(23)
    broadcast_id = await mailing.started("Hello, {name}!")
    await mailing.work()
    assert [mailing.arrived(reader) for reader in readers] == [[f"Hello, {reader.first_name}!"] for reader in readers]
    assert await mailing.ledger(broadcast_id) == {"sent": 23}
    assert (await mailing.seen(broadcast_id)).status == "finished"


async def test_who_comes_or_changes_after_the_beginning_is_not_in_the_audience_i2(
    market: Market, stall: Stall, mailing: Mailing
) -> None:
    anna, boris = await mailing.readers(2, source="vk")
    (other,) = await mailing.readers(1, source="ads")
    broadcast_id = await mailing.draft(filters=UserFilters(source="vk"))
    (late,) = await mailing.readers(1, source="vk")
    await mailing.start(broadcast_id)
    async with market.tenant(stall.tenant_id) as session:
        assert await begin_slice(session, broadcast_id, now=market.now()) is not None
    (later,) = await mailing.readers(1, source="vk")
    await stall.change(User, boris.id, source="ads")
    await mailing.work()
    heard = [bool(mailing.arrived(reader)) for reader in (anna, boris, late, other, later)]
    assert heard == [True, True, True, False, False]
    assert (await mailing.seen(broadcast_id)).total_count == 3


async def test_of_eight_who_press_send_one_is_heard_i3(market: Market, stall: Stall, mailing: Mailing) -> None:
    readers = await mailing.readers(5)
    broadcast_id = await mailing.draft()
    await asyncio.gather(*(mailing.act(start_broadcast, broadcast_id, version=None) for _ in range(8)))
    assert len(await market.jobs(stall.tenant_id, "broadcasts.send")) == 1
    await mailing.work()
    await mailing.act(start_broadcast, broadcast_id, version=None)
    await mailing.work()
    assert [len(mailing.arrived(reader)) for reader in readers] == [1] * 5


async def test_people_out_of_reach_are_marked_and_left_out_next_time_i7(
    market: Market, stall: Stall, mailing: Mailing
) -> None:
    blocked, deleted, unknown, fine = await mailing.readers(4)
    world, bot = market.world, stall.telegram_bot_id
    world.private_chat(bot, blocked.telegram_id).is_blocked = True
    world.users[deleted.telegram_id].is_deactivated = True
    del world.users[unknown.telegram_id]
    first = await mailing.started()
    await mailing.work()
    reasons = await mailing.reasons(first)
    assert {reasons[user.id] for user in (blocked,)} == {("blocked", "blocked")}
    assert reasons[deleted.id] == ("blocked", "deactivated")
    assert reasons[unknown.id] == ("blocked", "chat_not_found")
    assert await mailing.ledger(first) == {"blocked": 3, "sent": 1}
    second = await mailing.started()
    await mailing.work()
    assert await mailing.ledger(second) == {"sent": 1}
    assert len(mailing.arrived(fine)) == 2


async def test_a_group_that_has_another_id_now_is_not_written_to_and_left_out_next_time(mailing: Mailing) -> None:
    moved, fine = await mailing.readers(2)
    mailing.stall.market.world.faults.add(
        {"match": {"method": "sendmessage", "count": 1},
         "effect": {"kind": "status", "status": 400, "parameters": {"migrate_to_chat_id": -100123},
                    "description": "Bad Request: group chat was upgraded to a supergroup chat"}}
    )  # fmt: skip
    first = await mailing.started()
    await mailing.work()
    states = await mailing.reasons(first)
    assert Counter(states.values()) == {("blocked", "migrated"): 1, ("sent", ""): 1}
    second = await mailing.started()
    await mailing.work()
    assert await mailing.ledger(second) == {"sent": 1}
    assert len(mailing.arrived(moved)) + len(mailing.arrived(fine)) == 2


async def test_each_reads_of_their_own_subscription_and_whoever_has_none_what_stands_for_it(
    stall: Stall, mailing: Mailing
) -> None:
    payer = await stall.buyer(first_name="Payer")
    await stall.bought(payer)
    (other,) = await mailing.readers(1)
    text = "{name}, {plan}: {paid_until}"
    await mailing.started(text, plan_fallback="no plan", paid_until_fallback="nothing paid")
    await mailing.work()
    plan = await stall.market.get(stall.tenant_id, Plan, stall.plan_id)
    (subscription,) = await stall.market.rows(stall.tenant_id, Subscription)
    async with stall.market.tenant(stall.tenant_id) as session:
        zone = (await get_own_tenant(session)).time_zone
    until = format_until(subscription.ends_at, time_zone=zone, locale="ru")
    assert mailing.arrived(payer)[-1] == f"Payer, {plan.title}: {until}"
    assert mailing.arrived(other)[-1] == f"{other.first_name}, no plan: nothing paid"
    async with stall.market.tenant(stall.tenant_id) as session:
        told = await timeline.list_of_person(session, other.id, cursor=None, limit=10)
    (received,) = [item for item in told.items if item.source == "broadcasts"]
    assert (received.action, received.details["title"], received.details["is_uncertain"]) == (
        "broadcast_sent", "News", False
    )  # fmt: skip


async def test_a_list_can_be_narrowed_to_a_language(mailing: Mailing) -> None:
    (anna,), (hans,) = await mailing.readers(1), await mailing.readers(1, locale="en")
    await mailing.started("Hello, {name}!", filters=UserFilters(locale="en"))
    await mailing.work()
    assert [len(mailing.arrived(reader)) for reader in (anna, hans)] == [0, 1]


async def test_another_tenants_people_and_another_bots_people_hear_nothing(
    market: Market, stall: Stall, mailing: Mailing
) -> None:
    neighbour, second_bot = await open_stall(market), await open_stall(market, tenant_id=stall.tenant_id)
    strangers = [(await Mailing(one).readers(1))[0] for one in (neighbour, second_bot)]
    await mailing.readers(1)
    broadcast_id = await mailing.started()
    await mailing.work()
    assert await mailing.ledger(broadcast_id) == {"sent": 1}
    assert [Mailing(one).arrived(who) for one, who in zip((neighbour, second_bot), strangers, strict=True)] == [[], []]
    assert await market.count(neighbour.tenant_id, BroadcastRecipient) == 0
    assert await market.count(neighbour.tenant_id, Job, Job.kind == "broadcasts.send") == 0
