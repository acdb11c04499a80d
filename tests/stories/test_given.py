"""Time that the team gives: to one person by hand, and a week to everybody; no money moves and nobody gets it twice."""

from __future__ import annotations

from lumenpay.audit.service import SYSTEM
from lumenpay.subscriptions.extensions import request_extension
from lumenpay.subscriptions.manual import GivenTime, grant_by_hand
from lumenpay.users.narrowing import UserFilters
from tests.stories.conftest import Opened
from tests.stories.story import LET_IN, LINK_MADE, OUT, PURCHASE, RECEIPT, REMINDER, Story
from tests.support.market import Market

OPENED = [LINK_MADE, "sendMessage buyer ✅ Вам открыт доступ по т"]
PROLONGED = "sendMessage buyer ✅ Доступ по тарифу «Club"


async def give(market: Market, story: Story) -> None:
    user = await story.buyer.user()
    for _ in range(2):
        async with market.tenant(story.stall.tenant_id) as session:
            await grant_by_hand(
                session, user_id=user.id, plan_id=story.stall.plan_id, given=GivenTime(days=10), key="ten days",
                actor=SYSTEM, now=market.now(),
            )  # fmt: skip


async def extend_all(market: Market, story: Story, key: str) -> None:
    for _ in range(2):
        async with market.tenant(story.stall.tenant_id) as session:
            await request_extension(session, UserFilters(), days=7, key=key, actor=SYSTEM, now=market.now())
        await story.work()


async def test_ten_days_by_hand_and_a_week_for_everybody_then_the_end_and_a_purchase(
    market: Market, opened: Opened
) -> None:
    story, diary = await opened()
    await story.buyer.write("/start")
    await diary.news()
    await give(market, story)
    await diary.goes_on(story, ({"seconds": 1}, OPENED))
    await story.enter()
    assert await diary.news() == [LET_IN]
    await diary.goes_on(story, ({"days": 7}, [REMINDER]))
    await extend_all(market, story, "a week")
    assert await diary.news() == [PROLONGED]
    # The end of the ten days passes, and the reminders come anew before the one of seventeen.
    await diary.goes_on(story, ({"days": 4}, []), ({"days": 3}, [REMINDER]), ({"days": 2}, [REMINDER]))
    assert await story.is_inside()
    await diary.goes_on(story, ({"hours": 22}, [REMINDER]), ({"hours": 3}, OUT))
    # Whoever has ended gets nothing, and hears nothing.
    await extend_all(market, story, "another week")
    books = await diary.rest(story, days=2)
    assert (books["charges"], books["ledger"], books["asked"], books["states"]) == ([], {}, 0, {"expired": 1})
    assert [books[name] for name in ("grants", "subscription_periods", "extensions")] == [2, 2, 2]
    await story.buy()
    assert sorted(await diary.news()) == sorted([*PURCHASE, *RECEIPT])
    assert (await diary.books())["charges"] == ["990.00"]
