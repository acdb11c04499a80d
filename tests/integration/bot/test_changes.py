"""Changing a plan in the chat: which plans, what it costs and keeps, and the order on the terms that were shown."""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta

import pytest

from lumenpay.messages import callbacks
from lumenpay.models.access import EntryLink
from lumenpay.models.audit import AuditEvent
from lumenpay.models.autopays import Autopay, AutopayStatus
from lumenpay.models.channels import Channel
from lumenpay.models.payments import Payment, PaymentStatus
from lumenpay.models.plan_changes import PlanChange
from lumenpay.models.plans import Plan
from lumenpay.models.subscriptions import Subscription, SubscriptionStatus
from tests.support.chat import Phone, buttons_of, open_phone
from tests.support.market import Market
from tests.support.stall import SUCCESS_CARD, Stall, open_stall

DAY = timedelta(days=1)


@pytest.fixture
async def stall(market: Market) -> Stall:
    return await open_stall(market, is_recurring=True, allows_changes=True)


async def add_plan(stall: Stall, title: str, price_minor: int, *channels: str, **values: object) -> Plan:
    """A plan that opens the stall's channel and others of its own."""
    ids = [stall.channel_id]
    for name in channels:
        channel = await stall.add_channel()
        await stall.change(Channel, channel.id, title=name)
        ids.append(channel.id)
    plan = await stall.add_plan(*ids, **({"price_minor": price_minor, "allows_changes": True} | values))
    await stall.change(Plan, plan.id, title=title)
    return plan


async def subscribed(stall: Stall, *, renews: bool = False) -> Phone:
    anna = await open_phone(stall)
    await anna.write("/buy")
    await anna.press("Club")
    await anna.press("с автопродлением" if renews else "Один раз")
    await pay(stall, anna)
    return anna


async def pay(stall: Stall, anna: Phone) -> None:
    await stall.market.work()
    [page] = [str(one["url"]) for one in buttons_of((await anna.messages())[-1]) if "url" in one]
    await stall.market.yookassa("POST", f"/payments/{page.rpartition('/')[2]}/pay", card=SUCCESS_CARD)
    await stall.poll()


async def choose(anna: Phone, title: str) -> str:
    await anna.write("/status")
    await anna.press("Сменить тариф")
    await anna.press(title)
    return await anna.screen()


async def of_plan(stall: Stall, plan_id: object) -> Subscription:
    [row] = await stall.market.rows(stall.tenant_id, Subscription, Subscription.plan_id == plan_id)
    return row


async def test_a_dearer_plan_costs_the_difference_and_opens_its_channels(market: Market, stall: Stall) -> None:
    more = await add_plan(stall, "Club Plus", 198_000, "Club Library")
    anna = await subscribed(stall)
    [link] = await market.rows(stall.tenant_id, EntryLink)
    assert await stall.join(await anna.user(), link.url) == "requested"
    await market.skip(days=10)
    screen = await choose(anna, "Club Plus")
    assert "Осталось оплаченного времени: 20 дней" in screen
    assert "Откроется: Club Library" in screen
    assert "Закроется" not in screen
    await anna.press("Доплатить 1")
    await anna.feed(anna.seen[-1])
    await market.work()
    [order] = await market.rows(stall.tenant_id, Payment, Payment.plan_id == more.id)
    assert order.amount_minor + order.credit_minor == 198_000
    assert 65_900 < order.credit_minor <= 66_000
    old = await of_plan(stall, stall.plan_id)
    assert old.status == SubscriptionStatus.ACTIVE
    await pay(stall, anna)
    old, new = await of_plan(stall, stall.plan_id), await of_plan(stall, more.id)
    assert (old.status, new.status) == (SubscriptionStatus.EXPIRED, SubscriptionStatus.ACTIVE)
    assert new.ends_at is not None
    assert abs(new.ends_at - market.now() - 30 * DAY) < timedelta(minutes=2)
    assert await stall.is_inside(anna.id)
    texts = await stall.texts(await anna.user())
    assert any("Тариф сменён" in text and "Club Library" in text for text in texts)
    assert not any("закончилась" in text for text in texts)
    [change] = await market.rows(stall.tenant_id, PlanChange)
    assert (change.payment_id, change.applied_credit_minor) == (order.id, order.credit_minor)
    events = [row for row in await market.rows(stall.tenant_id, AuditEvent) if row.action.endswith("plan_changed")]
    assert [(row.actor_kind, row.subject_id) for row in events] == [("user", old.id)]


async def test_a_cheaper_plan_costs_nothing_and_closes_only_what_nothing_else_opens(
    market: Market, stall: Stall
) -> None:
    """A bundle of three channels is left for a plan with one of them, while another plan opens the second."""
    more = await add_plan(stall, "Club Plus", 198_000, "Club Library", "Club Chat")
    titled = {row.title: row for row in await market.rows(stall.tenant_id, Channel)}
    library, chat = titled["Club Library"], titled["Club Chat"]
    side = await stall.add_plan(library.id, price_minor=10_000)
    anna = await open_phone(stall)
    await anna.write("/start")
    user = await anna.user()
    for plan in (more, side):
        await stall.bought(user, plan_id=plan.id)
    for link in await market.rows(stall.tenant_id, EntryLink):
        await market.telegram("POST", f"/users/{anna.id}/join", invite_link=link.url)
    await anna.let_bot_work()
    await market.work()
    await anna.let_bot_work()
    chats = [stall.chat_id, library.chat_id, chat.chat_id]
    assert [await stall.is_inside(anna.id, one) for one in chats] == [True, True, True]
    screen = await choose(anna, "Club, 30 days")
    assert "Закроется: Club Chat" in screen
    assert "Library" not in screen
    await anna.press("Сменить без доплаты")
    await market.work()
    assert [await stall.is_inside(anna.id, one) for one in chats] == [True, True, False]
    old, new = await of_plan(stall, more.id), await of_plan(stall, stall.plan_id)
    assert old.status == SubscriptionStatus.EXPIRED
    assert new.ends_at is not None
    assert abs(new.ends_at - market.now() - 60 * DAY) < timedelta(minutes=5)
    [told] = [text for text in await stall.texts(user) if "Тариф сменён" in text]
    assert "Закроется: Club Chat" in told


async def test_autopay_follows_with_the_words_that_were_agreed_to(market: Market, stall: Stall) -> None:
    less = await add_plan(stall, "Club Light", 49_500, is_recurring=True)
    anna = await subscribed(stall, renews=True)
    await market.skip(days=15)
    screen = await choose(anna, "Club Light")
    assert "Доплачивать не нужно" in screen
    assert "495\xa0₽ будут списываться" in screen
    await anna.press("автопродление оставить")
    await market.work()
    new = await of_plan(stall, less.id)
    assert new.ends_at is not None
    assert abs(new.ends_at - market.now() - 30 * DAY) < timedelta(minutes=2)
    found = {row.subscription_id: row for row in await market.rows(stall.tenant_id, Autopay)}
    old = await of_plan(stall, stall.plan_id)
    assert (found[old.id].status, found[old.id].off_reason) == (AutopayStatus.OFF, "plan_changed")
    assert (found[new.id].status, found[new.id].method_ref is not None) == (AutopayStatus.ON, True)
    turned_on = AuditEvent.action == "autopay.turned_on"
    events = [row.subject_id for row in await market.rows(stall.tenant_id, AuditEvent, turned_on)]
    assert sorted(map(str, events)) == sorted((str(old.id), str(new.id)))


async def test_only_what_the_owner_allows_and_only_ones_own(market: Market, stall: Stall) -> None:
    closed = await add_plan(stall, "Club Closed", 198_000, allows_changes=False)
    anna = await subscribed(stall)
    await anna.write("/status")
    assert [caption for caption in await anna.captions() if "Сменить" in caption] == []
    opened = await add_plan(stall, "Club Plus", 198_000)
    mine = await of_plan(stall, stall.plan_id)
    await anna.write("/status")
    await anna.press("Сменить тариф")
    assert [caption for caption in await anna.captions() if "Closed" in caption] == []
    made_up = deepcopy(anna.seen[-1])
    for data in (callbacks.quote_change(mine.id, closed.id), callbacks.change(mine.id, closed.id, "tg5cg3abc1234")):
        assert len(data.encode()) <= 64
        made_up["callback_query"]["data"] = data
        await anna.feed(made_up)
        assert "не получится" in await anna.screen()
    eve = await open_phone(stall, first_name="Eve")
    await eve.write("/start")
    await eve.press("Мои подписки")
    for data in (
        callbacks.list_changes(mine.id), callbacks.quote_change(mine.id, opened.id),
        callbacks.change_and_renew(mine.id, opened.id, "tg5cg3abc1234"), "cq:nonsense",
    ):  # fmt: skip
        assert len(data.encode()) <= 64
        foreign = deepcopy(eve.seen[-1])
        foreign["callback_query"]["data"] = data
        await eve.feed(foreign)
    assert await market.count(stall.tenant_id, PlanChange) == 0


async def test_a_price_that_changed_since_the_card_was_shown_is_shown_again(market: Market, stall: Stall) -> None:
    more = await add_plan(stall, "Club Plus", 198_000)
    anna = await subscribed(stall)
    await choose(anna, "Club Plus")
    await stall.change(Plan, more.id, price_minor=298_000)
    await anna.press("Доплатить 9")
    assert "Условия изменились" in await anna.screen()
    assert await market.count(stall.tenant_id, PlanChange) == 0
    await anna.press("Доплатить 1")
    [order] = await market.rows(stall.tenant_id, Payment, Payment.plan_id == more.id)
    assert (order.list_price_minor, order.status) == (298_000, PaymentStatus.CREATED)
    await market.skip(hours=1, seconds=1)
    await choose(anna, "Club Plus")
    shown = anna.seen[-1]
    await market.skip(hours=1, seconds=1)
    await anna.feed(shown)
    assert await market.count(stall.tenant_id, PlanChange) == 1


async def test_whoever_takes_a_second_plan_over_the_same_channel_is_told_that_its_time_runs_beside(
    stall: Stall,
) -> None:
    await add_plan(stall, "Year", 500_000)
    await add_plan(stall, "Evening", 60_000, allows_changes=False)
    away = await stall.add_channel()
    await stall.change(Plan, (await stall.add_plan(away.id, price_minor=10_000)).id, title="Elsewhere")
    anna = await subscribed(stall)

    async def card(title: str) -> str:
        await anna.write("/buy")
        await anna.press(title)
        return str(await anna.screen())

    year = await card("Year")
    assert "У вас уже есть «Club, 30 days» до " in year
    assert "дни не сложатся" in year
    assert "/status" in year
    evening = await card("Evening")
    assert "У вас уже есть «Club, 30 days»" in evening
    assert "/status" not in evening
    for other in ("Elsewhere", "Club"):
        assert "уже есть" not in await card(other)
