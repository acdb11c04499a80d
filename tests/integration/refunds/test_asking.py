"""Refunds that somebody of the tenant asks for: made once at the gateway, booked once, told once."""

from __future__ import annotations

import asyncio

import pytest

from lumenpay.errors import IdempotenceKeyReusedError
from lumenpay.models.audit import AuditEvent
from lumenpay.models.bots import Bot, ShopStatus
from lumenpay.models.jobs import JobStatus
from lumenpay.models.ledger import LedgerEntry
from lumenpay.models.payments import PaymentStatus
from lumenpay.models.refunds import Refund, RefundStatus
from lumenpay.models.subscriptions import SubscriptionStatus
from lumenpay.payments.errors import GatewayUnavailableError
from lumenpay.payments.shops import disconnect_shop
from lumenpay.refunds.errors import PaymentNotRefundableError, RefundTooLargeError
from tests.integration.refunds.counter import ALICE, KEEP, LOST, REVOKE, Counter
from tests.support.market import Market


async def test_a_full_refund_reverses_the_ledger_ends_access_and_is_told_once_d15(
    market: Market, counter: Counter
) -> None:
    stall, anna = counter.stall, await counter.stall.buyer()
    payment = await stall.bought(anna)
    refund = await counter.refunded(payment, access=REVOKE)
    await counter.run(refund)
    await counter.poll()
    assert (refund.status, refund.amount_minor, refund.currency) == (RefundStatus.SUCCEEDED, 99_000, "RUB")
    after = await stall.payment(payment.id)
    assert (after.status, after.refunded_minor) == (PaymentStatus.SUCCEEDED, 99_000)
    assert await counter.books() == (0, 0)
    assert await market.count(stall.tenant_id, LedgerEntry) == 4
    assert (await counter.subscription()).status == SubscriptionStatus.EXPIRED
    told = [text for text in await stall.texts(anna) if "Вернули" in text]
    assert len(told) == 1
    assert "Доступ закрыт" in told[0]
    assert not [text for text in await stall.texts(anna) if "закончилась" in text]
    actions = [event.action for event in await market.rows(stall.tenant_id, AuditEvent)]
    assert (actions.count("refund.requested"), actions.count("refund.succeeded")) == (1, 1)


async def test_a_part_that_keeps_access_reverses_that_part_d15(market: Market, counter: Counter) -> None:
    stall, anna = counter.stall, await counter.stall.buyer()
    payment = await stall.bought(anna)
    for amount in (30_000, 20_000):
        await counter.refunded(payment, amount)
    assert (await stall.payment(payment.id)).refunded_minor == 50_000
    assert await counter.books() == (49_000, 0)
    assert await counter.paid_days(payment) == 30
    assert (await counter.subscription()).status == SubscriptionStatus.ACTIVE
    assert "Доступ открыт" in (await stall.texts(anna))[-1]
    with pytest.raises(RefundTooLargeError):
        await counter.asked(payment, 49_001)
    rest = await counter.refunded(payment)
    assert (rest.amount_minor, await counter.books()) == (49_000, (0, 0))


async def test_of_eight_who_ask_at_once_one_gets_it_d15(market: Market, counter: Counter) -> None:
    payment = await counter.stall.bought(await counter.stall.buyer())
    asked = await asyncio.gather(
        *(counter.asked(payment, amount, access=KEEP) for amount in (99_000, 60_000) * 4), return_exceptions=True
    )
    assert len([found for found in asked if isinstance(found, Refund)]) == 1
    assert all(isinstance(found, Refund | RefundTooLargeError) for found in asked)
    await market.work()
    assert (len(await counter.at_gateway()), await counter.created()) == (1, 1)
    assert (await counter.books())[1] == 0


async def test_a_repeated_request_is_one_refund_and_its_key_is_no_others(market: Market, counter: Counter) -> None:
    payment = await counter.stall.bought(await counter.stall.buyer())
    same = await asyncio.gather(*(counter.asked(payment, 10_000, key="one-intention") for _ in range(8)))
    assert len({refund.id for refund in same}) == 1
    with pytest.raises(IdempotenceKeyReusedError):
        await counter.asked(payment, 10_001, key="one-intention")
    await market.work()
    assert (await counter.stall.payment(payment.id)).refunded_minor == 10_000


@pytest.mark.parametrize(
    "effect",
    [{"kind": "drop_after"}, {"kind": "drop_before"}, {"kind": "status", "status": 500, "after": True}],
    ids=str,
)
async def test_a_lost_answer_is_repeated_with_the_same_key_and_gives_back_once_d15_d7(
    market: Market, counter: Counter, effect: dict[str, object]
) -> None:
    payment = await counter.stall.bought(await counter.stall.buyer())
    await market.yookassa("POST", "/faults", match=LOST, effect=effect)
    await market.yookassa("POST", "/faults", match={"event": "refund.succeeded"}, effect={"kind": "never"})
    refund = await counter.asked(payment, 40_000)
    with pytest.raises(GatewayUnavailableError):
        await counter.run(refund)
    assert (await counter.refund(refund.id)).status == RefundStatus.CREATED
    await counter.poll()
    assert (await counter.refund(refund.id)).status == RefundStatus.SUCCEEDED
    assert (len(await counter.at_gateway()), await counter.created()) == (1, 2)
    assert await counter.books() == (59_000, 0)


@pytest.mark.parametrize(
    ("effect", "status", "held"),
    [("drop_after", RefundStatus.SUCCEEDED, 59_000), ("drop_before", RefundStatus.CANCELED, 99_000)],
)
async def test_after_23_hours_a_refund_is_looked_up_and_its_key_is_never_sent_again_d8(
    market: Market, counter: Counter, effect: str, status: RefundStatus, held: int
) -> None:
    payment = await counter.stall.bought(await counter.stall.buyer())
    await market.yookassa("POST", "/faults", match=LOST, effect={"kind": effect})
    refund = await counter.asked(payment, 40_000)
    with pytest.raises(GatewayUnavailableError):
        await counter.run(refund)
    await counter.poll(hours=25)
    assert ((await counter.refund(refund.id)).status, await counter.created()) == (status, 1)
    assert await counter.books() == (held, 0)


async def test_a_pending_refund_is_followed_until_it_is_over(market: Market, counter: Counter) -> None:
    stall = counter.stall
    await market.yookassa("PUT", f"/shops/{stall.shop['shop_id']}/refunds", wait=True)
    payment = await stall.bought(await stall.buyer())
    done, failed = await counter.refunded(payment, 10_000), await counter.refunded(payment, 20_000)
    assert [done.status, failed.status] == [RefundStatus.PENDING] * 2
    assert await counter.books() == (99_000, 0)
    await market.yookassa("POST", f"/refunds/{done.provider_refund_id}/finish")
    await market.yookassa("POST", f"/refunds/{failed.provider_refund_id}/finish", reason="rejected_by_payee")
    await counter.poll()
    assert (await counter.refund(done.id)).status == RefundStatus.SUCCEEDED
    after = await counter.refund(failed.id)
    assert (after.status, after.cancellation_reason) == (RefundStatus.CANCELED, "rejected_by_payee")
    assert (await counter.books(), (await stall.payment(payment.id)).refunded_minor) == ((89_000, 0), 10_000)
    # What failed can be asked for again.
    await counter.asked(payment, 89_000)


async def test_what_the_gateway_refuses_is_closed_with_its_word(market: Market, counter: Counter) -> None:
    payment = await counter.stall.bought(await counter.stall.buyer())
    refund = await counter.asked(payment, 60_000)
    # Faster than our workers: in the cabinet somebody gave nearly all of it back.
    await counter.in_cabinet(payment, "900.00")
    await market.work()
    after = await counter.refund(refund.id)
    assert (after.status, after.cancellation_reason) == (RefundStatus.CANCELED, "refused:invalid_request")
    assert await market.jobs(counter.stall.tenant_id, status=JobStatus.DEAD) == []


async def test_refused_keys_stop_the_shop_and_the_refund_waits_for_better_ones_d20(
    market: Market, counter: Counter
) -> None:
    stall = counter.stall
    payment = await stall.bought(await stall.buyer())
    await market.yookassa("POST", "/faults", match=LOST, effect={"kind": "status", "status": 401})
    refund = await counter.refunded(payment, 10_000)
    assert (refund.status, refund.check_result) == (RefundStatus.CREATED, "keys_refused")
    assert (await market.get(stall.tenant_id, Bot, stall.bot_id)).shop_status == ShopStatus.REJECTED
    await stall.change(Bot, stall.bot_id, shop_status=ShopStatus.ACTIVE)
    await counter.poll()
    assert (await counter.refund(refund.id)).status == RefundStatus.SUCCEEDED


async def test_keys_of_a_former_shop_are_kept_until_its_refund_is_over(market: Market, counter: Counter) -> None:
    stall = counter.stall
    await market.yookassa("PUT", f"/shops/{stall.shop['shop_id']}/refunds", wait=True)
    payment = await stall.bought(await stall.buyer())
    refund = await counter.refunded(payment, 10_000)
    async with market.tenant(stall.tenant_id) as session:
        await disconnect_shop(session, stall.bot_id, ring=market.ring, actor=ALICE, now=market.now())
    await market.work()
    await market.yookassa("POST", f"/refunds/{refund.provider_refund_id}/finish")
    await counter.poll()
    assert (await counter.refund(refund.id)).status == RefundStatus.SUCCEEDED


async def test_what_was_not_paid_through_a_gateway_is_not_given_back(market: Market, counter: Counter) -> None:
    stall = counter.stall
    await stall.promo("FREE", discount_value=100)
    free = await stall.order(await stall.buyer(), promo_code="FREE")
    await market.work()
    unpaid = await stall.ordered(await stall.buyer())
    old = await stall.bought(await stall.buyer())
    await market.skip(days=3 * 365)
    for payment in (free, unpaid, old):
        with pytest.raises(PaymentNotRefundableError):
            await counter.asked(payment)
