"""Three months in Stars that Telegram renews, and the end after it was turned off: nothing is charged from here."""

from __future__ import annotations

from tests.stories.conftest import Opened
from tests.stories.story import CHOSEN, LET_IN, LINK_MADE, OUT, RECEIPT, REMINDER, RENEWED
from tests.support.stars import STARS_PRICE, bought_with_stars, wallet

INVOICE = ["createInvoiceLink the channel", "editMessageText buyer К оплате <b>350 ★</b> за"]
ALLOWED = "answerPreCheckoutQuery the channel"
TURNED_OFF = [
    "sendMessage buyer <b>Ваши подписки</b> • <", "editMessageText buyer Автопродление подписки «",
    "editUserStarSubscription buyer",
]  # fmt: skip


async def test_three_months_in_stars_and_the_end_after_it_was_turned_off(opened: Opened) -> None:
    story, diary = await opened(stars=STARS_PRICE, is_recurring=True)
    await bought_with_stars(story.buyer)
    assert sorted(await diary.news()) == sorted([*CHOSEN, *INVOICE, ALLOWED, LINK_MADE, *RECEIPT])
    await story.enter()
    assert await diary.news() == [LET_IN]
    for months in (2, 3):
        await diary.goes_on(story, ({"days": 29}, []), ({"days": 1, "minutes": 1}, [RENEWED]))
        assert (await wallet(story.buyer))["stars"] == 10_000 - months * STARS_PRICE
        assert await story.is_inside()
    await story.buyer.write("/status")
    await story.buyer.press("Отключить автопродление")
    await story.work()
    assert await diary.news() == TURNED_OFF
    await diary.goes_on(
        story, ({"days": 27}, [REMINDER]), ({"days": 2}, [REMINDER]), ({"hours": 22}, [REMINDER]), ({"hours": 3}, OUT)
    )
    assert not await story.is_inside()
    books = await diary.rest(story, days=31)
    assert (await wallet(story.buyer))["stars"] == 10_000 - 3 * STARS_PRICE
    assert books["ledger"] == {("gateway", "XTR"): 3 * STARS_PRICE, ("revenue", "XTR"): -3 * STARS_PRICE}
    names = ("payments", "grants", "subscription_periods", "subscriptions", "entry_links", "subscription_charges")
    assert [books[name] for name in names] == [3, 3, 3, 1, 1, 0]
    # The gateway of the roubles never heard of any of it.
    assert (books["asked"], books["states"]) == (0, {"expired": 1})
