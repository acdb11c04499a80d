"""Slow looks through the people of a channel, and the brake before many are removed (E18, E22, H8)."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, update

from lumenpay.access import sweep_closing, sweeping
from lumenpay.access.errors import SweepDecidedError
from lumenpay.audit.service import SYSTEM, Actor
from lumenpay.jobs.catalogue import RemoveMember, TellOwnerOfSweep
from lumenpay.kit.daily import next_daily_moment
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.access import AccessAction, AccessLog, ActualPlace, Membership, WantedPlace
from lumenpay.models.audit import AuditEvent
from lumenpay.models.channels import Channel
from lumenpay.models.jobs import Job, JobStatus
from lumenpay.models.plans import PlanChannel
from lumenpay.models.subscriptions import Subscription, SubscriptionStatus
from lumenpay.models.sweeps import MembershipSweep, SweptMember
from lumenpay.models.tenants import Role
from lumenpay.models.users import User
from sandbox.telegram.state.members import Member
from tenants_worker.tasks import subscriptions, sweeps
from tests.integration.access.test_removal import enter, membership_of, removals
from tests.support.chat import open_phone
from tests.support.market import Market
from tests.support.owners import Owners, owners
from tests.support.stall import Stall

__all__ = ["owners"]

OWNER = Actor("admin")
MONTH = timedelta(days=30)


async def sweep(stall: Stall) -> MembershipSweep:
    """A sweep that has looked at everybody, however many shares it takes."""
    market = stall.market
    async with market.tenant(stall.tenant_id) as session:
        started = await sweeping.request_sweep(session, stall.channel_id, actor=SYSTEM, now=market.now())
    for _ in range(20):
        await market.work()
        found = await market.get(stall.tenant_id, MembershipSweep, started.id)
        assert isinstance(found, MembershipSweep)
        if found.status not in {"looking", "removing", "keeping"}:
            return found
        await market.skip(seconds=61)
        await sweeps.look_due(market.worker, market.now())
    raise AssertionError("the sweep does not end")


async def crowd(stall: Stall, count: int, **membership: Any) -> list[int]:
    """People who are inside by Telegram's word, and by whose row they have paid."""
    market = stall.market
    world = market.world
    ids = []
    async with market.tenant(stall.tenant_id) as session:
        for number in range(count):
            person = world.add_user(first_name=f"Crowd {number}")
            world.channels[stall.chat_id].members[person.id] = Member(person.id, "member")
            user = User(
                tenant_id=stall.tenant_id, id=new_uuid7(), bot_id=stall.bot_id, telegram_id=person.id,
                first_name="Crowd", created_at=market.now(), last_seen_at=market.now(),
            )  # fmt: skip
            session.add(user)
            await session.flush()
            values = {"wanted": WantedPlace.INSIDE, "actual": ActualPlace.INSIDE} | membership
            session.add_all([
                Membership(
                    tenant_id=stall.tenant_id, id=new_uuid7(), channel_id=stall.channel_id, telegram_id=person.id,
                    user_id=user.id, created_at=market.now(), **values,
                ),
                Subscription(
                    tenant_id=stall.tenant_id, id=new_uuid7(), bot_id=stall.bot_id, user_id=user.id,
                    plan_id=stall.plan_id, starts_at=market.now(), ends_at=market.now(), access_ends_at=market.now(),
                    created_at=market.now(), status=SubscriptionStatus.EXPIRED,
                ),
            ])  # fmt: skip
            ids.append(person.id)
    return ids


async def inside(stall: Stall, people: list[int]) -> int:
    members = stall.market.world.channels[stall.chat_id].members
    return sum(members[person].is_inside for person in people if person in members)


async def decide(stall: Stall, found: MembershipSweep, *, is_removal: bool, people: int | None = None) -> None:
    market = stall.market
    async with market.tenant(stall.tenant_id) as session:
        await sweep_closing.decide_sweep(
            session, found.id, is_removal=is_removal, people=people or found.to_remove_count, actor=OWNER,
            now=market.now(),
        )  # fmt: skip
    await market.work()


async def test_a_sweep_that_would_remove_too_many_stops_and_removes_nobody_h8(market: Market, stall: Stall) -> None:
    people = await crowd(stall, 21)
    for _ in range(2):
        found = await sweep(stall)
        assert (found.status, found.to_remove_count, found.inside_count) == ("braked", 21, 21)
    assert (await inside(stall, people), await removals(stall)) == (21, 0)
    assert not await market.jobs(stall.tenant_id, "access.remove")
    # It is told once, and goes on waiting through the days.
    await market.skip(days=3)
    await sweeps.look_due(market.worker, market.now())
    await market.work()
    braked = await market.rows(stall.tenant_id, AuditEvent, AuditEvent.action == "membership_sweep.braked")
    assert (len(braked), await inside(stall, people)) == (1, 21)


async def test_every_owner_is_told_once_of_a_sweep_that_waits_for_a_decision_h8(
    market: Market, stall: Stall, owners: Owners
) -> None:
    phone = await open_phone(stall)
    await phone.write("/start")
    alice, bill = await owners.add(Role.OWNER, telegram_id=phone.id), await owners.add(Role.OWNER, locale="en")
    await owners.add(Role.ANALYST)
    await crowd(stall, 21)
    await sweep(stall)
    for _ in range(2):
        await market.skip(days=1)
        await sweeps.look_due(market.worker, market.now())
        await market.work()
    said = {to: (subject, text) for to, subject, text in owners.letters()}
    assert sorted(to for to, _, _ in owners.letters()) == sorted([str(alice.email), str(bill.email)])
    assert said[str(alice.email)][0] == "Нужно ваше решение: люди без подписки в «Club»"
    assert "21 из 21" in said[str(alice.email)][1]
    assert "“Remove”" in said[str(bill.email)][1]
    assert f"/t/{stall.tenant_id}/channels" in said[str(bill.email)][1]
    assert len([message for message in await phone.messages() if "Нужно ваше решение" in message["text"]]) == 1


async def test_a_sweep_that_was_decided_before_it_could_be_told_is_not_told_h8(
    market: Market, stall: Stall, owners: Owners
) -> None:
    alice = await owners.add(Role.OWNER)
    await crowd(stall, 21)
    found = await sweep(stall)
    await decide(stall, found, is_removal=False)
    told = len(owners.letters())
    await market.run(stall.tenant_id, TellOwnerOfSweep(found.id, alice.id, "mail"))
    assert len(owners.letters()) == told == 1


async def test_few_people_are_removed_without_a_word_to_the_owners_h8(
    market: Market, stall: Stall, owners: Owners
) -> None:
    await owners.add(Role.OWNER)
    await crowd(stall, 20)
    await sweep(stall)
    assert not owners.letters()


async def test_confirmed_people_are_removed_but_not_who_paid_meanwhile_h8(market: Market, stall: Stall) -> None:
    people = await crowd(stall, 21)
    found = await sweep(stall)
    month = market.now() + MONTH
    async with market.tenant(stall.tenant_id) as session:
        user_id = (await market.rows(stall.tenant_id, User, User.telegram_id == people[0]))[0].id
        await session.execute(
            update(Subscription)
            .where(Subscription.user_id == user_id)
            .values(status=SubscriptionStatus.ACTIVE, ends_at=month, access_ends_at=month)
        )
    results = await asyncio.gather(*(decide(stall, found, is_removal=True) for _ in range(3)), return_exceptions=True)
    assert sum(isinstance(result, SweepDecidedError) for result in results) == 2
    await market.work()
    assert (await inside(stall, people), await removals(stall)) == (1, 20)
    assert (await market.get(stall.tenant_id, MembershipSweep, found.id)).status == "done"
    [event] = await market.rows(stall.tenant_id, AuditEvent, AuditEvent.action == "membership_sweep.confirmed")
    assert event.details["people"] == 21


async def test_kept_people_stay_for_good_h8(market: Market, stall: Stall) -> None:
    people = await crowd(stall, 21)
    found = await sweep(stall)
    await decide(stall, found, is_removal=False)
    assert (await market.get(stall.tenant_id, MembershipSweep, found.id)).status == "kept"
    again = await sweep(stall)
    assert (again.status, again.to_remove_count, await inside(stall, people)) == ("done", 0, 21)
    assert not await market.rows(stall.tenant_id, SweptMember)


async def test_a_decision_about_another_number_of_people_is_refused_h8(stall: Stall) -> None:
    people = await crowd(stall, 21)
    found = await sweep(stall)
    try:
        await decide(stall, found, is_removal=True, people=20)
    except SweepDecidedError:
        assert await inside(stall, people) == 21
    else:
        raise AssertionError("a decision about 20 people removed 21")


async def test_few_people_are_removed_without_asking(market: Market, stall: Stall) -> None:
    people = await crowd(stall, 20)
    found = await sweep(stall)
    assert (found.status, found.to_remove_count) == ("done", 20)
    await market.work()
    assert (await inside(stall, people), await removals(stall)) == (0, 20)


async def test_the_ordinary_end_of_many_at_one_moment_needs_nobody_h8(market: Market, stall: Stall) -> None:
    people = await crowd(stall, 25)
    async with market.tenant(stall.tenant_id) as session:
        await session.execute(update(Subscription).values(status=SubscriptionStatus.ACTIVE))
    # Over, and nobody has ended them yet; then ended, and nobody has been taken out yet.
    assert (await sweep(stall)).to_remove_count == 0
    await subscriptions.expire_due(market.worker, market.now())
    async with market.tenant(stall.tenant_id) as session:
        share = await sweeping.prepare_share(session, stall.channel_id, now=market.now())
        assert share is None
    async with market.tenant(stall.tenant_id) as session:
        waiting = await session.execute(
            update(Job)
            .where(Job.tenant_id == stall.tenant_id, Job.kind == RemoveMember.kind, Job.status == JobStatus.READY)
            .values(run_at=market.now() + MONTH)
            .returning(Job.id)
        )
        assert len(waiting.all()) == 25
    assert (await sweep(stall)).to_remove_count == 0
    assert await inside(stall, people) == 25
    await market.skip(days=30)
    await market.work()
    assert (await inside(stall, people), await removals(stall)) == (0, 25)


async def test_who_paid_for_a_channel_that_left_the_plan_stays_until_the_end(market: Market, stall: Stall) -> None:
    anna = await stall.buyer()
    await stall.add_channel(plan_id=stall.plan_id)
    await enter(stall, anna)
    async with market.tenant(stall.tenant_id) as session:
        await session.execute(delete(PlanChannel).where(PlanChannel.channel_id == stall.channel_id))
    assert (await sweep(stall)).to_remove_count == 0
    assert await stall.is_inside(anna.telegram_id)


async def test_after_an_outage_of_updates_every_place_is_known_again_e22(market: Market, stall: Stall) -> None:
    anna, ben, cleo = [await stall.buyer() for _ in range(3)]
    for user in (anna, ben):
        await enter(stall, user)
    paid = await stall.bought(cleo)
    # Not one update about them arrives: one leaves, one comes in, one whose time is over comes back.
    await market.telegram("DELETE", f"/channels/{stall.chat_id}/members/{anna.telegram_id}")
    await market.telegram("POST", f"/channels/{stall.chat_id}/members", user_id=cleo.telegram_id)
    async with market.tenant(stall.tenant_id) as session:
        await session.execute(
            update(Subscription)
            .where(Subscription.user_id == ben.id)
            .values(status=SubscriptionStatus.EXPIRED, access_ends_at=market.now())
        )
    found = await sweep(stall)
    assert (found.status, found.looked_count, found.inside_count, found.mended_count) == ("done", 3, 2, 2)
    await market.work()
    places = [(await membership_of(stall, user)).actual for user in (anna, ben, cleo)]
    assert places == [ActualPlace.OUTSIDE, ActualPlace.OUTSIDE, ActualPlace.INSIDE]
    assert not await stall.is_inside(ben.telegram_id)
    assert (await stall.payment(paid.id)).delivery_state == "joined"
    logged = await market.rows(stall.tenant_id, AccessLog, AccessLog.reason == sweeping.FOUND)
    assert {row.action for row in logged} == {AccessAction.LEFT, AccessAction.JOINED}
    again = await sweep(stall)
    assert (again.mended_count, again.to_remove_count) == (0, 0)


async def test_a_removal_that_was_cut_off_after_the_ban_lifts_it_e18(market: Market, stall: Stall) -> None:
    anna = await stall.buyer()
    await enter(stall, anna)
    membership = await membership_of(stall, anna)
    await market.skip(days=31)
    for is_heard in (False, True):
        market.world.channels[stall.chat_id].members[anna.telegram_id] = Member(anna.telegram_id, "kicked")
        if is_heard:
            await stall.moved(anna.telegram_id, was_inside=True, is_inside=False)
        await market.run(stall.tenant_id, RemoveMember(membership.id), attempts=2)
        assert await stall.member_status(anna.telegram_id) == "left"


async def test_a_payer_banned_by_half_a_removal_is_let_in_again_and_whom_a_human_bans_is_not_e18(
    market: Market, stall: Stall
) -> None:
    anna, ben = await stall.buyer(), await stall.buyer()
    for user in (anna, ben):
        await enter(stall, user)
    await market.skip(days=31)
    await stall.sweep()
    await stall.bought(anna)
    await stall.bought(ben)
    await enter_again(stall, ben)
    members = market.world.channels[stall.chat_id].members
    for user in (anna, ben):
        members[user.telegram_id] = Member(user.telegram_id, "kicked")
    await sweep(stall)
    assert await stall.member_status(anna.telegram_id) == "left"
    assert await stall.member_status(ben.telegram_id) == "kicked"


async def enter_again(stall: Stall, user: User) -> None:
    await stall.market.telegram("POST", f"/channels/{stall.chat_id}/members", user_id=user.telegram_id)
    await stall.came_in(user.telegram_id)


async def test_each_day_brings_one_sweep_share_by_share_whoever_looks_at_the_clock_h1(
    market: Market, stall: Stall
) -> None:
    await crowd(stall, 30, wanted=WantedPlace.OUTSIDE, actual=ActualPlace.UNKNOWN)

    async def look() -> list[MembershipSweep]:
        await asyncio.gather(*(sweeps.look_due(market.worker, market.now()) for _ in range(3)))
        await market.work()
        return await market.rows(stall.tenant_id, MembershipSweep)

    assert not await look()
    own = next_daily_moment(stall.channel_id, after=market.now())
    assert (await market.get(stall.tenant_id, Channel, stall.channel_id)).next_sweep_at == own
    await market.skip(seconds=(own - market.now()).total_seconds() + 1)
    looked = [(await look())[0].looked_count]
    await market.skip(seconds=61)
    [found] = await look()
    assert (looked, found.looked_count, found.status) == ([25], 30, "braked")
