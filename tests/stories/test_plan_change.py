"""Months with a change of plan: up with money on top, renewed by itself at the new price, down again, to the end."""

from __future__ import annotations

from typing import Any

import pytest

from lumenpay.models.autopays import Autopay, AutopayStatus
from lumenpay.models.channels import Channel
from lumenpay.models.plans import Plan
from lumenpay.models.subscriptions import Subscription, SubscriptionStatus
from tests.stories.diary import Diary
from tests.stories.test_whole_life import Story
from tests.support.changing import books, of_plan
from tests.support.chat import buttons_of, open_phone
from tests.support.market import Market
from tests.support.stall import SUCCESS_CARD, open_stall

LINK, LIBRARY = "createChatInviteLink the channel", "Club Library"
ASKED = [
    "sendMessage buyer <b>Ваши подписки</b> • <", "editMessageText buyer На какой тариф сменить «",
]  # fmt: skip
UP = [
    *ASKED, "editMessageText buyer «Club, 30 days» → «Club", "editMessageText buyer Готовлю ссылку на оплату",
    "editMessageText buyer К оплате 1 650,00 ₽ за «", LINK, "editMessageText buyer Оплачено ✓ «Club Plus», 1",
    "sendMessage buyer 🔀 Тариф сменён: «Club, 3",
]  # fmt: skip


@pytest.fixture
async def story(market: Market) -> Story:
    stall = await open_stall(market, is_recurring=True, allows_changes=True)
    return Story(market, stall, await open_phone(stall), stranger_id=0)


@pytest.fixture
async def diary(story: Story, superuser_url: str) -> Diary:
    diary = Diary(story.stall, superuser_url, {story.buyer.id: "buyer"})
    await diary.news()
    return diary


async def pay(story: Story) -> None:
    await story.market.work()
    page = str(buttons_of((await story.buyer.messages())[-1])[0]["url"])
    await story.market.yookassa("POST", f"/payments/{page.rpartition('/')[2]}/pay", card=SUCCESS_CARD)
    await story.stall.poll()
    await story.market.work()


async def knock_everywhere(story: Story) -> None:
    for message in (await story.buyer.messages())[-2:]:
        for button in buttons_of(message):
            if "t.me/" in str(button.get("url", "")):
                await story.market.telegram("POST", f"/users/{story.buyer.id}/join", invite_link=button["url"])
    await story.buyer.let_bot_work()
    await story.market.work()
    await story.buyer.let_bot_work()


async def running(story: Story) -> dict[str, Any]:
    """Return which subscriptions and which autopays are on, by plan."""
    market, tenant_id = story.market, story.stall.tenant_id
    subscriptions = await market.rows(tenant_id, Subscription)
    on = {row.subscription_id for row in await market.rows(tenant_id, Autopay, Autopay.status == AutopayStatus.ON)}
    titles = {row.id: row.title for row in await market.rows(tenant_id, Plan)}
    return {
        titles[row.plan_id]: row.id in on for row in subscriptions if row.status == SubscriptionStatus.ACTIVE
    }  # fmt: skip


async def open_library(story: Story) -> tuple[Plan, Channel]:
    """Make a plan that opens a second channel, too."""
    stall = story.stall
    made = await story.market.telegram(
        "POST", "/channels", owner_user_id=stall.owner_id, title=LIBRARY, type="channel"
    )  # fmt: skip
    library = await stall.add_channel(chat_id=made["id"])
    more = await stall.add_plan(
        stall.channel_id, library.id, price_minor=198_000, is_recurring=True, allows_changes=True
    )
    await stall.change(Channel, library.id, title=LIBRARY)
    await stall.change(Plan, more.id, title="Club Plus")
    return more, library


async def choose(story: Story, plan: str, *, says: str, button: str) -> None:
    await story.buyer.write("/status")
    await story.buyer.press("Сменить тариф")
    await story.buyer.press(plan)
    assert says in await story.buyer.screen()
    await story.buyer.press(button)


async def live(story: Story, diary: Diary, days: tuple[tuple[dict[str, float], int], ...]) -> None:
    """Let time pass, and count what the bot did each time."""
    for passing, happening in days:
        await story.wait(**passing)
        news = await diary.news()
        assert len(news) == happening, (passing, news)


async def test_up_renewed_and_down_again_exactly_what_is_meant_to_happen_happens(story: Story, diary: Diary) -> None:
    """An extra message, charge, period or entry in the books fails here, whoever made it."""
    market, stall, buyer = story.market, story.stall, story.buyer
    _, library = await open_library(story)
    chats = (stall.chat_id, library.chat_id)
    await buyer.write("/start")
    await story.agree()
    await knock_everywhere(story)
    await story.wait(days=20)
    await diary.news()
    await choose(story, "Club Plus", says="Откроется: Club Library", button="с автопродлением")
    await pay(story)
    happened = await diary.news()
    assert len(happened) == len(UP), happened
    await knock_everywhere(story)
    assert await running(story) == {"Club Plus": True}
    assert [await stall.is_inside(buyer.id, chat) for chat in chats] == [True, True]
    await diary.news()
    # What was to be charged for the old plan is not; the new one is, at its own price, a month after the change.
    await live(story, diary, (
        ({"days": 11}, 0), ({"days": 18}, 1), ({"hours": 20}, 0), ({"hours": 3}, 1), ({"hours": 1}, 0),
        ({"days": 15}, 0),
    ))  # fmt: skip
    third, second, first = (await diary.books())["charges"]
    assert (first, third) == ("990.00", "1980.00")
    assert 1_649 < float(second) < 1_651
    await choose(story, "Club, 30 days", says="Закроется: Club Library", button="автопродление оставить")
    await market.work()
    await buyer.let_bot_work()
    assert await running(story) == {"Club, 30 days": True}
    assert [await stall.is_inside(buyer.id, chat) for chat in chats] == [True, False]
    down = await diary.news()
    assert len([line for line in down if line.startswith("unbanChatMember")]) == 1, down
    assert [line for line in down if "закончилась" in line] == []
    # Half a month of the dearer plan is a whole one of the cheaper; then it is renewed at the price agreed to.
    left = (await of_plan(stall, stall.plan_id)).ends_at
    assert left is not None
    assert 29.9 < (left - market.now()).total_seconds() / 86_400 < 30.1
    await live(story, diary, (({"days": 29}, 1), ({"hours": 21}, 0), ({"hours": 3}, 1)))
    books_now = await diary.books()
    assert books_now["charges"][:-3] == ["990.00"]
    names = ("payments", "grants", "subscriptions", "subscription_periods", "subscription_charges", "plan_changes")
    assert [books_now[name] for name in names] == [5, 5, 2, 5, 2, 2]
    assert await books(stall) == 0
    for passing in ({"seconds": 1}, {"hours": 1}, {"days": 2}):
        await story.wait(**passing)
        assert await diary.news() == []
        assert await diary.books() == books_now
