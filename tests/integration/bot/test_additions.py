"""People whom others add to a group: only those who run it bring guests who need not pay."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from lumenpay.jobs.catalogue import JudgeAddition, RemoveMember
from lumenpay.models.access import Membership, WantedPlace
from lumenpay.models.channels import Channel
from lumenpay.models.jobs import JobStatus
from lumenpay.telegram.facts import ANONYMOUS_ADMIN_ID
from tests.support.chat import Phone, open_phone
from tests.support.stall import Stall


@dataclass
class Group:
    """A supergroup of the stall's, whose owner, an admin and a member add people."""

    phone: Phone
    chat_id: int
    channel: Channel
    member_id: int
    admin_id: int

    @property
    def stall(self) -> Stall:
        return self.phone.stall

    async def add(self, person: int, *, by: int | None = None, as_group: bool = False) -> None:
        """Somebody adds a person, and the bot hears of it; its jobs are not done yet."""
        body = {"user_id": person} | ({"by_user_id": by} if by else {})
        await self.stall.market.telegram("POST", f"/channels/{self.chat_id}/members", **body)
        for update in await self.phone.updates():
            if as_group:
                update["chat_member"]["from"] = {
                    "id": ANONYMOUS_ADMIN_ID, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot",
                }  # fmt: skip
            await self.phone.feed(update)

    async def has(self, person: int) -> bool:
        return await self.stall.is_inside(person, self.chat_id)

    async def wanted(self, person: int) -> WantedPlace:
        [row] = await self.stall.market.rows(self.stall.tenant_id, Membership, Membership.telegram_id == person)
        return WantedPlace(row.wanted)

    async def fault(self, effect: dict[str, Any], *, count: int = 1) -> None:
        match = {"method": "getChatMember", "count": count}
        await self.stall.market.telegram("POST", "/faults", match=match, effect=effect)


@pytest.fixture
async def group(phone: Phone, stall: Stall) -> Group:
    market = stall.market
    made = await market.telegram("POST", "/channels", owner_user_id=stall.owner_id, title="Talk", type="supergroup")
    place = f"/channels/{made['id']}"
    await market.telegram("PUT", f"{place}/admins/{stall.telegram_bot_id}")
    await phone.let_bot_work()
    member, admin = await open_phone(stall), await open_phone(stall)
    await market.telegram("POST", f"{place}/members", user_id=member.id)
    await market.telegram("PUT", f"{place}/admins/{admin.id}")
    # They were there before anybody heard of them.
    await phone.updates()
    [channel] = await market.rows(stall.tenant_id, Channel, Channel.chat_id == made["id"])
    return Group(phone, made["id"], channel, member.id, admin.id)


async def test_whom_an_ordinary_member_adds_is_taken_out_and_guests_of_those_who_run_the_group_stay(
    group: Group, stall: Stall
) -> None:
    guests = [(await open_phone(stall)).id for _ in range(4)]
    await group.add(guests[0], by=group.member_id)
    await group.add(guests[1], by=group.admin_id)
    await group.add(guests[2])
    await group.add(guests[3], as_group=True)
    assert all([await group.has(guest) for guest in guests])
    await stall.market.work()
    # Telegram was asked about everybody but who acts in the name of the group: of them it would say nothing of use.
    assert len(await stall.market.jobs(stall.tenant_id, JudgeAddition.kind)) == 3
    assert [await group.has(guest) for guest in guests] == [False, True, True, True]
    assert [await group.wanted(guest) for guest in guests[1:]] == [WantedPlace.UNMANAGED] * 3
    assert await group.has(group.member_id)


async def test_nobody_is_taken_out_as_long_as_telegram_does_not_say_who_added_them(group: Group, stall: Stall) -> None:
    market = stall.market
    by_admin, by_member = (await open_phone(stall)).id, (await open_phone(stall)).id
    await group.fault({"kind": "status", "status": 502}, count=2)
    await group.add(by_admin, by=group.admin_id)
    await group.add(by_member, by=group.member_id)
    await market.work()
    assert [await group.has(by_admin), await group.has(by_member)] == [True, True]
    assert not await market.jobs(stall.tenant_id, RemoveMember.kind)
    await market.skip(seconds=10)
    await market.work()
    assert [await group.has(by_admin), await group.has(by_member)] == [True, False]


async def test_an_adder_whom_telegram_does_not_know_any_more_is_asked_about_again_later(
    group: Group, stall: Stall
) -> None:
    market, guest = stall.market, await open_phone(stall)
    await group.fault({"kind": "status", "status": 400, "description": "Bad Request: user not found"})
    await group.add(guest.id, by=group.admin_id)
    await market.work()
    assert len(await market.jobs(stall.tenant_id, JudgeAddition.kind, status=JobStatus.READY)) == 1
    await market.skip(hours=1, seconds=1)
    await market.work()
    assert not await market.jobs(stall.tenant_id, JudgeAddition.kind, status=JobStatus.READY)
    assert (await group.has(guest.id), await group.wanted(guest.id)) == (True, WantedPlace.UNMANAGED)


async def test_who_paid_before_it_was_known_who_added_them_stays_like_every_payer(group: Group, stall: Stall) -> None:
    market, guest = stall.market, await open_phone(stall)
    plan = await stall.add_plan(group.channel.id)
    await guest.write("/start")
    await group.fault({"kind": "status", "status": 502})
    await group.add(guest.id, by=group.member_id)
    await market.work()
    await stall.bought(await guest.user(), plan_id=plan.id)
    assert (await group.has(guest.id), await group.wanted(guest.id)) == (True, WantedPlace.INSIDE)
    await market.skip(days=31)
    await stall.sweep()
    assert not await group.has(guest.id)


async def test_a_guest_of_an_admin_stays_whoever_added_them_the_last_time(group: Group, stall: Stall) -> None:
    market, guest = stall.market, await open_phone(stall)
    await group.fault({"kind": "status", "status": 502})
    await group.add(guest.id, by=group.member_id)
    await market.work()
    await market.telegram("DELETE", f"/channels/{group.chat_id}/members/{guest.id}")
    await group.phone.let_bot_work()
    await market.skip(seconds=1)
    await group.add(guest.id, by=group.admin_id)
    await market.skip(seconds=10)
    await market.work()
    assert (await group.has(guest.id), await group.wanted(guest.id)) == (True, WantedPlace.UNMANAGED)
