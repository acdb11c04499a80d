"""Two months of broadcasts: each comes in the morning to those whom it is for by then, once, and to nobody else."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from lumenpay.broadcasts.running import schedule_broadcast
from lumenpay.jobs.catalogue import Queue
from lumenpay.users.narrowing import UserFilters, UserState
from tests.stories.conftest import Opened
from tests.stories.diary import Diary
from tests.stories.people import bring, said
from tests.stories.story import OUT, REMINDER, Story
from tests.support.mailing import Mailing

ZONE = ZoneInfo("Asia/Yekaterinburg")
NEWS, MISSED = "Свежий выпуск уже ждёт", "Без вас здесь не то же самое"
CHOICE = "Что вам присылать? Нажмите,"


async def pass_till(story: Story, moment: datetime) -> None:
    """Let time pass; the workers of broadcasts do what is due as well."""
    await story.wait(seconds=(moment - story.market.now()).total_seconds())
    await story.market.work(Queue.BROADCASTS)


async def scheduled(mailing: Mailing, text: str, at: datetime, **whom: object) -> UUID:
    """Have a broadcast begin at a moment of the night; it is for daytime."""
    made = await mailing.draft(text, from_hour=9, until_hour=20, **whom)
    await mailing.act(schedule_broadcast, made, at=at, version=None)
    return made


async def comes_in_the_morning(story: Story, diary: Diary, at: datetime, *happening: str) -> None:
    """Nothing is heard in the night, and this at ten."""
    await pass_till(story, at + timedelta(hours=1))
    await diary.tells(when="at night")
    await pass_till(story, at.replace(hour=10))
    await diary.tells(*happening, when="in the morning")
    await pass_till(story, at.replace(hour=12))
    await diary.tells(when="at noon")


async def test_each_broadcast_comes_in_the_morning_to_those_it_is_for(opened: Opened) -> None:
    story, diary = await opened(tenant={"time_zone": str(ZONE)})
    mailing, reader = Mailing(story.stall), await bring(story, diary, "reader")
    await story.buyer.write("/start")
    await reader.buyer.write("/start")
    await story.buy()
    await story.enter()
    await diary.news()
    nights = [
        (story.market.now().astimezone(ZONE) + timedelta(days=days)).replace(hour=2, minute=0)
        for days in (7, 14, 42, 49)
    ]
    running = UserFilters(state=UserState.ACTIVE)
    ids = [
        await scheduled(mailing, NEWS, nights[0]),
        await scheduled(mailing, NEWS, nights[1]),
        # Who has access is asked when it begins, not when it was planned.
        await scheduled(mailing, NEWS, nights[2], filters=running),
        await scheduled(mailing, MISSED, nights[3], filters=UserFilters(state=UserState.EXPIRED)),
    ]
    await comes_in_the_morning(story, diary, nights[0], said("buyer", NEWS), said("reader", NEWS))
    await reader.buyer.press("Не присылать")
    await diary.tells(said("reader", CHOICE))
    await comes_in_the_morning(story, diary, nights[1], said("buyer", NEWS))
    # Whoever wants no news is reminded of what they paid for all the same.
    await diary.goes_on(story, ({"days": 14}, [REMINDER]), ({"days": 4}, OUT))
    await comes_in_the_morning(story, diary, nights[2])
    await comes_in_the_morning(story, diary, nights[3], said("buyer", MISSED))
    assert [dict(await mailing.ledger(one)) for one in ids] == [{"sent": 2}, {"sent": 1}, {}, {"sent": 1}]
    assert {(await mailing.seen(one)).status for one in ids} == {"finished"}
    books = await diary.rest(story, days=3)
    await story.market.work(Queue.BROADCASTS)
    await diary.tells()
    assert (books["scheduled_broadcasts"], books["broadcast_recipients"], books["broadcast_opt_outs"]) == (4, 4, 1)
