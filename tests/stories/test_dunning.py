"""A charge that fails and then succeeds, and one that never will: each is said once, and nobody pays twice."""

from __future__ import annotations

from tests.stories.conftest import Opened
from tests.stories.story import NOTICE, OUT, RENEWED
from tests.support.renewing import next_charges_end

NOT_CHARGED = "sendMessage buyer Не получилось списать 99"


async def test_a_failed_charge_is_made_up_for_and_a_card_that_expired_ends_it_d13(opened: Opened) -> None:
    story, diary = await opened(is_recurring=True, tenant={"grace_seconds": 5 * 86_400})
    await story.agree()
    await story.enter()
    await diary.news()
    await next_charges_end(story.stall, "insufficient_funds")
    await diary.goes_on(story, ({"days": 29}, [NOTICE]), ({"hours": 23}, [NOT_CHARGED]))
    await next_charges_end(story.stall, None)
    await diary.goes_on(story, ({"hours": 24}, []), ({"hours": 2}, [RENEWED]), ({"days": 1}, []))
    assert await story.is_inside()
    assert (await diary.books())["charges"] == ["990.00"] * 2
    await next_charges_end(story.stall, "card_expired")
    # The method is forgotten: nothing is tried again, and the grace runs out.
    await diary.goes_on(
        story, ({"days": 27}, []), ({"days": 1}, [NOTICE]), ({"days": 1}, [NOT_CHARGED]), ({"days": 3}, [])
    )
    assert await story.is_inside()
    await diary.goes_on(story, ({"days": 3}, OUT))
    assert not await story.is_inside()
    books = await diary.rest(story, days=3)
    assert books["charges"] == ["990.00"] * 2
    names = ("payments", "grants", "subscription_periods", "ledger_entries", "subscription_charges", "autopays")
    assert [books[name] for name in names] == [4, 2, 2, 4, 2, 1]
    assert books["states"] == {"expired": 1}
