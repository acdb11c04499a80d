"""Autopay from the agreement to the charge: once for each end, never without a notice, never once it is off."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from lumenpay.audit.service import SYSTEM, Actor
from lumenpay.bots.secrets import open_shop
from lumenpay.jobs.catalogue import CheckPayment, NoticeAutopay, OpenPayment
from lumenpay.models.audit import AuditEvent
from lumenpay.models.autopays import Autopay, AutopayConsent, AutopayStatus, ChargeState
from lumenpay.models.bots import Bot, BotStatus
from lumenpay.models.ledger import LedgerEntry
from lumenpay.models.payments import Payment, PaymentStatus
from lumenpay.models.plans import Plan
from lumenpay.models.subscriptions import Grant, SubscriptionPeriod, SubscriptionStatus
from lumenpay.subscriptions.autopay import BY_SUBSCRIBER, BY_TEAM, turn_off
from lumenpay.subscriptions.charges import take_due_step
from tenants_worker.tasks.autopay import take_due_steps
from tests.support.market import Market
from tests.support.renewing import (
    CONSENT,
    automatic,
    autopay_of,
    charge_of,
    charged,
    come_to_charge,
    renewing,
    skip_to_end,
    subscription_of,
)
from tests.support.stall import Stall, open_stall


@pytest.fixture
async def stall(market: Market) -> Stall:
    return await open_stall(market, is_recurring=True)


async def turned_off(stall: Stall, *, reason: str = BY_SUBSCRIBER, actor: Actor = SYSTEM) -> None:
    async with stall.market.tenant(stall.tenant_id) as session:
        subscription_id = (await autopay_of(stall)).subscription_id
        await turn_off(session, subscription_id, reason=reason, actor=actor, now=stall.market.now())


async def test_what_was_agreed_to_is_kept_and_the_method_bound(market: Market, stall: Stall) -> None:
    anna = await renewing(stall)
    [consent] = await market.rows(stall.tenant_id, AutopayConsent)
    assert (consent.user_id, consent.text, consent.version) == (anna.id, CONSENT, "1")
    autopay = await autopay_of(stall)
    assert (autopay.status, autopay.method_title) == (AutopayStatus.ON, "MasterCard ··4477")
    assert autopay.consent_payment_id == consent.payment_id
    [event] = await market.rows(stall.tenant_id, AuditEvent, AuditEvent.action == "autopay.turned_on")
    assert autopay.method_ref
    assert autopay.method_ref not in str(event.details)


async def test_without_agreement_nothing_is_saved(market: Market, stall: Stall) -> None:
    payment = await stall.bought(await stall.buyer())
    assert payment.saves_method is False
    assert "save_payment_method" not in (payment.request_body or {})
    assert await market.count(stall.tenant_id, Autopay) == 0


async def test_a_plan_that_does_not_renew_saves_nothing(market: Market) -> None:
    stall = await open_stall(market)
    payment = await stall.bought(await stall.buyer(), consent=CONSENT)
    assert payment.saves_method is False
    assert await market.count(stall.tenant_id, AutopayConsent) == 0


async def test_the_person_is_told_a_day_before_and_charged_once(market: Market, stall: Stall) -> None:
    anna = await renewing(stall)
    first_end = (await subscription_of(stall)).ends_at
    before = len(await stall.texts(anna))
    await skip_to_end(stall, days=2)
    await stall.sweep()
    assert len(await stall.texts(anna)) == before
    await skip_to_end(stall, days=1)
    await stall.sweep()
    [notice] = (await stall.texts(anna))[before:]
    assert "990\xa0₽" in notice
    assert "MasterCard ··4477" in notice
    await stall.sweep()
    assert await charged(stall) == ["990.00"]
    await skip_to_end(stall, hours=1)
    await stall.sweep()
    assert await charged(stall) == ["990.00", "990.00"]
    subscription = await subscription_of(stall)
    assert first_end is not None
    assert subscription.ends_at == first_end + timedelta(days=30)
    assert await market.count(stall.tenant_id, Grant) == 2
    lines = await market.rows(stall.tenant_id, LedgerEntry)
    assert (len(lines), sum(line.amount_minor for line in lines)) == (4, 0)
    assert (await charge_of(stall)).state == ChargeState.PAID
    receipt = (await stall.texts(anna))[-1]
    assert receipt.startswith("✅")
    assert len(await stall.texts(anna)) == before + 2


async def test_a_reminder_to_pay_is_not_sent_to_who_is_charged(market: Market, stall: Stall) -> None:
    anna = await renewing(stall)
    before = len(await stall.texts(anna))
    await skip_to_end(stall, days=3)
    await stall.sweep()
    assert len(await stall.texts(anna)) == before
    await turned_off(stall)
    await skip_to_end(stall, days=1)
    await stall.sweep()
    assert [text[:1] for text in (await stall.texts(anna))[before:]] == ["⏳"]


async def test_many_schedulers_at_once_charge_once_d12(market: Market, stall: Stall) -> None:
    await renewing(stall)
    await come_to_charge(stall)
    subscription_id = (await subscription_of(stall)).id

    async def take() -> None:
        async with market.tenant(stall.tenant_id) as session:
            await take_due_step(session, subscription_id=subscription_id, now=market.now())

    await asyncio.gather(*(take() for _ in range(8)), *(take_due_steps(market.worker, market.now()) for _ in range(2)))
    [payment] = await automatic(stall)
    await asyncio.gather(
        *(market.run(stall.tenant_id, OpenPayment(payment.id)) for _ in range(3)), return_exceptions=True
    )
    await market.work()
    await stall.poll()
    assert await charged(stall) == ["990.00", "990.00"]
    assert await market.count(stall.tenant_id, SubscriptionPeriod) == 2


@pytest.mark.parametrize("fault", ["drop_after", "drop_before", "status"])
async def test_a_lost_answer_is_repeated_with_the_same_key_d12(market: Market, stall: Stall, fault: str) -> None:
    await renewing(stall)
    await come_to_charge(stall)
    await market.yookassa(
        "POST", "/faults", match={"method": "POST", "path": "/v3/payments", "count": 2},
        effect={"kind": fault, "status": 500},
    )  # fmt: skip
    await stall.sweep()
    [payment] = await automatic(stall)
    assert payment.status == PaymentStatus.CREATED
    await market.skip(minutes=20)
    await market.work()
    await market.skip(minutes=20)
    await market.work()
    await stall.poll()
    assert len(await stall.at_gateway(payment)) == 1
    assert await charged(stall) == ["990.00", "990.00"]
    assert (await charge_of(stall)).attempts == 1


async def test_a_worker_killed_before_and_after_the_call_charges_once_d12(market: Market, stall: Stall) -> None:
    """The kill is played at the two moments that matter: the intent is stored, and the answer is not."""
    await renewing(stall)
    await come_to_charge(stall)
    await take_due_steps(market.worker, market.now())
    [payment] = await automatic(stall)
    await stall.change(Payment, payment.id, key_first_sent_at=market.now())
    await take_due_steps(market.worker, market.now())
    async with market.tenant(stall.tenant_id) as session:
        bot = await session.get_one(Bot, (stall.tenant_id, stall.bot_id))
    await market.worker.yookassa.create_payment(
        open_shop(market.ring, bot), body=payment.request_body or {}, idempotence_key=payment.idempotence_key
    )
    await market.work()
    await stall.poll()
    assert await charged(stall) == ["990.00", "990.00"]
    assert len(await automatic(stall)) == 1


async def test_access_waits_for_a_charge_of_which_nobody_knows_the_outcome_d12(market: Market, stall: Stall) -> None:
    await renewing(stall)
    await come_to_charge(stall)
    down = await market.yookassa(
        "POST", "/faults", match={"path": "/v3/payments*"}, effect={"kind": "status", "status": 500}
    )
    await stall.sweep()
    await skip_to_end(stall, hours=0)
    await stall.sweep()
    assert (await subscription_of(stall)).status == SubscriptionStatus.ACTIVE
    await market.yookassa("DELETE", f"/faults/{down['id']}")
    await market.skip(hours=1)
    await market.work()
    await stall.poll()
    await stall.sweep()
    subscription = await subscription_of(stall)
    assert subscription.status == SubscriptionStatus.ACTIVE
    assert await charged(stall) == ["990.00", "990.00"]


async def test_turned_off_before_it_is_sent_a_charge_is_not_sent(market: Market, stall: Stall) -> None:
    anna = await renewing(stall)
    await come_to_charge(stall)
    await take_due_steps(market.worker, market.now())
    before = len(await stall.texts(anna))
    await turned_off(stall)
    await market.work()
    [payment] = await automatic(stall)
    assert (payment.status, payment.cancellation_reason) == (PaymentStatus.CANCELED, "autopay_off")
    assert await charged(stall) == ["990.00"]
    assert len(await stall.texts(anna)) == before
    assert (await autopay_of(stall)).method_ref is None


async def test_turned_off_after_a_call_without_an_answer_it_is_only_looked_for(market: Market, stall: Stall) -> None:
    await renewing(stall)
    await come_to_charge(stall)
    await market.yookassa(
        "POST", "/faults", match={"method": "POST", "path": "/v3/payments", "count": 1},
        effect={"kind": "drop_before"},
    )  # fmt: skip
    await stall.sweep()
    [payment] = await automatic(stall)
    assert payment.key_first_sent_at is not None
    await turned_off(stall)
    await market.skip(minutes=30)
    await market.work()
    await stall.poll()
    assert await charged(stall) == ["990.00"]


async def test_who_renews_by_hand_is_not_charged_as_well(market: Market, stall: Stall) -> None:
    anna = await renewing(stall)
    await come_to_charge(stall)
    await take_due_steps(market.worker, market.now())
    order = await stall.order(anna)
    await market.run(stall.tenant_id, OpenPayment(order.id))
    await stall.pay(await stall.payment(order.id))
    await market.run(stall.tenant_id, CheckPayment(order.id))
    await market.work()
    [payment] = await automatic(stall)
    assert (payment.status, payment.cancellation_reason) == (PaymentStatus.CANCELED, "renewed_meanwhile")
    assert await charged(stall) == ["990.00", "990.00"]
    subscription, autopay = await subscription_of(stall), await autopay_of(stall)
    assert subscription.ends_at is not None
    assert autopay.next_step_at == subscription.ends_at - timedelta(days=1)


async def test_who_blocked_the_bot_is_not_charged_since_nobody_could_tell_them(market: Market, stall: Stall) -> None:
    anna = await renewing(stall)
    await market.telegram("POST", f"/users/{anna.telegram_id}/block", bot_id=stall.telegram_bot_id)
    await come_to_charge(stall)
    await stall.sweep()
    autopay = await autopay_of(stall)
    assert (autopay.noticed_at, autopay.last_failure) == (None, "not_told")
    await skip_to_end(stall, hours=0)
    await stall.sweep()
    assert await charged(stall) == ["990.00"]
    autopay = await autopay_of(stall)
    assert (autopay.status, autopay.off_reason) == (AutopayStatus.OFF, "ended")


async def test_a_paused_bot_tells_and_charges_nothing_until_it_is_back(market: Market, stall: Stall) -> None:
    await renewing(stall)
    await stall.change(Bot, stall.bot_id, status=BotStatus.PAUSED)
    await skip_to_end(stall, days=1)
    await stall.sweep()
    assert (await autopay_of(stall)).noticed_end_at is None
    await stall.change(Bot, stall.bot_id, status=BotStatus.ACTIVE)
    await market.skip(hours=1)
    await stall.sweep()
    assert (await autopay_of(stall)).noticed_at is not None


async def test_a_job_that_runs_twice_tells_once_more_at_most_and_moves_nothing(market: Market, stall: Stall) -> None:
    anna = await renewing(stall)
    await skip_to_end(stall, days=1)
    await stall.sweep()
    told, row = len(await stall.texts(anna)), await autopay_of(stall)
    await market.run(stall.tenant_id, NoticeAutopay(row.subscription_id))
    assert len(await stall.texts(anna)) == told
    assert (await autopay_of(stall)).next_step_at == row.next_step_at


async def test_an_archived_plan_and_another_shop_end_autopay(market: Market, stall: Stall) -> None:
    await renewing(stall)
    await stall.change(Plan, stall.plan_id, archived_at=market.now())
    await skip_to_end(stall, days=1)
    await stall.sweep()
    autopay = await autopay_of(stall)
    assert (autopay.status, autopay.off_reason, autopay.method_ref) == (AutopayStatus.OFF, "plan_archived", None)


async def test_the_team_turns_it_off_and_the_person_is_told_once(market: Market, stall: Stall) -> None:
    anna = await renewing(stall)
    before = len(await stall.texts(anna))
    await turned_off(stall, reason=BY_TEAM)
    await turned_off(stall, reason=BY_TEAM)
    await market.work()
    [told] = (await stall.texts(anna))[before:]
    assert told.startswith("Автопродление")
    events = await market.rows(stall.tenant_id, AuditEvent, AuditEvent.action == "autopay.turned_off")
    assert len(events) == 1


async def test_the_price_that_was_agreed_to_is_charged_whatever_the_plan_costs_now(
    market: Market, stall: Stall
) -> None:
    await renewing(stall)
    await stall.change(Plan, stall.plan_id, price_minor=500_000)
    await come_to_charge(stall)
    await stall.sweep()
    assert await charged(stall) == ["990.00", "990.00"]
