"""Broadcasts that call people back whose access has ended: once, while they have none, and nobody twice about it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from lumenpay.audit.service import SYSTEM
from lumenpay.broadcasts.opt_outs import set_wanted
from lumenpay.broadcasts.running import pause_broadcast, resume_broadcast
from lumenpay.models.broadcasts import BroadcastCategory, BroadcastTrigger
from lumenpay.models.payments import Payment
from lumenpay.models.promo_codes import DiscountKind
from lumenpay.models.subscriptions import Subscription
from lumenpay.models.users import User
from lumenpay.models.win_backs import WinBack, WinBackOffer
from lumenpay.subscriptions.revocation import revoke_subscription
from lumenpay.win_backs.offers import opt_out
from lumenpay.win_backs.rules import Hours, Step
from lumenpay.win_backs.series import set_series
from tenants_worker.tasks import broadcasts, win_backs
from tests.support.mailing import Mailing
from tests.support.market import Market
from tests.support.stall import Stall

WEEK_LATER = {"trigger": BroadcastTrigger.EXPIRED, "delay_minutes": 7 * 1440, "category": BroadcastCategory.OFFERS}
TEXT = "Come back!"


async def begun(mailing: Mailing, **values: Any) -> UUID:
    broadcast_id = await mailing.started(TEXT, **WEEK_LATER | values)
    await mailing.work()
    return broadcast_id


async def later(market: Market, mailing: Mailing, **passing: float) -> None:
    await market.skip(**passing)
    for _ in range(2):
        await broadcasts.take_due_steps(market.worker, market.now())
        await mailing.work()
        await market.skip(minutes=1.5)


async def subscribers(stall: Stall, *names: str) -> list[User]:
    people = [await stall.buyer(first_name=name) for name in names]
    for person in people:
        await stall.bought(person)
    return people


async def ended(market: Market, stall: Stall, *, days: float = 30.1) -> None:
    await market.skip(days=days)
    await stall.sweep()


def heard(mailing: Mailing, *people: User) -> list[int]:
    return [mailing.arrived(person).count(TEXT) for person in people]


async def subscription_of(market: Market, stall: Stall, user: User) -> Subscription:
    (found,) = await market.rows(stall.tenant_id, Subscription, Subscription.user_id == user.id)
    return found


async def switch_on_series(market: Market, stall: Stall, *, is_on: bool = True) -> None:
    async with market.tenant(stall.tenant_id) as session:
        steps = (Step(1, DiscountKind.PERCENT, 10, 3), Step(10, DiscountKind.PERCENT, 30, 5))
        await set_series(
            session, is_on=is_on, hours=Hours(0, 24), steps=steps, version=None, actor=SYSTEM, now=market.now()
        )


async def test_whose_access_ended_is_called_back_once_at_their_time_i9(
    market: Market, stall: Stall, mailing: Mailing
) -> None:
    (before,) = await subscribers(stall, "Before")
    await market.skip(days=8)
    left, stays = await subscribers(stall, "Left", "Stays")
    await ended(market, stall, days=22.5)
    # A week and more ago for nobody; of the first a few minutes ago, of the others in eight days.
    broadcast_id = await begun(mailing)
    await later(market, mailing, days=6.5)
    assert heard(mailing, before, left, stays) == [0, 0, 0]
    await later(market, mailing, hours=12.5)
    assert heard(mailing, before, left, stays) == [1, 0, 0]
    await market.skip(days=1)
    await stall.bought(stays)
    await stall.sweep()
    await later(market, mailing, days=6.9)
    assert heard(mailing, before, left, stays) == [1, 0, 0]
    await later(market, mailing, hours=5)
    await later(market, mailing, days=3)
    assert heard(mailing, before, left, stays) == [1, 1, 0]
    # A second end of the same person is none of this broadcast's any more.
    await stall.bought(left)
    await ended(market, stall)
    await later(market, mailing, days=7.1)
    await later(market, mailing, days=1)
    assert heard(mailing, before, left, stays) == [1, 1, 1]
    seen = await mailing.seen(broadcast_id)
    assert (seen.status, seen.total_count, await mailing.ledger(broadcast_id)) == ("running", 3, {"sent": 3})


async def test_an_end_that_is_long_over_when_it_begins_brings_nobody_i9(
    market: Market, stall: Stall, mailing: Mailing
) -> None:
    (left,) = await subscribers(stall, "Left")
    await ended(market, stall)
    await market.skip(days=7.2)
    await begun(mailing)
    await later(market, mailing, hours=3)
    assert heard(mailing, left) == [0]


async def test_nobody_is_called_back_who_was_thrown_out_got_money_back_or_wants_none_i9(
    market: Market, stall: Stall, mailing: Mailing
) -> None:
    await begun(mailing)
    people = await subscribers(stall, "Out", "Refunded", "Unwanting", "No offers", "Blocked", "Called")
    out, refunded, unwanting, no_offers, blocked, _ = people
    thrown = await subscription_of(market, stall, out)
    (paid,) = await market.rows(stall.tenant_id, Payment, Payment.user_id == refunded.id)
    await stall.change(Payment, paid.id, refunded_minor=paid.amount_minor)
    await market.skip(days=30)
    async with market.tenant(stall.tenant_id) as session:
        await revoke_subscription(session, subscription_id=thrown.id, actor=SYSTEM, now=market.now())
        await set_wanted(session, unwanting.id, BroadcastCategory.OFFERS, is_wanted=False, now=market.now())
        await opt_out(session, user_id=no_offers.id, now=market.now())
    await ended(market, stall, days=0.1)
    await stall.change(User, blocked.id, blocked_bot_at=market.now())
    await later(market, mailing, days=7.1)
    await later(market, mailing, hours=5)
    assert heard(mailing, *people) == [0, 0, 0, 0, 0, 1]


async def test_only_the_last_end_of_somebody_without_any_access_counts_i9(
    market: Market, stall: Stall, mailing: Mailing
) -> None:
    await begun(mailing)
    has_other, twice = await subscribers(stall, "Has other", "Twice")
    for person, period_count in ((has_other, 60), (twice, 33)):
        plan = await stall.add_plan(stall.channel_id, period_count=period_count)
        await stall.bought(person, plan_id=plan.id)
    await ended(market, stall)
    await ended(market, stall, days=3)
    await later(market, mailing, days=4.1)
    assert heard(mailing, has_other, twice) == [0, 0]
    await later(market, mailing, days=3)
    assert heard(mailing, has_other, twice) == [0, 1]


async def test_who_is_paying_is_called_back_only_once_they_leave_it_i9(
    market: Market, stall: Stall, mailing: Mailing
) -> None:
    await begun(mailing)
    left, paying = await subscribers(stall, "Left", "Paying")
    await ended(market, stall)
    await market.skip(days=6.99)
    await stall.ordered(paying)
    await later(market, mailing, minutes=20)
    assert heard(mailing, left, paying) == [1, 0]


@pytest.mark.parametrize("is_on", [True, False])
async def test_to_whom_the_series_writes_no_broadcast_does_i9(
    market: Market, stall: Stall, mailing: Mailing, *, is_on: bool
) -> None:
    await begun(mailing)
    await switch_on_series(market, stall)
    (left,) = await subscribers(stall, "Left")
    await ended(market, stall)
    await market.skip(days=2)
    await win_backs.take_due_steps(market.worker, market.now())
    await market.work()
    (offer,) = await market.rows(stall.tenant_id, WinBackOffer)
    if not is_on:
        await switch_on_series(market, stall, is_on=False)
    await market.skip(seconds=(offer.valid_until_at - market.now() - timedelta(hours=1)).total_seconds())
    assert heard(mailing, left) == [0]
    await later(market, mailing, days=3)
    (win_back,) = await market.rows(stall.tenant_id, WinBack)
    assert win_back.stopped_at is None
    assert heard(mailing, left) == [0 if is_on else 1]


async def test_who_turned_offers_off_in_mid_series_hears_the_news_instead_i9(
    market: Market, stall: Stall, mailing: Mailing
) -> None:
    await begun(mailing, category=BroadcastCategory.NEWS)
    await switch_on_series(market, stall)
    left, stays = await subscribers(stall, "Left", "Stays")
    await ended(market, stall)
    await market.skip(days=2)
    await win_backs.take_due_steps(market.worker, market.now())
    async with market.tenant(stall.tenant_id) as session:
        await set_wanted(session, left.id, BroadcastCategory.OFFERS, is_wanted=False, now=market.now())
    await later(market, mailing, days=5.2)
    # Another step of the series is still to come for both.
    assert {row.stopped_at for row in await market.rows(stall.tenant_id, WinBack)} == {None}
    assert heard(mailing, left, stays) == [1, 0]


async def test_no_broadcast_speaks_beside_an_offer_that_still_stands_i9(
    market: Market, stall: Stall, mailing: Mailing
) -> None:
    await begun(mailing, delay_minutes=3 * 1440)
    await switch_on_series(market, stall)
    (left,) = await subscribers(stall, "Left")
    await ended(market, stall)
    await market.skip(days=2)
    await win_backs.take_due_steps(market.worker, market.now())
    await market.work()
    await switch_on_series(market, stall, is_on=False)
    await later(market, mailing, days=1.1)
    assert heard(mailing, left) == [0]


async def test_who_came_back_while_it_stood_still_is_left_out_i9(
    market: Market, stall: Stall, mailing: Mailing
) -> None:
    broadcast_id = await begun(mailing)
    left, back = await subscribers(stall, "Left", "Back")
    await ended(market, stall)
    await market.skip(days=7.1)
    # They are on the list, and the owner pauses before anybody is written to.
    await broadcasts.take_due_steps(market.worker, market.now())
    await mailing.act(pause_broadcast, broadcast_id)
    await mailing.work()
    await stall.bought(back)
    await mailing.act(resume_broadcast, broadcast_id)
    await mailing.work()
    assert heard(mailing, left, back) == [1, 0]
    assert await mailing.ledger(broadcast_id) == {"sent": 1, "skipped": 1}
    assert (await mailing.reasons(broadcast_id))[back.id] == ("skipped", "has_access")
