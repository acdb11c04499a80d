"""Money that goes back bit by bit: a part leaves the access, the rest ends it, and the books are even."""

from __future__ import annotations

from lumenpay.models.payments import Payment
from tests.integration.refunds.counter import KEEP, Counter
from tests.stories.conftest import Opened
from tests.stories.story import PURCHASE, RECEIPT, TAKEN_OUT
from tests.support.market import Market

GIVEN_BACK = "sendMessage buyer Вернули вам <b>{} ₽</b>"


async def test_a_part_leaves_the_access_the_rest_ends_it_and_the_person_can_buy_again_d15(
    market: Market, opened: Opened
) -> None:
    story, diary = await opened()
    counter = Counter(market, story.stall)
    await story.buy()
    await story.enter()
    await diary.news()
    [payment] = await market.rows(story.stall.tenant_id, Payment)
    await diary.goes_on(story, ({"days": 3}, []))
    await counter.asked(payment, 40_000, access=KEEP)
    await diary.goes_on(story, ({"seconds": 1}, [GIVEN_BACK.format(400)]), ({"days": 3}, []))
    assert await story.is_inside()
    assert (await diary.books())["ledger"] == {("gateway", "RUB"): 59_000, ("revenue", "RUB"): -59_000}
    # Somebody gives the rest back in the gateway's own cabinet, and no notice of it ever comes.
    await counter.in_cabinet(payment, "590.00")
    await diary.goes_on(story, ({"minutes": 61}, [GIVEN_BACK.format(590), TAKEN_OUT]))
    assert not await story.is_inside()
    books = await diary.rest(story, days=30)
    assert (books["refunds"], books["states"]) == (2, {"expired": 1})
    assert books["ledger"] == {("gateway", "RUB"): 0, ("revenue", "RUB"): 0}
    await story.buy()
    assert sorted(await diary.news()) == sorted([*PURCHASE, *RECEIPT])
    await story.enter()
    assert await story.is_inside()
