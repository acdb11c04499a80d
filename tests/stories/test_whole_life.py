"""The life of one subscription on a clock that the test moves: what everybody sees, and not one thing more."""

from __future__ import annotations

import pytest

from tenants_worker.tasks import bots
from tenants_worker.tasks.ticks import TICKS
from tests.stories.diary import Diary
from tests.support.chat import Phone, buttons_of, open_phone
from tests.support.market import Market
from tests.support.stall import SUCCESS_CARD, Stall, open_stall

# The people of this story have no webhook: they hand over what Telegram keeps for the bot.
SWEEPERS = [tick for tick in TICKS if tick.name != bots.CHECK_ALL]
PURCHASE = [
    "sendMessage buyer Выберите тариф:", "editMessageText buyer <b>Club, 30 days</b> Что",
    "editMessageText buyer Готовлю ссылку на оплату", "editMessageText buyer К оплате <b>990 ₽</b> за",
]  # fmt: skip
RECEIPT = ["editMessageText buyer Оплачено ✓ «Club, 30 day", "sendMessage buyer ✅ Готово! «Club, 30 days"]
REMINDER = "sendMessage buyer ⏳ Подписка «Club, 30 day"


class Story:
    """The buyer, the stranger, and whoever keeps the clock."""

    def __init__(self, market: Market, stall: Stall, buyer: Phone, *, stranger_id: int) -> None:
        self.market, self.stall, self.buyer, self.stranger_id = market, stall, buyer, stranger_id
        self.entry_url = ""

    async def buy(self) -> None:
        await self.buyer.write("/buy")
        await self.buyer.press("Club")
        await self.buyer.press("Оплатить")
        await self.market.work()
        page = str(buttons_of((await self.buyer.messages())[-1])[0]["url"])
        payment_id = page.rstrip("/").rpartition("/")[2]
        await self.market.yookassa("POST", f"/payments/{payment_id}/pay", card=SUCCESS_CARD)
        # By the notice or by polling, whichever comes first, and then by the other one as well.
        notice_id = await self.stall.notice(payment_id)
        await self.stall.check(notice_id)
        await self.stall.poll()
        await self.stall.check(notice_id)
        await self.market.work()

    async def enter(self) -> None:
        messages = await self.buyer.messages()
        [*_, button] = [one for message in messages for one in buttons_of(message) if "url" in one]
        self.entry_url = str(button["url"])
        await self.knock(self.buyer.id)

    async def knock(self, user_id: int) -> None:
        await self.market.telegram("POST", f"/users/{user_id}/join", invite_link=self.entry_url)
        await self.buyer.let_bot_work()
        await self.market.work()
        await self.buyer.let_bot_work()

    async def wait(self, **delta: float) -> None:
        """Time passes; then every sweeper runs, and once more, as after a restart."""
        await self.market.skip(**delta)
        for _ in range(2):
            for sweeper in SWEEPERS:
                await sweeper.run(self.market.worker, self.market.now())
            await self.market.work()
            await self.buyer.let_bot_work()


@pytest.fixture
async def story(market: Market) -> Story:
    stall = await open_stall(market)
    stranger = await market.telegram("POST", "/users", first_name="Mallory")
    return Story(market, stall, await open_phone(stall), stranger_id=stranger["id"])


@pytest.fixture
async def diary(story: Story, superuser_url: str) -> Diary:
    diary = Diary(story.stall, superuser_url, {story.buyer.id: "buyer", story.stranger_id: "stranger"})
    await diary.news()
    return diary


async def test_from_start_to_removal_exactly_what_is_meant_to_happen_happens(story: Story, diary: Diary):
    """An extra message, charge, period or entry in the books fails here, whoever made it."""
    stall, buyer = story.stall, story.buyer
    await buyer.write("/start")
    assert await diary.news() == ["sendMessage buyer Здравствуйте, Анна! 👋 Зд"]
    await story.buy()
    # The link is closed and access handed over by two jobs at once: which is first is nobody's business.
    assert sorted(await diary.news()) == sorted([*PURCHASE, "createChatInviteLink the channel", *RECEIPT])
    await story.enter()
    assert await diary.news() == ["approveChatJoinRequest buyer"]
    assert await stall.is_inside(buyer.id)
    await buyer.write("/status")
    assert await diary.news() == ["sendMessage buyer <b>Ваши подписки</b> • <"]
    await story.knock(story.stranger_id)
    assert (await diary.news())[-1] == "declineChatJoinRequest stranger"
    assert not await stall.is_inside(story.stranger_id)
    await story.buy()
    assert sorted(await diary.news()) == sorted([*PURCHASE, *RECEIPT])
    for passing, happening in (
        ({"days": 56}, []),
        ({"days": 1}, [REMINDER]),  # three days before the end of sixty
        ({"days": 1}, []),
        ({"days": 1}, [REMINDER]),  # one day
        ({"hours": 22}, [REMINDER]),  # two hours
        ({"hours": 1}, []),
        ({"hours": 1}, ["sendMessage buyer Подписка «Club, 30 days»", "unbanChatMember buyer"]),  # in either order
    ):
        assert await stall.is_inside(buyer.id)
        await story.wait(**passing)
        assert sorted(await diary.news()) == happening, passing
    assert not await stall.is_inside(buyer.id)
    assert await stall.member_status(buyer.id) == "left"
    books = await diary.books()
    assert books["charges"] == ["990.00", "990.00"]
    assert books["states"] == {"expired": 1}
    names = ("payments", "grants", "subscriptions", "subscription_periods", "subscription_reminders", "entry_links")
    assert [books[name] for name in names] == [2, 2, 1, 2, 3, 1]
    for passing in ({"seconds": 1}, {"hours": 1}, {"days": 2}):
        await story.wait(**passing)
        assert await diary.news() == []
        assert await diary.books() == books
