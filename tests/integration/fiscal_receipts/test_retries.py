"""Receipts that failed or wait: followed, tried again, and registered once."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest

from lumenpay.fiscal_receipts.errors import ReceiptContactMissingError, ReceiptNotFailedError
from lumenpay.fiscal_receipts.rules import NO_ANSWER, NOT_REGISTERED
from lumenpay.models.audit import AuditEvent
from lumenpay.models.fiscal_receipts import FiscalReceipt, ReceiptState
from lumenpay.models.payments import Payment
from lumenpay.payments.errors import GatewayUnavailableError
from tests.integration.fiscal_receipts.register import ALICE, EMAIL, Register

LOST = {"method": "POST", "path": "/v3/receipts", "count": 1}


async def failed(register: Register) -> Payment:
    """A paid order whose receipt the cash register did not take; by now it would."""
    await register.at_shop(outcome="canceled")
    payment = await register.stall.bought(await register.buyer())
    await register.at_shop(outcome="succeeded")
    return payment


async def good(register: Register) -> list[str]:
    return [made["id"] for made in await register.at_gateway(status="succeeded")]


async def test_a_pending_receipt_is_followed_to_its_end(register: Register) -> None:
    await register.at_shop(outcome="pending")
    payment = await register.stall.bought(await register.buyer())
    assert payment.receipt_state == ReceiptState.PENDING
    await register.later(minutes=2)
    assert (await register.receipt()).state == ReceiptState.PENDING
    await register.finish(payment, "succeeded")
    await register.later(minutes=2)
    assert (await register.stall.payment(payment.id)).receipt_state == ReceiptState.REGISTERED
    assert (await register.receipt()).next_step_at is None
    assert await register.sent() == 0


async def test_a_receipt_of_which_nothing_is_heard_is_flagged_after_three_days(register: Register) -> None:
    await register.at_shop(outcome="pending")
    await register.stall.bought(await register.buyer())
    await register.later(days=3, minutes=1)
    receipt = await register.receipt()
    assert (receipt.state, receipt.failure, receipt.next_step_at) == (ReceiptState.FAILED, NO_ANSWER, None)


async def test_a_retry_registers_the_receipt_once_and_says_who_asked_d25(register: Register) -> None:
    payment = await failed(register)
    receipt = await register.retry(await register.receipt())
    await register.market.work()
    for _ in range(2):
        await register.run(receipt)
    receipt = await register.receipt()
    assert (receipt.state, receipt.attempts, receipt.requested_by) == (ReceiptState.REGISTERED, 1, ALICE.id)
    assert (await register.stall.payment(payment.id)).receipt_state == ReceiptState.REGISTERED
    assert (await good(register), await register.sent()) == ([receipt.provider_receipt_id], 1)
    events = await register.market.rows(register.stall.tenant_id, AuditEvent)
    actions = [event.action for event in events]
    assert [actions.count(f"fiscal_receipt.{what}") for what in ("failed", "retried", "registered")] == [1, 1, 1]
    assert EMAIL.value not in str([event.details for event in events])


async def test_of_eight_who_retry_at_once_one_does_d25(register: Register) -> None:
    await failed(register)
    receipt = await register.receipt()
    asked = await asyncio.gather(*(register.retry(receipt) for _ in range(8)), return_exceptions=True)
    assert len([one for one in asked if isinstance(one, FiscalReceipt)]) == 1
    assert all(isinstance(one, FiscalReceipt | ReceiptNotFailedError) for one in asked)
    await register.market.work()
    assert (len(await good(register)), await register.sent()) == (1, 1)


@pytest.mark.parametrize("effect", ["drop_before", "drop_after"])
async def test_a_lost_answer_leads_to_one_receipt_d25(register: Register, effect: str) -> None:
    await failed(register)
    receipt = await register.retry(await register.receipt())
    await register.market.yookassa("POST", "/faults", match=LOST, effect={"kind": effect})
    with pytest.raises(GatewayUnavailableError):
        await register.run(receipt)
    await register.market.work()
    assert (await register.receipt()).state == ReceiptState.REGISTERED
    assert len(await good(register)) == 1


async def test_a_forgotten_key_is_not_sent_again(register: Register) -> None:
    await failed(register)
    receipt = await register.retry(await register.receipt())
    await register.market.yookassa("POST", "/faults", match=LOST, effect={"kind": "drop_after"})
    with pytest.raises(GatewayUnavailableError):
        await register.run(receipt)
    await register.market.skip(hours=23, minutes=1)
    await register.run(receipt)
    assert (await register.receipt()).state == ReceiptState.REGISTERED
    assert (len(await good(register)), await register.sent()) == (1, 1)


async def test_a_receipt_that_was_made_by_hand_is_found_and_not_made_again(register: Register) -> None:
    payment = await failed(register)
    await register.retry(await register.receipt())
    body = (await register.receipt()).request_body
    shop = register.stall.shop
    async with register.market.http.post(
        f"{register.market.gateway_url}/v3/receipts", json=body,
        headers={
            "Idempotence-Key": "by-hand",
            "Authorization": aiohttp.encode_basic_auth(shop["shop_id"], shop["secret_key"]),
        },
    ) as made:  # fmt: skip
        by_hand = (await made.json())["id"]
    await register.market.work()
    assert (await register.receipt()).provider_receipt_id == by_hand
    assert (await register.stall.payment(payment.id)).receipt_state == ReceiptState.REGISTERED
    assert await register.sent() == 1


async def test_it_is_tried_three_times_by_itself_and_then_waits_for_a_human_d25(register: Register) -> None:
    await register.at_shop(outcome="canceled")
    await register.stall.bought(await register.buyer())
    for pause in ({"minutes": 11}, {"hours": 3}, {"hours": 13}):
        await register.later(**pause)
    receipt = await register.receipt()
    assert (receipt.attempts, receipt.state, receipt.failure) == (3, ReceiptState.FAILED, NOT_REGISTERED)
    assert receipt.next_step_at is None
    assert await register.sent() == 3
    await register.at_shop(outcome="succeeded")
    await register.retry(receipt)
    await register.market.work()
    assert ((await register.receipt()).state, len(await good(register))) == (ReceiptState.REGISTERED, 1)


async def test_a_retry_takes_the_settings_and_the_address_of_now(register: Register) -> None:
    await register.at_shop(fiscalization=False)
    anna = await register.buyer(None)
    await register.stall.bought(anna)
    await register.at_shop(fiscalization=True)
    with pytest.raises(ReceiptContactMissingError):
        await register.retry(await register.receipt())
    await register.gives(anna, EMAIL)
    await register.decided(vat_code=12)
    await register.retry(await register.receipt())
    await register.market.work()
    [made] = await register.at_gateway()
    assert (made["items"][0]["vat_code"], made["status"]) == (12, "succeeded")


async def test_a_refused_retry_says_which_field_and_the_next_can_be_right_d25(register: Register) -> None:
    await failed(register)
    await register.at_shop(fiscalization=False)
    await register.retry(await register.receipt())
    await register.market.work()
    assert (await register.receipt()).failure == "keys_refused"
    await register.at_shop(fiscalization=True)
    await register.retry(await register.receipt())
    await register.market.work()
    assert ((await register.receipt()).state, len(await good(register))) == (ReceiptState.REGISTERED, 1)
