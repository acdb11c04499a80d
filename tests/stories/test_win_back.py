"""Half a year with a win-back series: one offer ignored, a better one bought, and none once they are unwanted."""

from __future__ import annotations

from typing import Any

import pytest

from lumenpay.audit.service import SYSTEM
from lumenpay.models.promo_codes import DiscountKind
from lumenpay.models.win_backs import WinBack, WinBackEnd
from lumenpay.win_backs.figures import count_opt_outs, count_steps
from lumenpay.win_backs.rules import Hours, Step
from lumenpay.win_backs.series import set_series
from tests.stories.diary import Diary
from tests.stories.story import REMINDER, Story
from tests.support.chat import buttons_of, open_phone
from tests.support.market import Market
from tests.support.stall import SUCCESS_CARD, open_stall

OFFER = "sendMessage buyer Анна, нам вас не хватает"
END = ["sendMessage buyer Подписка «Club, 30 days»", "unbanChatMember buyer"]
STEPS = (
    Step(3, DiscountKind.PERCENT, 10, 3),
    Step(10, DiscountKind.PERCENT, 30, 5),
    Step(40, DiscountKind.EXTRA_DAYS, 14, 7),
)


@pytest.fixture
async def story(market: Market) -> Story:
    stall = await open_stall(market)
    async with market.tenant(stall.tenant_id) as session:
        await set_series(
            session, is_on=True, hours=Hours(0, 24), steps=STEPS, version=None, actor=SYSTEM, now=market.now()
        )
    return Story(market, stall, await open_phone(stall), stranger_id=0)


@pytest.fixture
async def diary(story: Story, superuser_url: str) -> Diary:
    diary = Diary(story.stall, superuser_url, {story.buyer.id: "buyer"})
    await diary.news()
    return diary


async def lasting_books(diary: Diary) -> dict[str, Any]:
    """Notices are forgotten after some weeks."""
    return {name: value for name, value in (await diary.books()).items() if name != "payment_notices"}


async def pay_shown(story: Story) -> None:
    await story.market.work()
    page = str(buttons_of((await story.buyer.messages())[-1])[0]["url"])
    await story.market.yookassa("POST", f"/payments/{page.rpartition('/')[2]}/pay", card=SUCCESS_CARD)
    await story.stall.poll()
    await story.market.work()


async def live(story: Story, diary: Diary, *days: tuple[dict[str, float], list[str]]) -> None:
    for passing, happening in days:
        await story.wait(**passing)
        assert sorted(await diary.news()) == happening, passing


async def test_the_second_offer_is_bought_and_the_series_stops_until_the_next_end(story: Story, diary: Diary):
    """An extra offer, message, charge or entry in the books fails here, whoever made it."""
    buyer, market = story.buyer, story.market
    await buyer.write("/start")
    await story.buy()
    await story.enter()
    await diary.news()
    await live(
        story, diary,
        ({"days": 27, "hours": 1}, [REMINDER]), ({"days": 2}, [REMINDER]), ({"hours": 21.5}, [REMINDER]),
        ({"hours": 2}, END),
        # Not before its day, and within the hour over which people are spread.
        ({"days": 2, "hours": 22}, []), ({"hours": 3}, [OFFER]), ({"days": 6}, []), ({"days": 1}, [OFFER]),
    )  # fmt: skip
    assert "−30 %" in await buyer.screen()
    await buyer.press("Вернуться: −30 %")
    assert "693" in await buyer.screen()
    assert "990" in await buyer.screen()
    # The code is this person's own: nobody else can use it, though they know it.
    code = str((await buyer.user()).dialog["promo_code"])
    mallory = await open_phone(story.stall)
    await mallory.write(f"/start promo_{code}")
    assert "такого кода нет" in await mallory.screen()
    await buyer.press("Оплатить 693")
    await pay_shown(story)
    assert (await diary.books())["charges"] == ["693.00", "990.00"]
    await story.enter()
    assert await story.stall.is_inside(buyer.id)
    await diary.news()
    # The third step's day comes and goes without a word to who came back.
    await live(
        story, diary,
        ({"days": 26, "hours": 23}, []), ({"hours": 2}, [REMINDER]), ({"days": 2}, [REMINDER]),
        ({"hours": 21.5}, [REMINDER]), ({"hours": 2}, END),
    )  # fmt: skip
    # Another end, another series: unwanted now.
    await live(story, diary, ({"days": 3, "hours": 2}, [OFFER]))
    await buyer.press("Не присылать")
    assert "больше не буду" in await buyer.screen()
    await diary.news()
    books = await lasting_books(diary)
    await live(story, diary, *(({"days": days}, []) for days in (1, 7, 30, 60)))
    assert await lasting_books(diary) == books
    ends = sorted(await market.rows(story.stall.tenant_id, WinBack), key=lambda row: row.ended_at)
    assert [(row.steps_taken, row.stopped_because) for row in ends] == [
        (2, WinBackEnd.ANOTHER_END), (1, WinBackEnd.OPTED_OUT)
    ]  # fmt: skip
    async with market.tenant(story.stall.tenant_id) as session:
        steps = await count_steps(session, since=market.now().replace(year=2020))
        assert await count_opt_outs(session, since=market.now().replace(year=2020)) == 1
    assert [(one.step, one.offered, one.sent, one.came_back, dict(one.revenue_minor)) for one in steps] == [
        (1, 2, 2, 0, {}), (2, 1, 1, 1, {"RUB": 69_300})
    ]  # fmt: skip
