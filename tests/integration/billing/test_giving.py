"""Access given by hand, within the limits of a plan and while the platform is not paid (fault D22)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from enum import StrEnum

import pytest

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
            running = await self.market.count(
                self.stall.tenant_id, Subscription, Subscription.status == SubscriptionStatus.ACTIVE
            )
            await self.office.superuser.execute("UPDATE platform_plans SET max_subscribers = $1", running)

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
