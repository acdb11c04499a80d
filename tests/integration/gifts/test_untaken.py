"""Gifts that nobody takes: reminded of, ended, closed by the team, paid back; and the refund of one that was taken."""

from __future__ import annotations

import asyncio

from lumenpay.gifts.service import take_due_step
from lumenpay.models.access import EntryLink
from lumenpay.models.gifts import GiftStatus
from lumenpay.models.subscriptions import Subscription, SubscriptionStatus
from lumenpay.subscriptions.gift_claims import claim_gift
from tenants_worker.tasks import gifts
from tests.integration.gifts.giving import Giving, take
from tests.integration.refunds.counter import KEEP, REVOKE, Counter
from tests.support.chat import open_phone
from tests.support.desk import Desk
from tests.support.stall import Stall


async def test_the_giver_is_reminded_twice_then_the_link_opens_nothing(giving: Giving, stall: Stall) -> None:
    market, payload = stall.market, await giving.buy()
    said = len(await giving.giver.messages())
    for days, more in ((6, 0), (1, 1), (300, 1), (28, 2), (29, 2), (1, 3), (60, 3)):
        await market.skip(days=days)
        for _ in range(2):
            await gifts.take_due_steps(market.worker, market.now())
            await market.work()
        assert len(await giving.giver.messages()) == said + more, days
        if more in (1, 2):
            assert "ещё никто не забрал" in await giving.giver.screen()
    assert "больше нельзя забрать" in await giving.giver.screen()
    assert (await giving.gift()).status == GiftStatus.EXPIRED
    anna = await open_phone(stall)
    await anna.write(f"/start {payload}")
    assert "вышел" in await anna.screen()


async def test_the_team_sends_the_link_again_and_closes_it_for_good(giving: Giving, stall: Stall, desk: Desk) -> None:
    first, gift = await giving.buy(), await giving.gift()
    sent = await desk.post(f"/gifts/{gift.id}/send")
    assert (sent["status"], sent["giver"]["first_name"], sent["receiver"]) == ("waiting", "Пётр", None)
    await stall.market.work()
    assert await giving.payload() != first
    assert (await desk.post(f"/gifts/{gift.id}/revoke"))["status"] == "revoked"
    assert (await desk.post(f"/gifts/{gift.id}/revoke"))["status"] == "revoked"
    await stall.market.work()
    assert "владелец канала закрыл ссылку" in await giving.giver.screen()
    assert await desk.refused(f"/gifts/{gift.id}/send") == (409, "gift_not_waiting")
    anna = await open_phone(stall)
    for payload in (first, await giving.payload()):
        await anna.write(f"/start {payload}")
        assert "ссылка закрыта" in await anna.screen()
    listed = await desk.get("/gifts", status="revoked")
    assert [row["id"] for row in listed["items"]] == [str(gift.id)]
    timeline = await desk.get(f"/users/{gift.giver_id}/timeline")
    told = [row["action"] for row in timeline["items"]]
    assert {"gift_bought", "gift.revoked", "gift.sent_again"} <= set(told)


async def test_money_on_its_way_back_closes_the_link_and_comes_back_with_it(
    giving: Giving, stall: Stall, counter: Counter
) -> None:
    payload, gift = await giving.buy(), await giving.gift()
    refund = await counter.asked(await giving.order_of(gift), access=REVOKE)
    anna = await open_phone(stall)
    await anna.write(f"/start {payload}")
    assert "ссылка закрыта" in await anna.screen()
    await stall.market.work()
    assert (await counter.refund(refund.id)).status == "succeeded"
    assert (await giving.gift()).status == GiftStatus.REFUNDED
    assert await counter.books() == (0, 0)
    assert "Деньги за подарок" in await giving.giver.screen()
    await anna.write(f"/start {payload}")
    assert "ссылка закрыта" in await anna.screen()
    assert await stall.market.count(stall.tenant_id, Subscription) == 0


async def test_the_refund_of_a_gift_that_was_taken_does_to_its_receiver_what_it_says_d15(
    giving: Giving, stall: Stall, counter: Counter, desk: Desk
) -> None:
    market, anna = stall.market, await open_phone(stall)
    await take(anna, await giving.buy())
    await market.work()
    gift = await giving.gift()
    assert gift.claim_payment_id is not None
    [link] = await market.rows(stall.tenant_id, EntryLink)
    await stall.join(await anna.user(), link.url)
    assert await stall.is_inside(anna.id)
    order = await giving.order_of(gift)
    await counter.refunded(order, 10_000, access=KEEP)
    [subscription] = await market.rows(stall.tenant_id, Subscription)
    assert subscription.status == SubscriptionStatus.ACTIVE
    assert await stall.is_inside(anna.id)
    await counter.refunded(order, access=REVOKE)
    await market.work()
    [subscription] = await market.rows(stall.tenant_id, Subscription)
    assert subscription.status == SubscriptionStatus.EXPIRED
    assert not await stall.is_inside(anna.id)
    assert "закончилась" in await anna.screen()
    assert await counter.books() == (0, 0)
    found = (await desk.get("/gifts", payment_id=str(gift.claim_payment_id)))["items"]
    assert [(row["status"], row["receiver"]["first_name"]) for row in found] == [("refunded", "Анна")]
    told = [row["action"] for row in (await desk.get(f"/users/{gift.receiver_id}/timeline"))["items"]]
    assert "gift_claimed" in told


async def test_a_refund_and_a_claim_at_once_leave_nobody_inside_for_nothing_d15(
    giving: Giving, stall: Stall, counter: Counter
) -> None:
    market, payload = stall.market, await giving.buy()
    anna, gift = await stall.buyer(), await giving.gift()
    order = await giving.order_of(gift)

    async def claim() -> None:
        async with market.tenant(stall.tenant_id) as session:
            await claim_gift(session, anna, payload.removeprefix("gift_"), now=market.now())

    await asyncio.gather(counter.asked(order, access=REVOKE), claim())
    await market.work()
    assert (await giving.gift()).status == GiftStatus.REFUNDED
    states = [row.status for row in await market.rows(stall.tenant_id, Subscription)]
    assert states in ([], [SubscriptionStatus.EXPIRED])
    assert await counter.books() == (0, 0)


async def test_the_first_opening_by_another_person_is_kept_and_no_later_one(giving: Giving, stall: Stall) -> None:
    market, payload = stall.market, await giving.buy()
    await giving.giver.write(f"/start {payload}")
    assert (await giving.gift()).opened_at is None
    seen = []
    for _ in range(2):
        phone = await open_phone(stall)
        await phone.write(f"/start {payload}")
        seen.append((await giving.gift()).opened_at)
        await market.skip(hours=1)
    assert seen[0] is not None
    assert seen[1] == seen[0]


async def test_a_step_that_is_not_due_or_no_longer_one_changes_nothing(giving: Giving, stall: Stall) -> None:
    market, payload = stall.market, await giving.buy()
    said = len(await giving.giver.messages())

    async def step() -> tuple[GiftStatus, int, int]:
        gift = await giving.gift()
        async with market.worker.database.tenant(stall.tenant_id) as session:
            await take_due_step(session, gift_id=gift.id, now=market.now())
        await market.work()
        after = await giving.gift()
        return after.status, after.reminders_count, len(await giving.giver.messages())

    assert await step() == (GiftStatus.WAITING, 0, said)
    await take(await open_phone(stall), payload)
    await market.work()
    said = len(await giving.giver.messages())
    await market.skip(days=400)
    assert await step() == (GiftStatus.CLAIMED, 0, said)
