"""A tenant's year with the platform: tried, paid, dearer, owed, paused, paid again, cancelled; nobody inside notices.

The platform's clock and Stripe's go together. What Stripe charges, which letters the owner gets and what the bot does
at Telegram are whole lists: a letter, a charge or a message too many fails.
"""

from __future__ import annotations

from typing import Any

from lumenpay.billing.rules import Standing, decide_standing
from lumenpay.errors import LumenError
from lumenpay.jobs.catalogue import Queue
from lumenpay.models.plans import PeriodUnit
from lumenpay.models.subscriptions import SubscriptionStatus
from tests.stories.conftest import Opened
from tests.stories.story import Story
from tests.support.office import FAILS_LATER, KEY, VISA, Office, office
from tests.support.stall import Stall

__all__ = ["office"]
PAST_DUE = "The payment for LumenPay did not go through"
AGAIN = "The bill for LumenPay is still not paid"
PAUSED = "Sales of “Alpha” are paused"
RESUMED = "Sales of “Alpha” are open again"


class Year:
    """The tenant, its owner at Stripe, and the letters."""

    def __init__(self, story: Story, office: Office) -> None:
        self.story, self.office = story, office
        self._read = 0

    @property
    def stall(self) -> Stall:
        return self.story.stall

    async def passes(self, *, days: int, at_a_time: int = 8) -> None:
        """Time passes on both clocks, some days at a time; then all that is due is done."""
        while days > 0:
            await self.office.skip(days=min(days, at_a_time))
            await self.story.work()
            # What a debt had held back of broadcasts is looked at once it is paid.
            await self.office.market.work(Queue.BROADCASTS)
            days -= at_a_time

    def news(self) -> list[str]:
        """Return the letters that came since the last look."""
        letters = list(self.office.market.worker.mailer.subjects)
        self._read, before = len(letters), self._read
        return letters[before:]

    def paid(self) -> list[int]:
        """Return what Stripe was paid, the oldest first; a trial's invoice comes to nothing."""
        invoices = [one for one in self.office.account.newest_first("invoice") if one["status"] == "paid"]
        return [one["amount_paid"] for one in reversed(invoices) if one["amount_paid"]]

    async def standing(self) -> tuple[Standing, str | None]:
        row, now = await self.office.row(self.stall.tenant_id), self.office.market.now()
        return decide_standing(row.stripe_status, unpaid_since_at=row.unpaid_since_at, now=now), row.plan_code

    async def change(self, **fields: str) -> None:
        """Change the subscription, as the owner does on Stripe's pages."""
        row = await self.office.row(self.stall.tenant_id)
        await self.office.api(f"/subscriptions/{row.stripe_subscription_id}", **fields)
        await self.office.settle()

    async def upgrade(self) -> None:
        row = await self.office.row(self.stall.tenant_id)
        [item] = (await self.read(f"/subscriptions/{row.stripe_subscription_id}"))["items"]["data"]
        price = await self.office.superuser.fetchval("SELECT stripe_price_id FROM platform_plans WHERE code = 'max'")
        fields = {"items[0][id]": item["id"], "items[0][price]": price, "proration_behavior": "always_invoice"}
        await self.change(**fields)

    async def read(self, path: str) -> Any:
        headers = {"Authorization": f"Bearer {KEY}"}
        async with self.office.http.get(f"{self.office.url}/v1{path}", headers=headers) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()

    async def can_sell(self) -> bool:
        """Tell whether somebody new gets an order."""
        try:
            await self.stall.order(await self.stall.buyer())
        except LumenError:
            return False
        return True

    async def who_has_access(self) -> int:
        query = "SELECT count(*) FROM subscriptions WHERE status = $1"
        return int(await self.office.superuser.fetchval(query, SubscriptionStatus.ACTIVE.value))


async def test_a_year_of_the_platforms_bill(office: Office, opened: Opened) -> None:
    story, diary = await opened(period_unit=PeriodUnit.LIFETIME, period_count=1)
    year = Year(story, office)
    await office.sell_plans(free=1, paid=50)
    await office.own(year.stall.tenant_id)
    await office.set_retries("past_due", 3, 4, 20)
    await story.buy()
    await story.enter()
    # Free: one subscriber, and no more.
    assert not await year.can_sell()
    await diary.news()
    for chapter in (is_tried_and_paid, becomes_dearer, is_owed, is_paid_again, is_cancelled, comes_back):
        await chapter(year)
        # Whoever paid the tenant sees nothing of all this; others were shown the price.
        assert [one for one in await diary.news() if "buyer" in one] == [], chapter
        assert (await year.who_has_access(), await story.is_inside()) == (1, True), chapter
    before = (year.paid(), await year.standing())
    await diary.rest(story, hours=2)
    assert (year.paid(), await year.standing(), year.news()) == (*before, [])


async def is_tried_and_paid(year: Year) -> None:
    await year.office.subscribe(year.stall.tenant_id, trial_days=14)
    assert (await year.standing(), await year.can_sell()) == ((Standing.TRIALING, "pro"), True)
    await year.passes(days=13)
    assert (await year.standing(), year.paid()) == ((Standing.TRIALING, "pro"), [])
    await year.passes(days=2)
    assert (await year.standing(), year.paid()) == ((Standing.ACTIVE, "pro"), [1000])
    await year.passes(days=32)
    assert (year.paid(), year.news()) == ([1000] * 2, [])


async def becomes_dearer(year: Year) -> None:
    """In the middle of a month the difference is paid at once, and the whole price from the next one on."""
    await year.upgrade()
    assert await year.standing() == (Standing.ACTIVE, "max")
    difference = year.paid()[-1]
    assert 0 < difference < 2000
    await year.passes(days=31)
    assert (year.paid(), year.news()) == ([1000, 1000, difference, 3000], [])


async def is_owed(year: Year) -> None:
    """The card fails: told three times within a week, then nothing new is sold."""
    count = len(year.paid())
    await year.office.change_card(FAILS_LATER)
    row = await year.office.row(year.stall.tenant_id)
    assert row.period_ends_at is not None
    await year.passes(days=(row.period_ends_at - year.office.market.now()).days)
    assert (year.news(), await year.can_sell()) == ([], True)
    letters = []
    for _ in range(9):
        await year.passes(days=1)
        letters.append((year.news(), (await year.standing())[0]))
    assert [letter for told, _ in letters for letter in told] == [PAST_DUE, AGAIN, PAUSED]
    assert {standing for _, standing in letters[-2:]} == {Standing.RESTRICTED}
    assert not await year.can_sell()
    await year.passes(days=5)
    assert (year.news(), len(year.paid())) == ([], count)


async def is_paid_again(year: Year) -> None:
    await year.office.change_card(VISA)
    await year.office.pay_invoice()
    assert (await year.can_sell(), year.news(), await year.standing()) == (True, [RESUMED], (Standing.ACTIVE, "max"))
    await year.passes(days=60)
    assert (year.news(), year.paid()[-3:]) == ([], [3000] * 3)


async def is_cancelled(year: Year) -> None:
    """The plan until the end of what is paid, the limits of the free one after; and no bill any more."""
    await year.change(cancel_at_period_end="true")
    assert (await year.office.row(year.stall.tenant_id)).cancels_at is not None
    assert (await year.standing(), await year.can_sell()) == ((Standing.ACTIVE, "max"), True)
    count = len(year.paid())
    await year.passes(days=32)
    assert ((await year.standing())[0], await year.can_sell()) == (Standing.CANCELED, False)
    await year.passes(days=60)
    assert (len(year.paid()), year.news()) == (count, [])


async def comes_back(year: Year) -> None:
    count = len(year.paid())
    await year.office.subscribe(year.stall.tenant_id)
    assert (await year.standing(), await year.can_sell()) == ((Standing.ACTIVE, "pro"), True)
    await year.passes(days=62)
    assert (year.paid()[count:], year.news()) == ([1000] * 3, [])
