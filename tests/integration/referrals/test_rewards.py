"""A reward for each invited person's first purchase: given once, within the limits, and gone with the purchase."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from lumenpay.audit.service import Actor
from lumenpay.jobs.catalogue import SettleReferral
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.audit import AuditEvent
from lumenpay.models.ledger import LedgerEntry
from lumenpay.models.payments import Payment
from lumenpay.models.promo_codes import PromoCode
from lumenpay.models.referrals import Referral, ReferralState, RewardKind
from lumenpay.models.refunds import AccessAfterRefund
from lumenpay.models.subscriptions import SubscriptionStatus
from lumenpay.models.users import User
from lumenpay.promo_codes.errors import PromoCodeRefusedError
from lumenpay.refunds.asking import RefundTerms, request_refund
from lumenpay.rewards.service import settle_referral
from tests.integration.referrals.circle import Circle

DAYS = {"reward_kind": RewardKind.DAYS, "reward_value": 7}
PERCENT = {"reward_kind": RewardKind.PERCENT, "reward_value": 20}
ALICE = Actor("admin", new_uuid7())


async def refund(circle: Circle, payment: Payment, amount_minor: int | None = None) -> None:
    async with circle.market.tenant(circle.stall.tenant_id) as session:
        terms = RefundTerms(amount_minor, "", AccessAfterRefund.KEEP)
        await request_refund(
            session, payment_id=payment.id, terms=terms, key=str(uuid4()), ring=circle.market.ring, actor=ALICE,
            now=circle.market.now(),
        )  # fmt: skip
    await circle.market.work()


async def books(circle: Circle) -> tuple[int, int]:
    """Return how much is in the ledger on one side, and the sum over both."""
    async with circle.market.tenant(circle.stall.tenant_id) as session:
        amount, own = LedgerEntry.amount_minor, LedgerEntry.tenant_id == circle.stall.tenant_id
        query = select(func.coalesce(func.sum(amount).filter(amount > 0), 0), func.coalesce(func.sum(amount), 0))
        one_side, both = (await session.execute(query.where(own))).one()
        return int(one_side), int(both)


async def test_days_are_added_to_what_runs_and_told_once(circle: Circle) -> None:
    await circle.set(**DAYS)
    stall = circle.stall
    phone, anna = await circle.started()
    await stall.bought(anna)
    before = await circle.subscription(anna)
    boris = await circle.invited(anna)
    said = len(await phone.messages())
    payment = await stall.bought(boris)
    referral = await circle.referral(boris)
    assert referral is not None
    assert (referral.state, referral.payment_id) == (ReferralState.REWARDED, payment.id)
    after = await circle.subscription(anna)
    assert before.ends_at is not None
    assert after.ends_at == before.ends_at + timedelta(days=7)
    told = (await phone.messages())[said:]
    assert [("Друг по вашему приглашению" in one["text"], "7 дн." in one["text"]) for one in told] == [(True, True)]
    assert await books(circle) == (198_000, 0)
    await stall.bought(boris)
    for _ in range(2):
        await circle.market.run(stall.tenant_id, SettleReferral(boris.id))
    await circle.market.work()
    assert (await circle.subscription(anna)).ends_at == after.ends_at
    assert len(await phone.messages()) == said + 1
    subjects = {
        event.subject_id
        for event in await circle.market.rows(stall.tenant_id, AuditEvent, AuditEvent.action == "referral.rewarded")
    }
    assert subjects == {anna.id, boris.id}


async def test_of_eight_who_settle_at_once_one_gives_the_reward(circle: Circle) -> None:
    await circle.set(**DAYS)
    stall = circle.stall
    _, anna = await circle.started()
    await stall.bought(anna)
    before = (await circle.subscription(anna)).ends_at
    boris = await circle.invited(anna)
    payment = await stall.ordered(boris)
    await stall.pay(payment)
    notice = await stall.notice(payment.provider_payment_id or "")

    async def settle() -> str:
        async with circle.market.tenant(stall.tenant_id) as session:
            return await settle_referral(session, boris.id, now=circle.market.now())

    await stall.check(notice)
    outcomes = sorted(await asyncio.gather(*(settle() for _ in range(8))))
    assert outcomes == ["rewarded", *["unchanged"] * 7]
    await circle.market.work()
    assert before is not None
    assert (await circle.subscription(anna)).ends_at == before + timedelta(days=7)
    assert await circle.market.count(stall.tenant_id, Payment, Payment.provider == "manual") == 1


async def test_the_cap_holds_when_eight_invited_people_pay_at_once(circle: Circle) -> None:
    await circle.set(**PERCENT, rewards_a_month=3)
    stall = circle.stall
    _, anna = await circle.started()
    people = [await circle.invited(anna, first_name=f"Guest {number}") for number in range(8)]
    payments = [await stall.ordered(person) for person in people]
    for payment in payments:
        await stall.pay(payment)
    notices = [await stall.notice(payment.provider_payment_id or "") for payment in payments]
    await asyncio.gather(*(stall.check(notice) for notice in notices))

    async def settle(person: User) -> None:
        async with circle.market.tenant(stall.tenant_id) as session:
            await settle_referral(session, person.id, now=circle.market.now())

    await asyncio.gather(*(settle(person) for person in people))
    found = await circle.market.rows(stall.tenant_id, Referral)
    states = sorted((str(one.state), one.reason) for one in found)
    assert states == [("passed", "cap")] * 5 + [("rewarded", "")] * 3
    assert await circle.market.count(stall.tenant_id, PromoCode, PromoCode.user_id == anna.id) == 3


async def test_percent_come_off_the_inviters_next_payment_and_nobody_elses_d17(circle: Circle) -> None:
    await circle.set(**PERCENT)
    stall = circle.stall
    phone, anna = await circle.started()
    boris = await circle.invited(anna)
    await stall.bought(boris)
    [code] = await circle.market.rows(stall.tenant_id, PromoCode)
    assert (code.user_id, code.max_uses) == (anna.id, 1)
    assert code.code in await phone.screen()
    with pytest.raises(PromoCodeRefusedError, match="unknown"):
        await stall.order(boris, promo_code=code.code)
    await phone.write("/buy")
    await phone.press("Club")
    assert "792" in await phone.screen()
    paid = await stall.bought(await circle.fresh(anna), promo_code=code.code)
    assert paid.amount_minor == 79_200
    with pytest.raises(PromoCodeRefusedError):
        await stall.order(anna, promo_code=code.code)


async def test_days_wait_for_the_next_purchase_where_nothing_runs(circle: Circle) -> None:
    await circle.set(**DAYS)
    phone, anna = await circle.started()
    await circle.stall.bought(await circle.invited(anna))
    assert "7 дней к следующей покупке" in await phone.screen()
    [code] = await circle.market.rows(circle.stall.tenant_id, PromoCode)
    paid = await circle.stall.bought(anna, promo_code=code.code)
    assert (paid.amount_minor, paid.extra_days) == (99_000, 7)


async def test_a_refund_takes_the_reward_back_once_and_says_so_d15(circle: Circle) -> None:
    await circle.set(**DAYS)
    stall = circle.stall
    phone, anna = await circle.started()
    await stall.bought(anna)
    before = (await circle.subscription(anna)).ends_at
    boris = await circle.invited(anna)
    payment = await stall.bought(boris)
    await refund(circle, payment, 10_000)
    assert (await circle.subscription(anna)).ends_at != before
    said = len(await phone.messages())
    await refund(circle, payment)
    referral = await circle.referral(boris)
    assert referral is not None
    assert referral.state == ReferralState.TAKEN_BACK
    await circle.market.run(stall.tenant_id, SettleReferral(boris.id))
    await circle.market.work()
    subscription = await circle.subscription(anna)
    assert (subscription.ends_at, subscription.status) == (before, SubscriptionStatus.ACTIVE)
    assert [("больше не действует" in one["text"]) for one in (await phone.messages())[said:]] == [True]
    assert (await books(circle))[1] == 0


async def test_a_refund_withdraws_a_code_that_waits_and_leaves_one_that_was_used_d15(circle: Circle) -> None:
    await circle.set(**PERCENT)
    stall = circle.stall
    _, anna = await circle.started()
    boris, clara = await circle.invited(anna), await circle.invited(anna, first_name="Clara")
    used, unused = await stall.bought(boris), await stall.bought(clara)
    first, second = [await circle.referral(person) for person in (boris, clara)]
    assert first is not None
    assert second is not None
    code = await circle.market.get(stall.tenant_id, PromoCode, first.reward_promo_code_id)
    await stall.bought(anna, promo_code=code.code)
    await refund(circle, used)
    await refund(circle, unused)
    first, second = [await circle.referral(person) for person in (boris, clara)]
    assert first is not None
    assert second is not None
    assert (first.state, first.reason) == (ReferralState.TAKEN_BACK, "used")
    assert (second.state, second.reason) == (ReferralState.TAKEN_BACK, "")
    assert not (await circle.market.get(stall.tenant_id, PromoCode, second.reward_promo_code_id)).is_active


async def test_a_purchase_that_was_refunded_before_the_reward_brings_none(circle: Circle) -> None:
    await circle.set(**PERCENT)
    stall = circle.stall
    _, anna = await circle.started()
    boris = await circle.invited(anna)
    payment = await stall.ordered(boris)
    await stall.pay(payment)
    await stall.check(await stall.notice(payment.provider_payment_id or ""))
    await stall.change(Payment, payment.id, refunded_minor=payment.amount_minor)
    await circle.market.work()
    referral = await circle.referral(boris)
    assert referral is not None
    assert (referral.state, referral.reason) == (ReferralState.PASSED, "refunded")
    assert await circle.market.count(stall.tenant_id, PromoCode) == 0


async def test_test_payments_and_what_costs_nothing_bring_no_reward(circle: Circle) -> None:
    await circle.set(**PERCENT)
    stall = circle.stall
    _, anna = await circle.started()
    boris = await circle.invited(anna)
    free = await stall.add_plan(stall.channel_id, price_minor=0)
    await stall.order(boris, plan_id=free.id)
    await circle.market.work()
    payment = await stall.ordered(boris)
    await stall.change(Payment, payment.id, is_test=True)
    entry = circle.market.gateway.store.payments.by_id[payment.provider_payment_id or ""]
    entry.body["test"] = True
    await stall.pay(payment)
    await stall.poll()
    assert (await stall.payment(payment.id)).settled_at is not None
    referral = await circle.referral(boris)
    assert referral is not None
    assert referral.state == ReferralState.INVITED
    await stall.bought(boris)
    referral = await circle.referral(boris)
    assert referral is not None
    assert referral.state == ReferralState.REWARDED
