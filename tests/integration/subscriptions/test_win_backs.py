"""The win-back series: whom nothing is offered, when nobody is written to, and that each step is taken once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from lumenpay.audit.service import SYSTEM, Actor
from lumenpay.broadcasts.opt_outs import set_wanted
from lumenpay.models.broadcasts import BroadcastCategory
from lumenpay.models.channels import Channel, ChannelStatus
from lumenpay.models.payments import Payment
from lumenpay.models.promo_codes import DiscountKind, PromoCode
from lumenpay.models.subscriptions import Subscription
from lumenpay.models.users import User
from lumenpay.models.win_backs import WinBack, WinBackEnd, WinBackOffer
from lumenpay.promo_codes.errors import PromoCodeRefusedError
from lumenpay.promo_codes.personal import REWARD_PREFIX, WELCOME_PREFIX, PersonalTerms, make_personal_code
from lumenpay.subscriptions.manual import GivenTime, grant_by_hand
from lumenpay.subscriptions.revocation import revoke_subscription
from lumenpay.win_backs.offers import opt_out
from lumenpay.win_backs.rules import Hours, Step
from lumenpay.win_backs.series import set_series
from lumenpay.win_backs.steps import take_step
from tenants_worker.tasks import win_backs
from tests.support.market import Market
from tests.support.stall import Stall, open_stall

STEPS = (Step(3, DiscountKind.PERCENT, 20, 3), Step(10, DiscountKind.PERCENT, 50, 3))
ALWAYS = Hours(0, 24)
OFFERED = "нам вас не хватает"


@pytest.fixture
async def stall(market: Market) -> Stall:
    stall = await open_stall(market)
    await set_steps(stall)
    return stall


async def set_steps(
    stall: Stall, *, hours: Hours = ALWAYS, is_on: bool = True, steps: tuple[Step, ...] = STEPS
) -> None:  # fmt: skip
    async with stall.market.tenant(stall.tenant_id) as session:
        await set_series(
            session, is_on=is_on, hours=hours, steps=steps, version=None, actor=SYSTEM, now=stall.market.now()
        )


async def tend(stall: Stall, **passing: float) -> None:
    """Time passes; twice over, everything that is due is done."""
    await stall.market.skip(**passing)
    for _ in range(2):
        await stall.sweep()
        await win_backs.take_due_steps(stall.market.worker, stall.market.now())
        await stall.market.work()


async def ended(stall: Stall) -> User:
    """A person whose subscription ended by itself."""
    anna = await stall.buyer()
    await stall.bought(anna)
    await tend(stall, days=30, minutes=1)
    return anna


async def offers_to(stall: Stall, user: User) -> int:
    return sum(OFFERED in text for text in await stall.texts(user))


async def why(stall: Stall) -> list[tuple[int, str | None]]:
    return [(row.steps_taken, row.stopped_because) for row in await stall.market.rows(stall.tenant_id, WinBack)]


async def given(stall: Stall, anna: User) -> None:
    async with stall.market.tenant(stall.tenant_id) as session:
        await grant_by_hand(
            session, user_id=anna.id, plan_id=stall.plan_id, given=GivenTime(days=90), key="given",
            actor=Actor("admin"), now=stall.market.now(),
        )  # fmt: skip


async def blocked(stall: Stall, anna: User) -> None:
    await stall.change(User, anna.id, blocked_bot_at=stall.market.now())


async def unwanted(stall: Stall, anna: User) -> None:
    async with stall.market.tenant(stall.tenant_id) as session:
        await opt_out(session, user_id=anna.id, now=stall.market.now())


async def no_offers_of_any_kind(stall: Stall, anna: User) -> None:
    async with stall.market.tenant(stall.tenant_id) as session:
        await set_wanted(session, anna.id, BroadcastCategory.OFFERS, is_wanted=False, now=stall.market.now())


async def no_news(stall: Stall, anna: User) -> None:
    async with stall.market.tenant(stall.tenant_id) as session:
        for category in (BroadcastCategory.NEWS, BroadcastCategory.EVENTS):
            await set_wanted(session, anna.id, category, is_wanted=False, now=stall.market.now())


async def refunded(stall: Stall, anna: User) -> None:
    [payment] = await stall.market.rows(stall.tenant_id, Payment, Payment.user_id == anna.id)
    await stall.change(Payment, payment.id, refunded_minor=1)


async def switched_off(stall: Stall, _anna: User) -> None:
    await set_steps(stall, is_on=False)


@pytest.mark.parametrize(
    ("change", "end"),
    [
        (given, WinBackEnd.CAME_BACK),
        (blocked, WinBackEnd.BLOCKED),
        (unwanted, WinBackEnd.OPTED_OUT),
        (no_offers_of_any_kind, WinBackEnd.OPTED_OUT),
        (refunded, WinBackEnd.REFUNDED),
        (switched_off, WinBackEnd.OFF),
    ],
)
async def test_nothing_is_offered_to_whom_it_does_not_concern_any_more(
    stall: Stall, change: Callable[[Stall, User], Awaitable[None]], end: WinBackEnd
) -> None:
    anna = await ended(stall)
    await change(stall, anna)
    await tend(stall, days=3, hours=2)
    assert await offers_to(stall, anna) == 0
    assert await why(stall) == [(0, end)]


async def test_who_turned_offers_off_is_not_told_of_one_that_was_made(market: Market, stall: Stall) -> None:
    anna = await ended(stall)
    await market.skip(days=3, hours=2)
    await win_backs.take_due_steps(market.worker, market.now())
    await no_offers_of_any_kind(stall, anna)
    await market.work()
    assert (await market.count(stall.tenant_id, WinBackOffer), await offers_to(stall, anna)) == (1, 0)


async def test_whoever_wants_no_news_is_offered_something_all_the_same(stall: Stall) -> None:
    anna = await ended(stall)
    await no_news(stall, anna)
    await tend(stall, days=3, hours=2)
    assert await offers_to(stall, anna) == 1


async def test_who_was_taken_out_by_hand_is_not_asked_back(market: Market, stall: Stall) -> None:
    anna = await stall.buyer()
    await stall.bought(anna)
    [row] = await market.rows(stall.tenant_id, Subscription)
    async with market.tenant(stall.tenant_id) as session:
        await revoke_subscription(session, subscription_id=row.id, actor=Actor("admin"), now=market.now())
    await tend(stall, days=14)
    assert (await offers_to(stall, anna), await why(stall)) == (0, [])


async def test_who_is_buying_and_what_cannot_be_sold_wait(market: Market, stall: Stall) -> None:
    anna = await ended(stall)
    await tend(stall, days=2, hours=23)
    await stall.ordered(anna)
    await market.skip(hours=2)
    await win_backs.take_due_steps(market.worker, market.now())
    assert await market.count(stall.tenant_id, WinBackOffer) == 0
    # The order runs out; meanwhile the bot has lost its channel: an offer that nobody can take is not made.
    await market.skip(hours=2)
    await stall.poll()
    await stall.change(Channel, stall.channel_id, status=ChannelStatus.BOT_REMOVED)
    await tend(stall, hours=3)
    assert await offers_to(stall, anna) == 0
    await stall.change(Channel, stall.channel_id, status=ChannelStatus.ACTIVE)
    await tend(stall, days=1, hours=3)
    assert await offers_to(stall, anna) == 1


async def test_of_many_sweepers_at_once_one_makes_the_offer(market: Market, stall: Stall) -> None:
    anna = await ended(stall)
    [win_back] = await market.rows(stall.tenant_id, WinBack)
    await market.skip(days=3, hours=2)

    async def take() -> None:
        async with market.tenant(stall.tenant_id) as session:
            await take_step(session, win_back_id=win_back.id, now=market.now())

    await asyncio.gather(*(take() for _ in range(8)))
    await market.work()
    assert await offers_to(stall, anna) == 1
    assert (await market.count(stall.tenant_id, WinBackOffer), await market.count(stall.tenant_id, PromoCode)) == (1, 1)


async def test_nobody_is_written_to_at_night(market: Market, stall: Stall) -> None:
    zone = ZoneInfo("Europe/Moscow")
    anna = await ended(stall)
    due_at = (await market.rows(stall.tenant_id, WinBack))[0].next_step_at.astimezone(zone)
    # The hours are changed so that the step falls into the night.
    opening = (due_at + timedelta(hours=4)).hour
    opening, closing = (opening, opening + 1) if opening < 23 else (0, 1)
    await set_steps(stall, hours=Hours(opening, closing))
    await tend(stall, days=3, hours=1, minutes=1)
    assert await offers_to(stall, anna) == 0
    told_at = (await market.rows(stall.tenant_id, WinBack))[0].next_step_at.astimezone(zone)
    assert told_at.hour == opening
    await market.skip(seconds=(told_at - market.now()).total_seconds() + 1)
    await tend(stall)
    assert await offers_to(stall, anna) == 1


@pytest.mark.parametrize("zone", ["Asia/Kamchatka", "America/Los_Angeles"])
async def test_night_is_when_it_is_where_the_person_is(market: Market, stall: Stall, zone: str) -> None:
    anna = await ended(stall)
    await stall.change(User, anna.id, time_zone=zone)
    due_at = (await market.rows(stall.tenant_id, WinBack))[0].next_step_at
    # It is their night when the step is due, and the project's day.
    hour = due_at.astimezone(ZoneInfo("Europe/Moscow")).hour
    first = min(hour, 23 - 4)
    await set_steps(stall, hours=Hours(first, first + 5))
    await tend(stall, days=3, hours=1, minutes=1)
    assert await offers_to(stall, anna) == 0
    told_at = (await market.rows(stall.tenant_id, WinBack))[0].next_step_at
    assert told_at.astimezone(ZoneInfo(zone)).hour == first
    await market.skip(seconds=(told_at - market.now()).total_seconds() + 1)
    await tend(stall)
    assert await offers_to(stall, anna) == 1


async def test_an_offer_whose_telling_was_late_waits_for_the_persons_day(market: Market, stall: Stall) -> None:
    anna = await ended(stall)
    await market.skip(days=3, hours=1, minutes=1)
    await win_backs.take_due_steps(market.worker, market.now())
    await stall.change(User, anna.id, time_zone="Asia/Kamchatka")
    there = market.now().astimezone(ZoneInfo("Asia/Kamchatka"))
    first = (there.hour + 2) % 24
    await set_steps(stall, hours=Hours(first, first + 1))
    await market.work()
    assert await offers_to(stall, anna) == 0
    await market.skip(hours=2, minutes=-there.minute)
    await market.work()
    assert await offers_to(stall, anna) == 1


async def test_an_offer_is_its_persons_own_good_once_and_for_its_days(market: Market, stall: Stall) -> None:
    anna, ben = await ended(stall), await stall.buyer()
    await tend(stall, days=3, hours=2)
    [code] = await market.rows(stall.tenant_id, PromoCode)
    with pytest.raises(PromoCodeRefusedError, match="unknown"):
        await stall.order(ben, promo_code=code.code)
    payment = await stall.bought(anna, promo_code=code.code)
    assert payment.amount_minor == 79_200
    with pytest.raises(PromoCodeRefusedError, match="used_up"):
        await stall.order(anna, promo_code=code.code)
    # The next end brings the next offer, which nobody takes in its days.
    await tend(stall, days=34)
    await tend(stall, days=4)
    await market.skip(days=3, hours=1)
    code = max(await market.rows(stall.tenant_id, PromoCode), key=lambda row: row.created_at)
    with pytest.raises(PromoCodeRefusedError, match="expired"):
        await stall.order(anna, promo_code=code.code)


async def test_a_better_offer_takes_the_place_of_the_one_before_and_of_no_other_code(
    market: Market, stall: Stall
) -> None:  # fmt: skip
    anna = await ended(stall)
    async with market.tenant(stall.tenant_id) as session:
        for prefix in (REWARD_PREFIX, WELCOME_PREFIX):
            terms = PersonalTerms(DiscountKind.PERCENT, 60, prefix=prefix)
            await make_personal_code(
                session, bot_id=anna.bot_id, user_id=anna.id, terms=terms, now=market.now()
            )  # fmt: skip
    await tend(stall, days=3, hours=2)
    await tend(stall, days=7, hours=2)
    assert await offers_to(stall, anna) == 2
    codes = {(row.discount_value, row.code[:3]): row for row in await market.rows(stall.tenant_id, PromoCode)}
    assert {value for value, _ in codes} == {20, 50, 60}
    open_ones = {(value, beginning) for (value, beginning), row in codes.items() if row.is_active}
    assert {value for value, _ in open_ones} == {50, 60}
    assert {(60, "THX"), (60, "HI-")} <= open_ones
    earned = next(row for (_, beginning), row in codes.items() if beginning == "THX")
    assert (await stall.bought(anna, promo_code=earned.code)).amount_minor == 39_600


async def test_those_whose_end_is_the_same_are_spread_over_an_hour(market: Market, stall: Stall) -> None:
    people = [await stall.buyer() for _ in range(6)]
    for person in people:
        await stall.order(person)
    await market.work()
    for payment in await market.rows(stall.tenant_id, Payment):
        await stall.pay(payment)
    await stall.poll()
    await tend(stall, days=30, minutes=5)
    rows = await market.rows(stall.tenant_id, WinBack)
    moments = sorted(row.next_step_at - row.ended_at for row in rows)
    assert timedelta(days=3) <= moments[0] < moments[-1] < timedelta(days=3, hours=1)
    assert len({moment.total_seconds() // 1 for moment in moments}) > 3
