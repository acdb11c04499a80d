"""A pause over the day of a renewal: nobody is charged meanwhile, and what was left begins again behind it."""

from __future__ import annotations

from lumenpay.audit.service import SYSTEM
from lumenpay.subscriptions.leaving_rules import LeavingTerms, set_leaving_rules
from tests.stories.conftest import Opened
from tests.stories.story import LET_IN, NOTICE, RENEWED, TAKEN_OUT, Story
from tests.support.market import Market

PRESSED = [
    "sendMessage buyer <b>Ваши подписки</b> • <", "editMessageText buyer ⏸ Поставить «Club, 30 da",
    "editMessageText buyer ⏸ «Club, 30 days» на пау",
]  # fmt: skip
SOON = "sendMessage buyer ⏯ Пауза «Club, 30 days»"
RESUMED = ["sendMessage buyer ▶️ «Club, 30 days» снова", "sendMessage buyer Вход по тарифу «Club, 30"]


async def allow_pause(market: Market, story: Story) -> None:
    async with market.tenant(story.stall.tenant_id) as session:
        terms = LeavingTerms(pause_days=14, pauses_a_year=1)
        await set_leaving_rules(session, plan_id=story.stall.plan_id, terms=terms, actor=SYSTEM, now=market.now())


async def test_a_pause_over_the_day_of_a_renewal_costs_nothing_and_loses_nothing(
    market: Market, opened: Opened
) -> None:
    story, diary = await opened(is_recurring=True)
    await allow_pause(market, story)
    await story.agree()
    await story.enter()
    await diary.news()
    await diary.goes_on(story, ({"days": 29, "hours": 2}, [NOTICE]))
    await story.buyer.write("/status")
    await story.buyer.press("⏸ Пауза")
    await story.buyer.press("Поставить на паузу")
    assert await diary.news() == PRESSED
    await diary.goes_on(story, ({"seconds": 1}, [TAKEN_OUT]))
    assert not await story.is_inside()
    # The end of the month that was paid, the day of the charge and of each reminder pass.
    await diary.goes_on(story, ({"days": 2}, []), ({"days": 10}, []), ({"days": 1}, [SOON]))
    assert (await diary.books())["charges"] == ["990.00"]
    # Twenty-two hours are left: the charge is announced anew.
    await diary.goes_on(story, ({"days": 1}, [*RESUMED, NOTICE]))
    await story.enter()
    assert await diary.news() == [LET_IN]
    assert await story.is_inside()
    await diary.goes_on(story, ({"hours": 20}, []), ({"hours": 1, "minutes": 10}, [RENEWED]), ({"hours": 3}, []))
    assert await story.is_inside()
    books = await diary.rest(story, days=3)
    assert books["charges"] == ["990.00"] * 2
    names = ("payments", "grants", "subscription_periods", "ledger_entries", "subscription_charges", "entry_links")
    assert [books[name] for name in names] == [2, 2, 2, 4, 1, 1]
    assert (books["subscription_pauses"], books["states"]) == (1, {"active": 1})
