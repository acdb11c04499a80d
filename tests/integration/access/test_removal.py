"""Removal: only who has no right to stay at that very moment, without a ban, and never an admin."""

from __future__ import annotations

import asyncio

from sqlalchemy import delete

from lumenpay.jobs.catalogue import RemoveMember
from lumenpay.models.access import AccessAction, AccessLog, ActualPlace, EntryLink, Membership
from lumenpay.models.jobs import JobStatus
from lumenpay.models.plans import PlanChannel
from lumenpay.models.users import User
from lumenpay.users.service import Person, ensure_user
from tests.support.market import Market
from tests.support.stall import Stall, open_stall


async def enter(stall: Stall, user: User) -> None:
    await stall.bought(user)
    links = await stall.market.rows(
        stall.tenant_id, EntryLink, EntryLink.user_id == user.id, EntryLink.channel_id == stall.channel_id
    )
    await stall.join(user, links[0].url)
    assert await stall.is_inside(user.telegram_id)


async def membership_of(stall: Stall, user: User) -> Membership:
    rows = await stall.market.rows(stall.tenant_id, Membership, Membership.user_id == user.id)
    return next(row for row in rows if row.channel_id == stall.channel_id)


async def removals(stall: Stall) -> int:
    return await stall.market.count(stall.tenant_id, AccessLog, AccessLog.action == AccessAction.REMOVED)


async def test_the_end_takes_the_person_out_once_without_a_ban_and_they_can_buy_again_e17(
    market: Market, stall: Stall
) -> None:
    anna = await stall.buyer()
    await enter(stall, anna)
    await market.skip(days=31)
    await asyncio.gather(*(stall.sweep() for _ in range(3)))
    assert (await stall.member_status(anna.telegram_id), await removals(stall)) == ("left", 1)
    calls = await market.telegram("GET", "/calls")
    assert not [call for call in calls if call.get("method", "").lower() == "banchatmember"]
    await enter(stall, anna)


async def test_who_renewed_before_the_removal_ran_stays_h3(market: Market, stall: Stall) -> None:
    anna = await stall.buyer()
    await enter(stall, anna)
    membership = await membership_of(stall, anna)
    await market.skip(days=29, hours=23)
    await stall.bought(anna)
    await market.skip(hours=2)
    await market.run(stall.tenant_id, RemoveMember(membership.id))
    assert await stall.is_inside(anna.telegram_id)


async def test_who_paid_while_the_answer_of_the_removal_was_lost_is_invited_again_h3(
    market: Market, stall: Stall
) -> None:
    anna = await stall.buyer()
    await enter(stall, anna)
    match = {"method": "unbanChatMember", "count": 1}
    await market.telegram("POST", "/faults", match=match, effect={"kind": "drop_after"})
    await market.skip(days=31)
    await stall.sweep()
    assert not await stall.is_inside(anna.telegram_id)
    before = len(await stall.texts(anna))
    await stall.bought(anna)
    await market.skip(seconds=10)
    await market.work()
    assert (await membership_of(stall, anna)).actual == ActualPlace.OUTSIDE
    assert "уже внутри" not in (await stall.texts(anna))[-1]
    assert len(await stall.texts(anna)) > before


async def test_another_subscription_to_the_channel_keeps_the_person_inside(market: Market, stall: Stall) -> None:
    anna = await stall.buyer()
    await enter(stall, anna)
    year = await stall.add_plan(stall.channel_id, period_count=365)
    await stall.bought(anna, plan_id=year.id)
    await market.skip(days=31)
    await stall.sweep()
    assert (await stall.is_inside(anna.telegram_id), await removals(stall)) == (True, 0)


async def test_a_channel_that_left_the_plan_is_left_by_its_payers_too(market: Market, stall: Stall) -> None:
    anna = await stall.buyer()
    await stall.add_channel(plan_id=stall.plan_id)
    await enter(stall, anna)
    async with market.tenant(stall.tenant_id) as session:
        await session.execute(delete(PlanChannel).where(PlanChannel.channel_id == stall.channel_id))
    await market.skip(days=31)
    await stall.sweep()
    assert not await stall.is_inside(anna.telegram_id)


async def test_an_admin_is_never_touched_e19(market: Market, stall: Stall) -> None:
    anna = await stall.buyer()
    await enter(stall, anna)
    await market.telegram("PUT", f"/channels/{stall.chat_id}/admins/{anna.telegram_id}")
    await market.skip(days=31)
    await stall.sweep()
    assert await stall.member_status(anna.telegram_id) == "administrator"
    assert (await membership_of(stall, anna)).actual == ActualPlace.ADMIN
    assert not await market.jobs(stall.tenant_id, "access.remove", status=JobStatus.READY)
    skipped = await market.count(stall.tenant_id, AccessLog, AccessLog.action == AccessAction.REMOVAL_SKIPPED)
    assert skipped == 1


async def test_who_left_or_deleted_the_account_ends_the_removal_without_a_storm_e19(
    market: Market, stall: Stall
) -> None:
    anna, ben = await stall.buyer(), await stall.buyer()
    await enter(stall, anna)
    await enter(stall, ben)
    await market.telegram("DELETE", f"/channels/{stall.chat_id}/members/{anna.telegram_id}")
    await market.telegram("POST", f"/users/{ben.telegram_id}/deactivate")
    await market.skip(days=31)
    await stall.sweep()
    await market.skip(minutes=10)
    await market.work()
    assert not await market.jobs(stall.tenant_id, "access.remove", status=JobStatus.READY)
    assert not await market.jobs(stall.tenant_id, "access.remove", status=JobStatus.DEAD)


async def test_a_whitelisted_person_stays(market: Market, stall: Stall) -> None:
    anna = await stall.buyer()
    await enter(stall, anna)
    await stall.change(User, anna.id, is_whitelisted=True)
    await market.skip(days=31)
    await stall.sweep()
    assert await stall.is_inside(anna.telegram_id)


async def test_whom_the_owner_adds_by_hand_is_the_owners_business(market: Market, stall: Stall) -> None:
    ben = await stall.buyer()
    await market.telegram("POST", f"/channels/{stall.chat_id}/members", user_id=ben.telegram_id)
    await stall.came_in(ben.telegram_id, was_added=True)
    await market.work()
    assert await stall.is_inside(ben.telegram_id)


async def test_a_stranger_who_came_in_by_a_foreign_link_is_taken_out(market: Market, stall: Stall) -> None:
    ben = await stall.buyer()
    await market.telegram("POST", f"/channels/{stall.chat_id}/members", user_id=ben.telegram_id)
    await stall.came_in(ben.telegram_id, link="https://t.me/+foreign")
    await market.work()
    assert not await stall.is_inside(ben.telegram_id)


async def test_missing_rights_keep_the_removal_waiting_until_they_return_e10(market: Market, stall: Stall) -> None:
    anna = await stall.buyer()
    await enter(stall, anna)
    admin = f"/channels/{stall.chat_id}/admins/{stall.telegram_bot_id}"
    await market.telegram("PUT", admin, can_restrict_members=False)
    await market.skip(days=31)
    await stall.sweep()
    assert await stall.is_inside(anna.telegram_id)
    assert [job.attempts for job in await market.jobs(stall.tenant_id, "access.remove", status=JobStatus.READY)] == [0]
    await market.telegram("PUT", admin, can_restrict_members=True)
    await market.skip(minutes=11)
    await stall.check_rights()
    assert not await stall.is_inside(anna.telegram_id)


async def test_one_tenants_removal_never_takes_out_another_tenants_payer_a19(market: Market, stall: Stall) -> None:
    other = await open_stall(market, chat_id=stall.chat_id)
    anna = await stall.buyer()
    await enter(stall, anna)
    async with market.tenant(other.tenant_id) as session:
        who = Person(anna.telegram_id, "Anna", None, None, "ru")
        her_at_beta = await ensure_user(session, bot_id=other.bot_id, person=who, now=market.now())
    await other.change(User, her_at_beta.id, first_name="Anna")
    year = await other.add_plan(other.channel_id, period_count=365)
    await other.bought(her_at_beta, plan_id=year.id)
    await market.skip(days=31)
    await stall.sweep()
    assert await stall.is_inside(anna.telegram_id)
    await market.skip(days=365)
    await other.sweep()
    assert not await stall.is_inside(anna.telegram_id)
