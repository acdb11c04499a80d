"""Eight hands at one instant, over and over: what each of them wants happens, and every effect comes exactly once."""

from __future__ import annotations

import asyncio
from functools import partial

import pytest

from lumenpay.access.removal import decide_membership_removal
from lumenpay.access.rules import RemovalDecision
from lumenpay.audit.service import SYSTEM
from lumenpay.jobs.catalogue import CheckNotice, CheckPayment
from lumenpay.models.access import AccessAction, AccessLog
from lumenpay.models.ledger import LedgerEntry
from lumenpay.models.subscriptions import Grant, SubscriptionPeriod, SubscriptionStatus
from lumenpay.subscriptions.expiry import expire_subscription
from lumenpay.subscriptions.reminders import claim_reminder
from lumenpay.subscriptions.revocation import revoke_subscription
from lumenpay.subscriptions.settlement import SettlementOutcome
from tests.faults.arena import ACTORS, PLAN, Arena, Contested, choose_order, open_arena
from tests.support.market import Market, market
from tests.support.stall import open_stall

__all__ = ["market"]
LONG = [pytest.mark.long, pytest.mark.timeout(1800)]
rounds = pytest.mark.parametrize("rounds", [pytest.param(4, id="small"), pytest.param(200, id="long", marks=LONG)])


@pytest.fixture
async def arena(database, factory, clock) -> Arena:
    return await open_arena(database, factory, clock)


def expiring(arena: Arena, person: Contested):
    return partial(expire_subscription, subscription_id=person.subscription_id, now=arena.clock.now())


def revoking(arena: Arena, person: Contested):
    return partial(revoke_subscription, subscription_id=person.subscription_id, actor=SYSTEM, now=arena.clock.now())


def paying(arena: Arena, person: Contested):
    return partial(arena.settle, payment_id=person.payment_id)


async def may_stay(arena: Arena, person: Contested) -> bool:
    async with arena.database.tenant(arena.tenant_id) as session:
        removal = await decide_membership_removal(session, person.membership_id, now=arena.clock.now())
        return removal is not None and removal.decision is RemovalDecision.KEEP_PAID


@rounds
async def test_who_pays_at_the_instant_of_the_end_stays_and_every_effect_comes_once_d14_h3(arena, rounds):
    order, sweeps_that_ended = choose_order(), 0
    for _ in range(rounds):
        person = await arena.person()
        arena.clock.set(person.ends_at)
        others = order.randint(1, ACTORS - 1)
        acts = [expiring(arena, person)] * others + [paying(arena, person)] * (ACTORS - others)
        order.shuffle(acts)
        done = await arena.at_once(acts, order)
        seen, effects = await arena.subscription(person), await arena.effects(person)
        assert (seen.status, seen.ends_at) == (SubscriptionStatus.ACTIVE, person.ends_at + PLAN)
        assert done.count(SettlementOutcome.GRANTED) == 1
        ended = done.count(True)
        assert ended <= 1
        assert (effects.grants, effects.periods) == (2, 2)
        assert (effects.ends, effects.told, effects.removals) == (ended, ended, ended)
        # The removal that an end before the payment left behind finds that the person may stay.
        assert await may_stay(arena, person)
        sweeps_that_ended += ended
    assert await arena.broken() == {}
    print(f"{rounds} rounds, the end came first in {sweeps_that_ended}")


@rounds
async def test_eight_schedulers_end_and_remind_everyone_once_h1_h6(arena, rounds):
    order = choose_order()
    for _ in range(rounds):
        person = await arena.person()
        arena.clock.set(person.ends_at)
        arena.clock.advance(hours=-1)
        remind = partial(claim_reminder, subscription_id=person.subscription_id, now=arena.clock.now())
        assert sorted(await arena.at_once([remind] * ACTORS, order)) == [False] * (ACTORS - 1) + [True]
        arena.clock.advance(hours=1)
        done = await arena.at_once([expiring(arena, person)] * (ACTORS - 2) + [remind] * 2, order)
        assert done.count(True) == 1
        effects = await arena.effects(person)
        assert (effects.reminders, effects.reminded, effects.ends, effects.told, effects.removals) == (1, 1, 1, 1, 1)
        assert not await may_stay(arena, person)
    assert await arena.broken() == {}


@rounds
async def test_who_is_revoked_while_paying_has_what_was_paid_last_or_nothing_d14(arena, rounds):
    order, kept = choose_order(), 0
    for _ in range(rounds):
        person = await arena.person()
        arena.clock.advance(hours=1)
        now = arena.clock.now()
        others = order.randint(1, ACTORS - 1)
        acts = [revoking(arena, person)] * others + [paying(arena, person)] * (ACTORS - others)
        order.shuffle(acts)
        done = await arena.at_once(acts, order)
        assert done.count(SettlementOutcome.GRANTED) == 1
        seen, effects = await arena.subscription(person), await arena.effects(person)
        assert (effects.grants, effects.periods) == (2, 2)
        is_running = seen.status == SubscriptionStatus.ACTIVE
        # One revocation ended what there was before; a second one what was paid in between.
        assert effects.ends in ((1,) if is_running else (1, 2))
        assert seen.ends_at == seen.access_ends_at == (now + PLAN if is_running else now)
        assert await may_stay(arena, person) == is_running
        kept += is_running
    assert await arena.broken() == {}
    print(f"{rounds} rounds, the payment came last in {kept}")


@rounds
async def test_notice_poll_and_the_owners_check_at_once_give_one_grant_d10(market: Market, rounds):
    order, stall = choose_order(), await open_stall(market)
    for number in range(1, rounds + 1):
        payment = await stall.ordered(await stall.buyer())
        await stall.pay(payment)
        notice = await stall.notice(payment.provider_payment_id or "")
        # The poll and the owner's check are the same job; who comes back from the gateway has it done as well.
        payloads = [CheckNotice(notice)] * 3 + [CheckPayment(payment.id)] * 5
        order.shuffle(payloads)
        await asyncio.gather(*(market.run(stall.tenant_id, payload) for payload in payloads))
        granted = AccessLog.action == AccessAction.GRANTED
        counts = [await market.count(stall.tenant_id, table) for table in (Grant, SubscriptionPeriod, LedgerEntry)]
        assert counts == [number, number, 2 * number]
        assert await market.count(stall.tenant_id, AccessLog, granted) == number
        assert len(await market.jobs(stall.tenant_id, "access.deliver")) == number
