"""Whom a list brought is in the funnel from when they start the bot, and what it gave them is no order of theirs."""

from __future__ import annotations

from datetime import timedelta

from lumenpay.analytics.closing import close_days
from lumenpay.users.service import Person, ensure_user, note_plan_seen
from tests.integration.imports.test_imports import carried_out, date, member
from tests.support.desk import Desk
from tests.support.market import Market
from tests.support.stall import Stall

STEPS = ("started", "saw_plan", "checked_out", "paid", "joined")


async def funnel(market: Market, desk: Desk, *, days_ago: int, is_test: bool) -> dict[str, int]:
    day = (market.now() - timedelta(days=days_ago)).date().isoformat()
    told = await desk.get("/analytics/funnel", first_day=day, last_day=day, is_test=is_test)
    return {step["step"]: step["people"] for step in told["steps"]}


def reached(*people: int) -> dict[str, int]:
    return dict(zip(STEPS, people, strict=True))


async def test_the_funnel_counts_them_from_their_start_and_by_what_they_buy_themselves(
    market: Market, stall: Stall, desk: Desk
) -> None:
    # Early in the day, here and in Moscow.
    await market.skip(hours=24 - market.now().hour)
    vera, anna = await member(market, stall), await stall.buyer()
    lines = "".join(f"{telegram_id},{date(market, 10)}\n" for telegram_id in (vera, 7_001, anna.telegram_id))
    done = await carried_out(market, desk, f"telegram_id,ends_at\n{lines}")
    assert done["outcomes"]["created"] == 3
    for is_test in (False, True):
        assert await funnel(market, desk, days_ago=0, is_test=is_test) == reached(1, 0, 0, 0, 0)

    await market.skip(days=1)
    async with market.tenant(stall.tenant_id) as session:
        who = Person(vera, "Vera", None, None, "ru")
        user = await ensure_user(session, bot_id=stall.bot_id, person=who, now=market.now())
        note_plan_seen(user, now=market.now())
    await stall.bought(user)
    for is_closed in (False, True):
        assert await funnel(market, desk, days_ago=2 * is_closed, is_test=True) == reached(1, 1, 1, 1, 0)
        assert await funnel(market, desk, days_ago=1 + 2 * is_closed, is_test=True) == reached(1, 0, 0, 0, 0)
        assert await funnel(market, desk, days_ago=1 + 2 * is_closed, is_test=False) == reached(1, 0, 0, 0, 0)
        if not is_closed:
            await market.skip(days=2)
            async with market.tenant(stall.tenant_id) as session:
                await close_days(session, now=market.now())
