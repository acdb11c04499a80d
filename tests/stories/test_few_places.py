"""A plan of one place, behind a code, on sale for some weeks: who is in keeps others out, and nobody buys too early."""

from __future__ import annotations

from datetime import timedelta

from tests.stories.conftest import Opened
from tests.stories.diary import Diary
from tests.stories.people import bring, of, said
from tests.stories.story import LET_IN, LINK_MADE, OUT, PURCHASE, RECEIPT, REMINDER, Story
from tests.support.market import Market

NOTHING = "Сейчас ничего не продаётся."
NOT_YET, TAKEN, OVER = [
    f"«Club, 30 days»: {reason}" for reason in ("продажа начнётся", "все места заняты", "продажа закончилась")
]
GIVEN_UP = ["editMessageText buyer Эта ссылка на оплату «Cl", "sendMessage buyer Оплата «Club, 30 days» н"]


async def is_told(story: Story, diary: Diary, words: str, answer: str) -> None:
    """Say something to the bot, which answers with one message that begins like this."""
    await story.buyer.write(words)
    await diary.tells(said(diary.names[story.buyer.id], answer))
    assert (await story.buyer.screen()).startswith(answer)


async def order(story: Story) -> None:
    await story.buyer.write("/buy")
    await story.buyer.press("Club")
    await story.buyer.press("Оплатить")
    await story.market.work()


async def test_one_place_goes_from_hand_to_hand_while_the_sale_lasts(market: Market, opened: Opened) -> None:
    start, end = market.now() + timedelta(days=5), market.now() + timedelta(days=40)
    story, diary = await opened(capacity=1, access_code="INNER", sale_starts_at=start, sale_ends_at=end)
    link = f"/start plan_{story.stall.plan_id}"
    boris, clara = await bring(story, diary, "boris"), await bring(story, diary, "clara")
    # Whoever does not know the word sees no plan; whoever does waits for the day.
    await is_told(boris, diary, "/buy", NOTHING)
    await is_told(story, diary, "/start code_INNER", NOT_YET)
    await diary.goes_on(story, ({"days": 5, "minutes": 5}, []))
    await is_told(boris, diary, "/buy", NOTHING)
    await story.buy()
    await diary.tells(*PURCHASE, LINK_MADE, *RECEIPT)
    await story.enter()
    await diary.tells(LET_IN)
    for one in (boris, clara):
        await is_told(one, diary, "/start code_INNER", TAKEN)
    await diary.goes_on(
        story, ({"days": 27, "hours": 1}, [REMINDER]), ({"days": 2}, [REMINDER]), ({"hours": 21}, [REMINDER])
    )
    await is_told(boris, diary, link, TAKEN)
    await diary.goes_on(story, ({"hours": 3}, OUT))
    # Day 35: the place is Boris's while he may pay, and when he does not, Clara's.
    await order(boris)
    await diary.tells(*of("boris", *PURCHASE))
    await is_told(clara, diary, link, TAKEN)
    await diary.goes_on(story, ({"hours": 2}, of("boris", *GIVEN_UP)))
    await clara.buy()
    await diary.tells(*of("clara", *PURCHASE, LINK_MADE, *RECEIPT))
    await clara.enter()
    await diary.tells(*of("clara", LET_IN))
    await is_told(story, diary, link, TAKEN)
    # The sale ends, and with it what could be renewed: she is told so, and nobody comes after her.
    await diary.goes_on(story, ({"days": 6}, []))
    await is_told(boris, diary, link, OVER)
    await diary.goes_on(story, ({"days": 21, "hours": 1}, of("clara", REMINDER)))
    assert "Продлить этот тариф нельзя" in await clara.buyer.screen()
    await diary.goes_on(story, ({"days": 2}, of("clara", REMINDER)), ({"days": 1}, of("clara", *OUT)))
    await is_told(boris, diary, link, OVER)
    assert [await one.is_inside() for one in (story, boris, clara)] == [False] * 3
    books = await diary.rest(story, days=3)
    assert (books["charges"], books["states"]) == (["990.00"] * 2, {"expired": 2})
    names = ("payments", "grants", "subscription_periods", "ledger_entries", "entry_links", "plan_unlocks")
    assert [books[name] for name in names] == [3, 2, 2, 4, 2, 3]
