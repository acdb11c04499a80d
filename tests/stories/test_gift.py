"""A gift over most of a year: bought, reminded of, taken late, used up; what everybody sees, and nothing more."""

from __future__ import annotations

import pytest

from tests.integration.gifts.giving import Giving
from tests.stories.diary import Diary
from tests.stories.test_whole_life import REMINDER, Story
from tests.support.chat import Phone, open_phone
from tests.support.market import Market
from tests.support.stall import open_stall

PRESSES = [
    "sendMessage giver Выберите тариф:", "editMessageText giver <b>Club, 30 days</b> Что",
    "editMessageText giver 🎁 <b>«Club, 30 days» в п", "editMessageText giver Готовлю ссылку на оплату",
    "editMessageText giver К оплате <b>990 ₽</b> за",
]  # fmt: skip
PAID = [
    "editMessageText giver Оплачено ✓ «Club, 30 day", "sendMessage giver 🎁 Подарок «Club, 30 days",
    "sendMessage giver 🎁 <b>Пётр дарит вам «Clu",
]  # fmt: skip
NOT_YET = ["sendMessage giver 🎁 Ваш подарок «Club, 30"]
TAKEN = [
    "sendMessage buyer 🎁 <b>Пётр дарит вам «Clu", "editMessageText buyer 🎁 Подарок ваш! «Club, 30",
    "createChatInviteLink the channel", "sendMessage buyer ✅ Вам открыт доступ по т",
    "sendMessage giver 🎉 Ваш подарок «Club, 30",
]  # fmt: skip


@pytest.fixture
async def giver(story: Story) -> Phone:
    return await open_phone(story.stall, first_name="Пётр")


@pytest.fixture
async def story(market: Market) -> Story:
    stall = await open_stall(market, is_giftable=True)
    return Story(market, stall, await open_phone(stall), stranger_id=0)


@pytest.fixture
async def diary(story: Story, giver: Phone, superuser_url: str) -> Diary:
    diary = Diary(story.stall, superuser_url, {story.buyer.id: "buyer", giver.id: "giver"})
    await diary.news()
    return diary


async def test_bought_in_spring_taken_in_winter_and_used_up(story: Story, giver: Phone, diary: Diary) -> None:
    """An extra message, charge, period or entry in the books fails here, whoever made it."""
    stall, receiver, giving = story.stall, story.buyer, Giving(story.stall, giver)
    await giving.buy()
    assert sorted(await diary.news()) == sorted([*PRESSES, *PAID])
    for passing, happening in (
        ({"days": 6}, []),
        ({"days": 1}, NOT_YET),
        ({"days": 200}, []),
        ({"days": 129}, NOT_YET),
    ):
        await story.wait(**passing)
        assert await diary.news() == happening, passing
    await receiver.write(f"/start {await giving.payload()}")
    await receiver.press("Забрать подарок")
    await story.market.work()
    assert sorted(await diary.news()) == sorted(TAKEN)
    await story.enter()
    assert await diary.news() == ["approveChatJoinRequest buyer"]
    for passing, happening in (
        ({"days": 26}, []),
        ({"days": 1}, [REMINDER]),
        ({"days": 2}, [REMINDER]),
        ({"hours": 22}, [REMINDER]),
        ({"hours": 2}, ["sendMessage buyer Подписка «Club, 30 days»", "unbanChatMember buyer"]),
    ):
        assert await stall.is_inside(receiver.id)
        await story.wait(**passing)
        assert sorted(await diary.news()) == happening, passing
    assert not await stall.is_inside(receiver.id)
    books = await diary.books()
    assert books["charges"] == ["990.00"]
    names = ("payments", "grants", "subscriptions", "subscription_periods", "ledger_entries", "gifts", "gift_links")
    assert [books[name] for name in names] == [2, 1, 1, 1, 2, 1, 3]
    # The year of the gift ends, and long after it too nothing more comes of it.
    for passing in ({"seconds": 1}, {"hours": 1}, {"days": 60}):
        await story.wait(**passing)
        assert await diary.news() == []
        assert await diary.books() == books
