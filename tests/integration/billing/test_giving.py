"""Access given by hand, within the limits of a plan and while the platform is not paid (faults D22, D26)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from enum import StrEnum

import pytest

from lumenpay.billing.limits import Limited, count_used
from lumenpay.models.plans import Plan
from lumenpay.models.subscriptions import Subscription, SubscriptionStatus
from lumenpay.models.tenants import Tenant, TenantStatus
from lumenpay.models.users import User
from tests.integration.gifts.giving import Giving, take
from tests.support.chat import open_phone
from tests.support.desk import Desk, desk, new_key
from tests.support.market import Market
from tests.support.office import Office
from tests.support.stall import Stall

__all__ = ["desk"]


class Stop(StrEnum):
    LIMIT = "limit"
    DEBT = "debt"


REFUSALS = {Stop.LIMIT: (409, "limit_reached"), Stop.DEBT: (403, "sales_paused")}


@dataclass
class Shop:
    """A tenant on the free plan, full or not paying; and its desk."""

    market: Market
    office: Office
    stall: Stall
    desk: Desk

    async def stop(self, how: Stop) -> None:
        if how is Stop.DEBT:
            await self.change(sales_paused_at=self.market.now())
        else:
            async with self.market.tenant(self.stall.tenant_id) as session:
                used = await count_used(session, Limited.SUBSCRIBERS, now=self.market.now())
            await self.office.superuser.execute("UPDATE platform_plans SET max_subscribers = $1", used)

    async def go_on(self) -> None:
        await self.change(sales_paused_at=None)
        await self.office.superuser.execute("UPDATE platform_plans SET max_subscribers = 50")

    async def change(self, **values: object) -> None:
        async with self.market.tenant(self.stall.tenant_id) as session:
            tenant = await session.get_one(Tenant, self.stall.tenant_id)
            for name, value in values.items():
                setattr(tenant, name, value)

    def grant_path(self, user: User) -> str:
        return f"/users/{user.id}/grants"

    async def grant(self, user: User, *, key: str = "") -> dict[str, object]:
        body = {"plan_id": str(self.stall.plan_id), "days": 5, "idempotence_key": key or new_key()}
        return dict(await self.desk.post(self.grant_path(user), **body))

    async def let_in(self, user: User, *, is_free: bool = True) -> None:
        answer = await self.desk.ask("PATCH", f"/users/{user.id}", json={"is_whitelisted": is_free})
        assert (answer.status, answer.json()["is_whitelisted"]) == (200, is_free)

    async def grant_refused(self, user: User) -> tuple[int, str]:
        plan_id = str(self.stall.plan_id)
        return await self.desk.refused(self.grant_path(user), plan_id=plan_id, days=5, idempotence_key=new_key())


@pytest.fixture
async def shop(market: Market, office: Office, stall: Stall, desk: Desk) -> Shop:
    await office.sell_plans(free=50)
    return Shop(market, office, stall, desk)


@pytest.mark.parametrize("how", Stop)
async def test_nobody_new_gets_access_by_hand_and_whoever_has_some_gets_more_d22(shop: Shop, how: Stop) -> None:
    anna, ben, carl, dora = [await shop.stall.buyer() for _ in range(4)]
    key = new_key()
    kept, ended = await shop.grant(anna, key=key), await shop.grant(ben)
    paused = await shop.grant(dora)
    await shop.desk.post(f"/subscriptions/{ended['id']}/revoke")
    await shop.desk.post(f"/subscriptions/{paused['id']}/pause", days=9)
    await shop.stop(how)
    for newcomer in (ben, carl):
        assert await shop.grant_refused(newcomer) == REFUSALS[how]
    extend = {"days": 3, "idempotence_key": new_key()}
    assert await shop.desk.refused(f"/subscriptions/{ended['id']}/extend", **extend) == REFUSALS[how]
    assert await shop.market.count(shop.stall.tenant_id, Subscription, Subscription.user_id == carl.id) == 0
    # A click that is repeated is answered as the first one was.
    assert (await shop.grant(anna, key=key))["ends_at"] == kept["ends_at"]
    assert str((await shop.grant(anna))["ends_at"]) > str(kept["ends_at"])
    more = await shop.desk.post(f"/subscriptions/{kept['id']}/extend", days=3, idempotence_key=new_key())
    assert more["status"] == "active"
    # What is paused is the person's own: it is added to, and runs again.
    assert (await shop.grant(dora))["status"] == "active"
    await shop.go_on()
    assert (await shop.grant(ben))["status"] == "active"
    assert (await shop.grant(carl))["status"] == "active"


async def test_the_last_place_is_given_once_however_often_it_is_asked_for(shop: Shop) -> None:
    anna, ben = await shop.stall.buyer(), await shop.stall.buyer()
    await shop.office.superuser.execute("UPDATE platform_plans SET max_subscribers = 1")
    key = new_key()
    body = {"plan_id": str(shop.stall.plan_id), "days": 5, "idempotence_key": key}
    answers = await asyncio.gather(*(shop.desk.ask("POST", shop.grant_path(anna), json=body) for _ in range(4)))
    assert {answer.status for answer in answers} == {201}
    assert await shop.grant_refused(ben) == (409, "limit_reached")


async def test_of_many_who_are_given_the_last_place_at_once_one_gets_it_d26(shop: Shop) -> None:
    people = [await shop.stall.buyer() for _ in range(6)]
    await shop.office.superuser.execute("UPDATE platform_plans SET max_subscribers = 1")
    body = {"plan_id": str(shop.stall.plan_id), "days": 5}
    asked = (
        shop.desk.ask("POST", shop.grant_path(user), json=body | {"idempotence_key": new_key()}) for user in people
    )
    answers = await asyncio.gather(*asked)
    assert sorted(answer.status for answer in answers) == [201, *[409] * 5]
    assert await shop.market.count(shop.stall.tenant_id, Subscription) == 1


@pytest.mark.parametrize("how", Stop)
async def test_nobody_new_is_let_in_free_of_charge_either_d26(shop: Shop, how: Stop) -> None:
    anna, ben, carl = [await shop.stall.buyer() for _ in range(3)]
    kept = await shop.grant(anna)
    await shop.let_in(ben)
    await shop.stop(how)
    refused = await shop.desk.refused(f"/users/{carl.id}", method="PATCH", is_whitelisted=True)
    assert refused == REFUSALS[how]
    # Whoever has access already takes nobody's place, in either way, and said again it is as it was.
    for user in (anna, ben):
        await shop.let_in(user)
    assert (await shop.grant(ben))["status"] == "active"
    await shop.desk.post(f"/subscriptions/{kept['id']}/revoke")
    assert await shop.grant_refused(carl) == REFUSALS[how]
    await shop.let_in(anna, is_free=False)
    if how is Stop.LIMIT:
        await shop.let_in(carl)


async def test_whoever_is_let_in_free_of_charge_is_counted_once_and_shown_as_a_subscriber(shop: Shop) -> None:
    anna, ben = await shop.stall.buyer(), await shop.stall.buyer()
    await shop.grant(anna)
    for user in (anna, ben):
        await shop.let_in(user)
    uses = (await shop.desk.get("/billing"))["uses"]
    assert [(use["used"], use["limit"]) for use in uses if use["of"] == "max_subscribers"] == [(2, 50)]


@pytest.mark.parametrize("how", Stop)
async def test_what_is_paid_is_honoured_whatever_is_stopped_d22(shop: Shop, how: Stop) -> None:
    await shop.stall.change(Plan, shop.stall.plan_id, is_giftable=True)
    giver, receiver = await open_phone(shop.stall, first_name="Anna"), await open_phone(shop.stall)
    link = await Giving(shop.stall, giver).buy()
    ben = await shop.stall.buyer()
    order = await shop.stall.ordered(ben)
    await shop.stop(how)
    assert "Подарок ваш" in await take(receiver, link)
    await shop.stall.pay(order)
    await shop.stall.poll()
    running = await shop.market.rows(
        shop.stall.tenant_id, Subscription, Subscription.status == SubscriptionStatus.ACTIVE
    )
    assert {row.user_id for row in running} == {(await receiver.user()).id, ben.id}


async def test_a_suspended_tenant_gives_nobody_access(shop: Shop) -> None:
    anna = await shop.stall.buyer()
    await shop.change(status=TenantStatus.SUSPENDED)
    assert await shop.grant_refused(anna) == (403, "tenant_suspended")
