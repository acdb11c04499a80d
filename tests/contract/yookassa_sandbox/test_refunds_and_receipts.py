"""Refunds never exceed the payment; receipts after the fact add up."""

import pytest

pytestmark = pytest.mark.asyncio
RUB = {"value": "500.00", "currency": "RUB"}
ITEM = {"description": "Access", "quantity": 1, "amount": RUB, "vat_code": 1}
CUSTOMER = {"email": "a@example.org"}


async def paid(sandbox, shop, **changes):
    payment = await sandbox.create(shop, **changes)
    await sandbox.pay(payment["id"])
    return payment


async def refund(sandbox, shop, payment, value, **extra):
    order = {"payment_id": payment["id"], "amount": {"value": value, "currency": "RUB"}} | extra
    return await sandbox.api(shop, "POST", "/refunds", order)


async def test_parts_can_be_refunded_until_nothing_is_left(sandbox, shop):
    payment = await paid(sandbox, shop)
    parts = [(await refund(sandbox, shop, payment, value)).body for value in ("200.00", "300.00")]
    assert [part["status"] for part in parts] == ["succeeded"] * 2
    assert parts[0].keys() >= {"id", "payment_id", "amount", "status", "created_at"}
    refused = await refund(sandbox, shop, payment, "0.01")
    assert (refused.status, refused.body["parameter"]) == (400, "amount.value")
    now = (await sandbox.api(shop, "GET", f"/payments/{payment['id']}")).body
    assert (now["refunded_amount"]["value"], now["refundable"]) == ("500.00", False)
    listed = (await sandbox.api(shop, "GET", f"/refunds?payment_id={payment['id']}")).body["items"]
    assert [part["id"] for part in listed] == [parts[1]["id"], parts[0]["id"]]
    assert (await sandbox.api(shop, "GET", f"/refunds/{parts[0]['id']}")).body == parts[0]


async def test_unpaid_foreign_and_too_old_payments_are_not_refunded(sandbox, shop):
    pending = await sandbox.create(shop)
    assert (await refund(sandbox, shop, pending, "1.00")).status == 400
    payment = await paid(sandbox, shop)
    assert (await refund(sandbox, await sandbox.open_shop(), payment, "1.00")).status == 400
    await sandbox.skip(days=3 * 365 + 1)
    assert (await refund(sandbox, shop, payment, "1.00")).status == 400


async def test_receipt_can_follow_its_payment_when_the_sums_agree(sandbox):
    shop = await sandbox.open_shop(fiscalization=True)
    payment = await paid(sandbox, shop, receipt={"customer": CUSTOMER, "items": [ITEM]})
    order = {
        "type": "payment",
        "payment_id": payment["id"],
        "customer": CUSTOMER,
        "items": [ITEM | {"payment_mode": "full_payment"}],
        "settlements": [{"type": "prepayment", "amount": RUB}],
        "send": True,
    }
    receipt = (await sandbox.api(shop, "POST", "/receipts", order)).body
    assert (await sandbox.api(shop, "GET", f"/receipts/{receipt['id']}")).body == receipt
    order["settlements"] = [{"type": "prepayment", "amount": {"value": "1.00", "currency": "RUB"}}]
    assert (await sandbox.api(shop, "POST", "/receipts", order)).body["parameter"] == "settlements"


async def test_partial_refund_of_a_shop_with_a_cash_register_needs_its_own_receipt(sandbox):
    shop = await sandbox.open_shop(fiscalization=True)
    payment = await paid(sandbox, shop, receipt={"customer": CUSTOMER, "items": [ITEM]})
    assert (await refund(sandbox, shop, payment, "100.00")).body["parameter"] == "receipt"
    part = ITEM | {"amount": {"value": "100.00", "currency": "RUB"}}
    done = await refund(sandbox, shop, payment, "100.00", receipt={"customer": CUSTOMER, "items": [part]})
    assert done.body["receipt_registration"] == "succeeded"


async def test_a_refund_that_waits_holds_its_sum_and_is_announced_when_it_is_done(sandbox, shop, listener):
    payment = await paid(sandbox, shop)
    await sandbox.control("PUT", f"/sandbox/shops/{shop['shop_id']}/refunds", {"wait": True})
    done, failed = [(await refund(sandbox, shop, payment, value)).body for value in ("200.00", "300.00")]
    assert [done["status"], failed["status"]] == ["pending"] * 2
    assert (await refund(sandbox, shop, payment, "0.01")).status == 400
    await sandbox.control("POST", f"/sandbox/refunds/{done['id']}/finish")
    answer = await sandbox.control("POST", f"/sandbox/refunds/{failed['id']}/finish", {"reason": "rejected_by_payee"})
    assert (answer.body["status"], answer.body["cancellation_details"]["reason"]) == ("canceled", "rejected_by_payee")
    assert (await sandbox.control("POST", f"/sandbox/refunds/{failed['id']}/finish")).status == 400
    now = (await sandbox.api(shop, "GET", f"/payments/{payment['id']}")).body
    assert (now["refunded_amount"]["value"], now["refundable"]) == ("200.00", True)
    await listener.wait_for(2)
    assert listener.events() == [("payment.succeeded", payment["id"]), ("refund.succeeded", done["id"])]


async def test_a_refund_in_the_cabinet_needs_no_call_of_the_shop(sandbox, shop):
    payment = await paid(sandbox, shop)
    path = f"/sandbox/payments/{payment['id']}/refund"
    made = (await sandbox.control("POST", path, {"amount": "200.00"})).body
    assert (await sandbox.api(shop, "GET", f"/refunds/{made['id']}")).body == made
    rest = (await sandbox.control("POST", path)).body
    assert (rest["amount"]["value"], (await sandbox.control("POST", path)).status) == ("300.00", 400)
    seen = (await sandbox.control("GET", f"/sandbox/refunds?payment_id={payment['id']}")).body["refunds"]
    assert [found["id"] for found in seen] == [rest["id"], made["id"]]


async def test_a_shop_with_receipts_of_the_gateway_itself_is_strict_about_them(sandbox, order_of):
    shop = await sandbox.open_shop(fiscalization=True, receipts_need_email=True)
    item = ITEM | {"measure": "piece"}
    for receipt, parameter in (
        ({"customer": {"phone": "79001234567"}, "items": [item]}, "receipt.customer.email"),
        ({"items": [item]}, "receipt.customer"),
        ({"customer": CUSTOMER, "items": [ITEM]}, "receipt.items[0].measure"),
        ({"customer": CUSTOMER, "items": [item | {"vat_code": 13}]}, "receipt.items[0].vat_code"),
        ({"customer": CUSTOMER, "items": [item | {"amount": RUB | {"value": "499.99"}}]}, "receipt.items"),
    ):
        refused = await sandbox.api(shop, "POST", "/payments", order_of(receipt=receipt))
        assert (refused.status, refused.body["parameter"]) == (400, parameter)


async def test_the_cash_register_can_wait_and_fail(sandbox):
    shop = await sandbox.open_shop(fiscalization=True)
    await sandbox.control("PUT", f"/sandbox/shops/{shop['shop_id']}/receipts", {"outcome": "pending"})
    payment = await paid(sandbox, shop, receipt={"customer": CUSTOMER, "items": [ITEM]})
    path = f"/payments/{payment['id']}"
    assert (await sandbox.api(shop, "GET", path)).body["receipt_registration"] == "pending"
    await sandbox.control("POST", f"/sandbox{path}/receipt/finish", {"status": "canceled"})
    assert (await sandbox.api(shop, "GET", path)).body["receipt_registration"] == "canceled"
    [receipt] = (await sandbox.api(shop, "GET", f"/receipts?payment_id={payment['id']}")).body["items"]
    assert receipt["status"] == "canceled"
    assert "fiscal_document_number" not in receipt
    assert (await sandbox.control("POST", f"/sandbox{path}/receipt/finish", {"status": "succeeded"})).status == 400
