"""Receipts that go along with payments, charges and refunds: what stands in them, and that nobody waits for them."""

from __future__ import annotations

import pytest

from lumenpay.models.audit import AuditEvent
from lumenpay.models.fiscal_receipts import ReceiptKind, ReceiptState
from lumenpay.models.payments import DeliveryState, PaymentStatus
from lumenpay.models.plans import Plan
from lumenpay.models.refunds import RefundStatus
from tests.integration.fiscal_receipts.register import EMAIL, PHONE, Register, open_register
from tests.integration.refunds.counter import Counter
from tests.support.market import Market
from tests.support.renewing import CONSENT, automatic, come_to_charge
from tests.support.stall import open_stall


async def test_a_paid_order_has_its_receipt_by_the_shops_settings(register: Register) -> None:
    payment = await register.stall.bought(await register.buyer())
    assert payment.receipt_state == ReceiptState.REGISTERED
    assert (payment.request_body or {})["receipt"] == {
        "customer": {"email": EMAIL.value},
        "items": [
            {
                "description": "Club, 30 days", "quantity": 1, "measure": "piece",
                "amount": {"value": "990.00", "currency": "RUB"}, "vat_code": 11, "payment_subject": "service",
                "payment_mode": "full_payment",
            }
        ],
        "tax_system_code": 2,
    }  # fmt: skip
    [made] = await register.at_gateway()
    assert (made["type"], made["payment_id"], made["status"]) == ("payment", payment.provider_payment_id, "succeeded")
    assert await register.sent() == 0


async def test_a_plan_has_its_own_code_and_a_promo_code_its_own_sum(register: Register) -> None:
    stall = register.stall
    await stall.change(Plan, stall.plan_id, receipt_vat_code=7, receipt_subject="intellectual_activity")
    await stall.promo("THIRD", discount_value=33)
    payment = await stall.bought(await register.buyer(), promo_code="THIRD")
    [made] = await register.at_gateway()
    [item] = made["items"]
    assert (item["vat_code"], item["payment_subject"]) == (7, "intellectual_activity")
    assert item["amount"]["value"] == f"{payment.amount_minor / 100:.2f}" == "663.30"


@pytest.mark.parametrize("why", ["off", "free", "dollars"])
async def test_where_no_receipt_is_due_none_is_made(market: Market, why: str) -> None:
    plans = {"free": {"price_minor": 0}, "dollars": {"currency": "USD"}}
    register = Register(market, await open_stall(market, **plans.get(why, {})))
    await register.decided(is_on=why != "off")
    payment = await register.stall.order(await register.buyer())
    assert payment.receipt_state is None
    assert "receipt" not in (payment.request_body or {})


async def test_a_charge_and_a_refund_have_receipts_of_their_own(market: Market) -> None:
    register = await open_register(market, is_recurring=True)
    stall = register.stall
    await stall.bought(await register.buyer(), consent=CONSENT)
    await come_to_charge(stall)
    await stall.sweep()
    [charge] = await automatic(stall)
    assert (charge.status, charge.receipt_state) == (PaymentStatus.SUCCEEDED, ReceiptState.REGISTERED)
    refund = await Counter(market, stall).refunded(charge, 30_000)
    assert refund.status == RefundStatus.SUCCEEDED
    made = await register.at_gateway()
    assert [receipt["type"] for receipt in made] == ["refund", "payment", "payment"]
    assert (made[0]["refund_id"], made[0]["items"][0]["amount"]["value"]) == (refund.provider_refund_id, "300.00")
    receipts = await register.receipts()
    assert [(row.kind, row.state) for row in receipts if row.refund_id] == [
        (ReceiptKind.REFUND, ReceiptState.REGISTERED)
    ]


async def test_a_receipt_that_the_cash_register_does_not_take_keeps_nobody_waiting_d25(register: Register) -> None:
    await register.at_shop(outcome="canceled")
    payment = await register.stall.bought(await register.buyer())
    assert (payment.status, payment.delivery_state) == (PaymentStatus.SUCCEEDED, DeliveryState.LINK_SENT)
    receipt = await register.receipt()
    assert (payment.receipt_state, receipt.state, receipt.failure) == ("failed", "failed", "not_registered")
    actions = [event.action for event in await register.market.rows(register.stall.tenant_id, AuditEvent)]
    assert actions.count("fiscal_receipt.failed") == 1


async def test_a_receipt_that_the_gateway_refuses_is_left_out_and_caught_up_on_d25(register: Register) -> None:
    await register.decided(takes_phone=True)
    anna = await register.buyer(PHONE)
    # The shop's own settings were wrong: it must have an e-mail address, and needs no receipt with the payment.
    await register.at_shop(fiscalization=False)
    payment = await register.stall.bought(anna)
    assert (payment.status, payment.delivery_state) == (PaymentStatus.SUCCEEDED, DeliveryState.LINK_SENT)
    assert "receipt" not in (payment.request_body or {})
    receipt = await register.receipt()
    assert (receipt.state, receipt.failure) == ("failed", "refused:invalid_request receipt.customer.email")
    await register.at_shop(fiscalization=True)
    await register.gives(anna, EMAIL)
    await register.later(minutes=11)
    assert (await register.receipt()).state == ReceiptState.REGISTERED
    assert (await register.stall.payment(payment.id)).receipt_state == ReceiptState.REGISTERED


async def test_an_order_without_an_address_is_paid_and_its_receipt_flagged(register: Register) -> None:
    await register.at_shop(fiscalization=False)
    payment = await register.stall.bought(await register.buyer(None))
    assert payment.status == PaymentStatus.SUCCEEDED
    receipt = await register.receipt()
    assert (receipt.state, receipt.failure, receipt.next_step_at) == ("failed", "no_contact", None)


async def test_a_refund_goes_back_though_its_receipt_is_refused_d25(register: Register) -> None:
    await register.at_shop(receipts_need_email=False)
    await register.decided(takes_phone=True)
    payment = await register.stall.bought(await register.buyer(PHONE))
    await register.at_shop(receipts_need_email=True)
    refund = await Counter(register.market, register.stall).refunded(payment)
    assert refund.status == RefundStatus.SUCCEEDED
    [of_refund] = [row for row in await register.receipts() if row.refund_id == refund.id]
    assert of_refund.kind == ReceiptKind.REFUND


async def test_a_changed_address_makes_a_fresh_order(register: Register) -> None:
    anna = await register.buyer()
    first = await register.stall.ordered(anna)
    assert (await register.stall.order(anna)).id == first.id
    await register.gives(anna, type(EMAIL)(EMAIL.kind, "other@example.org"))
    second = await register.stall.order(anna)
    assert second.id != first.id
    assert (second.request_body or {})["receipt"]["customer"] == {"email": "other@example.org"}
