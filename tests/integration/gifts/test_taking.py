"""A gift is paid once and taken once: by whoever is first, for the period that was paid for."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from sqlalchemy import func, select

from lumenpay.models.autopays import Autopay
from lumenpay.models.gifts import Gift, GiftLink, GiftStatus
from lumenpay.models.ledger import LedgerEntry
from lumenpay.models.payments import DeliveryState, Payment
from lumenpay.models.plans import PeriodUnit, Plan
from lumenpay.models.subscriptions import Grant, Subscription
from lumenpay.plans.facts import count_places
from lumenpay.staff.invariants import check_invariants
from lumenpay.subscriptions.gift_claims import claim_gift
from tests.integration.gifts.giving import Giving, take
from tests.support.chat import buttons_of, open_phone
from tests.support.stall import Stall
from tests.support.stars import STARS_PRICE, pay_stars

SECOND = timedelta(seconds=20)


async def test_paid_by_one_and_taken_by_another_who_gets_in(giving: Giving, stall: Stall) -> None:
    market, payload = stall.market, await giving.buy()
    ready, card = (await giving.giver.messages())[-2:]
    assert "Перешлите следующее сообщение" in ready["text"]
    assert "Пётр дарит вам «Club, 30 days»" in card["text"]
    assert payload in card["text"]
    gift = await giving.gift()
    order = await giving.order_of(gift)
    assert (order.is_gift, order.delivery_state) == (True, DeliveryState.LINK_SENT)
    # Nothing is open to the giver, and the money is in the books.
    assert await market.count(stall.tenant_id, Subscription) == 0
    assert await market.count(stall.tenant_id, LedgerEntry) == 2
    [link] = await market.rows(stall.tenant_id, GiftLink)
    assert payload.removeprefix("gift_").encode() not in link.token_hash

    anna = await open_phone(stall)
    await anna.write(f"/start {payload}")
    assert "Пётр дарит вам" in await anna.screen()
    assert (await anna.user()).source == "gift"
    assert await market.count(stall.tenant_id, Grant) == 0
    await anna.press("Забрать подарок")
    assert "Подарок ваш! «Club, 30 days» открыт до" in await anna.screen()
    await market.work()
    assert "Вам открыт доступ" in await anna.screen()
    assert "Ваш подарок «Club, 30 days» забрали: Анна" in await giving.giver.screen()
    gift = await giving.gift()
    assert (gift.status, gift.receiver_id) == (GiftStatus.CLAIMED, (await anna.user()).id)
    [subscription] = await market.rows(stall.tenant_id, Subscription)
    assert subscription.user_id == gift.receiver_id
    assert abs(subscription.ends_at - market.now() - timedelta(days=30)) < SECOND
    assert (await giving.order_of(gift)).delivery_state == DeliveryState.LINK_OPENED
    # Pressed and opened again it says the same, and nobody hears of it twice.
    said = len(await giving.giver.messages())
    await anna.feed(anna.seen[-1])
    await anna.write(f"/start {payload}")
    assert "Подарок ваш" in await anna.screen()
    await market.work()
    assert len(await giving.giver.messages()) == said
    assert await market.count(stall.tenant_id, Grant) == 1
    other = await open_phone(stall)
    await other.write(f"/start {payload}")
    assert "его уже забрали" in await other.screen()
    await other.write("/start gift_nonsense")
    assert "такого подарка нет" in await other.screen()


async def test_of_eight_who_tap_at_once_one_gets_it(giving: Giving, stall: Stall) -> None:
    market, payload = stall.market, await giving.buy()
    people = [await stall.buyer() for _ in range(8)]

    async def tap(user: object) -> bool:
        async with market.tenant(stall.tenant_id) as session:
            found = await claim_gift(session, user, payload.removeprefix("gift_"), now=market.now())
            return found.is_theirs

    assert sorted(await asyncio.gather(*(tap(person) for person in people))) == [False] * 7 + [True]
    counts = [await market.count(stall.tenant_id, model) for model in (Grant, Subscription)]
    assert counts == [1, 1]
    assert await market.count(stall.tenant_id, Payment, Payment.provider == "gift") == 1
    async with market.tenant(stall.tenant_id) as session:
        assert (await session.execute(select(func.sum(LedgerEntry.amount_minor)))).scalar_one() == 0
    found = await check_invariants(market.worker.database, now=market.now() + timedelta(minutes=30))
    assert {row.name for row in found if row.error} == set()
    assert {row.name for row in found if row.violations and row.name.startswith(("gift", "paid", "grant"))} == set()


async def test_it_adds_to_what_is_left_and_what_the_plan_costs_by_now_does_not_matter_d16(
    giving: Giving, stall: Stall
) -> None:
    market, payload = stall.market, await giving.buy()
    anna = await stall.buyer()
    await stall.bought(anna)
    await stall.change(Plan, stall.plan_id, period_count=5, is_giftable=False, is_on_sale=False)
    async with market.tenant(stall.tenant_id) as session:
        assert (await claim_gift(session, anna, payload.removeprefix("gift_"), now=market.now())).is_theirs
    [subscription] = await market.rows(stall.tenant_id, Subscription)
    assert abs(subscription.ends_at - market.now() - timedelta(days=60)) < timedelta(minutes=2)


async def test_who_has_it_for_ever_leaves_it_to_somebody_else(giving: Giving, stall: Stall) -> None:
    await stall.change(Plan, stall.plan_id, period_unit=PeriodUnit.LIFETIME, period_count=1)
    payload, owner = await giving.buy(), await open_phone(stall)
    await owner.write("/buy")
    await owner.press("Club")
    await owner.press("Оплатить")
    await stall.market.work()
    [own] = await stall.market.rows(stall.tenant_id, Payment, ~Payment.is_gift)
    await stall.pay(own)
    await stall.poll()
    await owner.write(f"/start {payload}")
    assert "этот доступ у вас уже есть" in await owner.screen()
    assert (await giving.gift()).status == GiftStatus.WAITING
    assert "навсегда" in await take(giving.giver, payload)
    # The giver kept it: there is nobody to tell.
    await stall.market.work()
    assert "забрали" not in "".join(str(message["text"]) for message in await giving.giver.messages())


async def test_a_gift_keeps_its_place_of_a_full_plan_from_the_order_on(giving: Giving, stall: Stall) -> None:
    market = stall.market
    await stall.change(Plan, stall.plan_id, capacity=1)
    await giving.order()
    anna = await open_phone(stall)
    await anna.write(f"/start plan_{stall.plan_id}")
    assert "все места заняты" in await anna.screen()
    # The order that is open is gone on with, not one place more.
    await giving.giver.press("К тарифам")
    await giving.giver.press("Club")
    payload = await giving.buy()
    assert await market.count(stall.tenant_id, Gift) == 1

    async def places() -> dict[object, int]:
        async with market.tenant(stall.tenant_id) as session:
            return await count_places(session, [stall.plan_id], now=market.now())

    await market.skip(days=3)
    assert await places() == {stall.plan_id: 1}
    await take(anna, payload)
    assert await places() == {stall.plan_id: 1}
    await giving.giver.write(f"/start plan_{stall.plan_id}")
    assert "все места заняты" in await giving.giver.screen()


async def test_in_stars_a_gift_is_paid_once_and_renews_for_nobody(giving: Giving, stall: Stall) -> None:
    await stall.change(Plan, stall.plan_id, stars=STARS_PRICE, is_recurring=True)
    giver = giving.giver
    await giver.write("/buy")
    await giver.press("Club")
    await giver.press("Подарить")
    await giver.press("звёздами")
    await stall.market.work()
    link = str(buttons_of((await giver.messages())[-1])[0]["url"])
    assert (await pay_stars(giver, link))["outcome"] == "paid"
    order = await giving.order_of(await giving.gift())
    assert (order.currency, order.amount_minor, order.is_gift) == ("XTR", STARS_PRICE, True)
    assert "subscription_period" not in (order.request_body or {})
    anna = await open_phone(stall)
    assert "Подарок ваш" in await take(anna, await giving.payload())
    assert await stall.market.count(stall.tenant_id, Autopay) == 0
