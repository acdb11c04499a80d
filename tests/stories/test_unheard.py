"""Months in which Telegram's updates about a channel never arrive: the looks of each day find who came and who left."""

from __future__ import annotations

from tests.stories.conftest import Opened
from tests.stories.people import said
from tests.stories.story import LET_IN, OUT, REMINDER, TAKEN_OUT, Story
from tests.support.chat import buttons_of

ASKED_AGAIN = [said("buyer", "<b>Ваши подписки</b> • <b>"), said("buyer", "Вход по тарифу «Club, 30 days»")]


async def unheard(story: Story, method: str, path: str, **body: object) -> None:
    """Have somebody do something in the channel of which the bot never hears."""
    await story.buyer.let_bot_work()
    await story.market.telegram(method, path, **body)
    await story.buyer.updates()


async def test_who_knocks_leaves_and_sneaks_in_unheard_is_where_they_paid_to_be_e22(opened: Opened) -> None:
    story, diary = await opened()
    person, channel = f"/users/{story.buyer.id}", f"/channels/{story.stall.chat_id}/members"
    await story.buyer.write("/start")
    await story.buy()
    await diary.news()
    [link] = [one["url"] for one in buttons_of((await story.buyer.messages())[-1])]
    for one in (person, f"/users/{story.stranger_id}"):
        await unheard(story, "POST", f"{one}/join", invite_link=link)
    # The channel's own moment of the day comes within two days, whatever it is.
    await diary.goes_on(story, ({"days": 1}, []), ({"days": 1}, [LET_IN]))
    assert [await story.is_inside(), await story.stall.is_inside(story.stranger_id)] == [True, False]
    # Whoever leaves is asked nothing, and finds the way back by /status.
    await unheard(story, "DELETE", f"{channel}/{story.buyer.id}")
    await diary.goes_on(story, ({"days": 1}, []))
    await story.buyer.write("/status")
    await story.buyer.press("Прислать ссылки ещё раз")
    await story.market.work()
    await diary.tells(*ASKED_AGAIN)
    await story.enter()
    await diary.tells(LET_IN)
    await diary.goes_on(
        story,
        ({"days": 24, "hours": 1}, [REMINDER]),
        ({"days": 2}, [REMINDER]),
        ({"hours": 22}, [REMINDER]),
        ({"hours": 3}, OUT),
    )
    assert not await story.is_inside()
    # Somebody opens the door for them again. Whoever is outside, as it should be, is looked for once a week.
    await unheard(story, "POST", channel, user_id=story.buyer.id)
    assert await story.is_inside()
    await diary.goes_on(story, ({"days": 5}, []), ({"days": 4}, [TAKEN_OUT]))
    assert not await story.is_inside()
    books = await diary.rest(story, days=9)
    assert (books["charges"], books["states"]) == (["990.00"], {"expired": 1})
    names = ("payments", "grants", "subscription_periods", "entry_links", "memberships")
    assert [books[name] for name in names] == [1, 1, 1, 1, 1]
