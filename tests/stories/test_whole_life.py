"""The life of one subscription on a clock that the test moves: what everybody sees, and not one thing more."""

from __future__ import annotations

import pytest

from tests.stories.diary import Diary, open_diary
from tests.stories.story import (
    LET_IN,
    LINK_MADE,
    OUT,
    PURCHASE,
    RECEIPT,
    REMINDER,
    Story,
    open_story,
)
from tests.support.market import Market


@pytest.fixture
async def story(market: Market) -> Story:
    return await open_story(market)


@pytest.fixture
async def diary(story: Story, superuser_url: str) -> Diary:
    return await open_diary(story, superuser_url)


async def test_from_start_to_removal_exactly_what_is_meant_to_happen_happens(story: Story, diary: Diary) -> None:
    """An extra message, charge, period or entry in the books fails here, whoever made it."""
    stall, buyer = story.stall, story.buyer
    await buyer.write("/start")
    assert await diary.news() == ["sendMessage buyer Здравствуйте, Анна! 👋 Зд"]
    await story.buy()
    # The link is closed and access handed over by two jobs at once: which is first is nobody's business.
    assert sorted(await diary.news()) == sorted([*PURCHASE, LINK_MADE, *RECEIPT])
    await story.enter()
    assert await diary.news() == [LET_IN]
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
        ({"hours": 1}, OUT),  # in either order
    ):
        assert await stall.is_inside(buyer.id)
        await story.wait(**passing)
        assert sorted(await diary.news()) == happening, passing
    assert not await stall.is_inside(buyer.id)
    assert await stall.member_status(buyer.id) == "left"
    books = await diary.rest(story, days=2)
    assert books["charges"] == ["990.00", "990.00"]
    assert books["states"] == {"expired": 1}
    names = ("payments", "grants", "subscriptions", "subscription_periods", "subscription_reminders", "entry_links")
    assert [books[name] for name in names] == [2, 2, 1, 2, 3, 1]
