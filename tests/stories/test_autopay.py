"""Three renewals without the subscriber doing anything, and the end after they turned it off: what everybody sees."""

from __future__ import annotations

import pytest

from tests.stories.diary import Diary
from tests.stories.test_whole_life import RECEIPT, REMINDER, Story
from tests.support.chat import buttons_of, open_phone
from tests.support.market import Market
from tests.support.stall import SUCCESS_CARD, open_stall

AGREED = [
    "sendMessage buyer Выберите тариф:", "editMessageText buyer <b>Club, 30 days</b> Что",
    "editMessageText buyer Готовлю ссылку на оплату", "editMessageText buyer К оплате <b>990 ₽</b> за",
]  # fmt: skip
NOTICE = "sendMessage buyer 🔄 Подписка «Club, 30 day"
RENEWED = "sendMessage buyer ✅ Готово! «Club, 30 days"


@pytest.fixture
async def story(market: Market) -> Story:
    stall = await open_stall(market, is_recurring=True)
    return Story(market, stall, await open_phone(stall), stranger_id=0)


@pytest.fixture
async def diary(story: Story, superuser_url: str) -> Diary:
    diary = Diary(story.stall, superuser_url, {story.buyer.id: "buyer"})
    await diary.news()
    return diary


async def agree(story: Story) -> None:
    await story.buyer.write("/buy")
    await story.buyer.press("Club")
    assert "вы соглашаетесь" in await story.buyer.screen()
    await story.buyer.press("с автопродлением")
    await story.market.work()
    page = str(buttons_of((await story.buyer.messages())[-1])[0]["url"])
    await story.market.yookassa("POST", f"/payments/{page.rpartition('/')[2]}/pay", card=SUCCESS_CARD)
    await story.stall.poll()
    await story.market.work()


async def test_three_renewals_and_the_end_after_it_was_turned_off_d12(story: Story, diary: Diary):
    """An extra message, charge, period or entry in the books fails here, whoever made it."""
    stall, buyer = story.stall, story.buyer
    await buyer.write("/start")
    await diary.news()
    await agree(story)
    # Two jobs at once: which is first is nobody's business.
    assert sorted(await diary.news()) == sorted([*AGREED, "createChatInviteLink the channel", *RECEIPT])
    await story.enter()
    await diary.news()
    for _ in range(3):
        for passing, happening in (
            ({"days": 27}, []),  # nobody is asked to pay three days before
            ({"days": 2}, [NOTICE]),
            ({"hours": 20}, []),
            ({"hours": 3}, [RENEWED]),
            ({"hours": 1}, []),
        ):
            await story.wait(**passing)
            assert await diary.news() == happening, passing
            assert await stall.is_inside(buyer.id)
    books = await diary.books()
    assert books["charges"] == ["990.00"] * 4
    names = (
        "payments", "grants", "subscriptions", "subscription_periods", "ledger_entries", "autopay_consents", "autopays",
        "subscription_charges",
    )  # fmt: skip
    assert [books[name] for name in names] == [4, 4, 1, 4, 8, 1, 1, 3]
    await buyer.write("/status")
    assert "продлится сама" in await buyer.screen()
    await buyer.press("Отключить автопродление")
    assert await diary.news() == [
        "sendMessage buyer <b>Ваши подписки</b> • <", "editMessageText buyer Автопродление подписки «"
    ]  # fmt: skip
    for passing, happening in (
        ({"days": 27}, [REMINDER]),
        ({"days": 2}, [REMINDER]),
        ({"hours": 22}, [REMINDER]),
        ({"hours": 3}, ["sendMessage buyer Подписка «Club, 30 days»", "unbanChatMember buyer"]),
    ):
        await story.wait(**passing)
        assert sorted(await diary.news()) == happening, passing
    books = await diary.books()
    assert books["charges"] == ["990.00"] * 4
    for passing in ({"seconds": 1}, {"hours": 1}, {"days": 2}):
        await story.wait(**passing)
        assert await diary.news() == []
        assert await diary.books() == books
