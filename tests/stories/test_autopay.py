"""Three renewals without the subscriber doing anything, and the end after they turned it off: what everybody sees."""

from __future__ import annotations

import pytest

from tests.stories.diary import Diary, open_diary
from tests.stories.story import CHOSEN, LINK_MADE, NOTICE, ORDERED, OUT, RECEIPT, REMINDER, RENEWED, Story, open_story
from tests.support.market import Market


@pytest.fixture
async def story(market: Market) -> Story:
    return await open_story(market, is_recurring=True)


@pytest.fixture
async def diary(story: Story, superuser_url: str) -> Diary:
    return await open_diary(story, superuser_url)


async def test_three_renewals_and_the_end_after_it_was_turned_off_d12(story: Story, diary: Diary) -> None:
    """An extra message, charge, period or entry in the books fails here, whoever made it."""
    stall, buyer = story.stall, story.buyer
    await buyer.write("/start")
    await diary.news()
    await story.agree()
    # Two jobs at once: which is first is nobody's business.
    assert sorted(await diary.news()) == sorted([*CHOSEN, *ORDERED, LINK_MADE, *RECEIPT])
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
        ({"hours": 3}, OUT),
    ):
        await story.wait(**passing)
        assert sorted(await diary.news()) == happening, passing
    books = await diary.rest(story, days=2)
    assert books["charges"] == ["990.00"] * 4
