"""One trial for each person: no other after its end, by no link and no old button, nor after they were forgotten."""

from __future__ import annotations

import asyncpg

from tests.integration.bot.test_plan_kinds import press_old
from tests.stories.conftest import Opened
from tests.stories.story import CHOSEN, LET_IN, LINK_MADE, OUT, REMINDER, Story

OPENED = [
    *CHOSEN, "editMessageText buyer Открываю доступ по тариф", LINK_MADE, "sendMessage buyer ✅ Готово! «Club, 30 days"
]  # fmt: skip
ONCE = "пробный доступ даётся один раз"
# A person is forgotten with all that is theirs; what the tenant must know of a trial is not theirs.
_FORGET = """
    SET session_replication_role = replica;
    DELETE FROM subscription_reminders; DELETE FROM subscription_periods; DELETE FROM grants; DELETE FROM entry_links;
    DELETE FROM subscriptions; DELETE FROM payments; DELETE FROM memberships; DELETE FROM jobs; DELETE FROM users
"""


async def refused(story: Story) -> str:
    """Try the link of an advertisement and a button of a message from before; return what the chat says."""
    await story.buyer.write(f"/start plan_{story.stall.plan_id}")
    assert ONCE in await story.buyer.screen()
    return await press_old(story.buyer, f"pay:{story.stall.plan_id}")


async def test_a_trial_comes_once_whatever_the_person_tries(opened: Opened, superuser_url: str) -> None:
    story, diary = await opened(price_minor=0, is_trial=True)
    await story.buyer.write("/buy")
    await story.buyer.press("Club")
    await story.buyer.press("Получить бесплатно")
    await story.market.work()
    assert sorted(await diary.news()) == sorted(OPENED)
    await story.enter()
    assert await diary.news() == [LET_IN]
    await diary.goes_on(story, ({"days": 27}, [REMINDER]), ({"days": 2}, [REMINDER]), ({"days": 2}, OUT))
    books = await diary.rest(story, days=3)
    assert (books["payments"], books["trial_uses"], books["states"]) == (1, 1, {"expired": 1})
    assert ONCE in await refused(story)
    connection = await asyncpg.connect(superuser_url)
    await connection.execute(_FORGET)
    await connection.close()
    await story.buyer.write("/start")
    assert ONCE in await refused(story)
    books = await diary.books()
    assert (books["payments"], books["grants"], books["trial_uses"]) == (0, 0, 1)
