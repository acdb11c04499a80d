"""Idempotence keys: one result for 24 hours of sandbox time, and a new one afterwards."""

import asyncio

import pytest

pytestmark = pytest.mark.asyncio
KEY = "018e5f0a-1b2c-7d4e-9f0a-1b2c3d4e5f6a"


async def test_same_key_and_body_give_the_first_answer_even_after_the_payment_is_paid(sandbox, shop):
    first = await sandbox.create(shop, key=KEY)
    await sandbox.pay(first["id"])
    assert await sandbox.create(shop, key=KEY) == first


async def test_same_key_with_another_body_is_refused(sandbox, shop):
    await sandbox.create(shop, key=KEY)
    other = {"amount": {"value": "1.00", "currency": "RUB"}}
    refused = await sandbox.api(shop, "POST", "/payments", other, key=KEY)
    assert refused.status == 400
    assert refused.body | {"code": "invalid_request", "description": "Idempotence key duplicated"} == refused.body
    assert refused.body["parameter"] == "Idempotence-Key"


async def test_key_is_forgotten_after_24_hours_and_the_repeat_is_a_new_payment(sandbox, shop):
    first = await sandbox.create(shop, key=KEY)
    await sandbox.skip(seconds=86_390)
    assert (await sandbox.create(shop, key=KEY))["id"] == first["id"]
    await sandbox.skip(seconds=11)
    assert (await sandbox.create(shop, key=KEY))["id"] != first["id"]


async def test_thirty_concurrent_requests_with_one_key_make_one_payment(sandbox, shop):
    payments = await asyncio.gather(*(sandbox.create(shop, key=KEY) for _ in range(30)))
    assert len({payment["id"] for payment in payments}) == 1
    assert len((await sandbox.control("GET", f"/sandbox/payments?shop_id={shop['shop_id']}")).body["payments"]) == 1


async def test_two_shops_may_use_the_same_key(sandbox, shop):
    other = await sandbox.open_shop()
    assert (await sandbox.create(shop, key=KEY))["id"] != (await sandbox.create(other, key=KEY))["id"]


async def test_refused_request_does_not_use_the_key_up(sandbox, shop):
    wrong = {"amount": {"value": "0.00", "currency": "RUB"}}
    assert (await sandbox.api(shop, "POST", "/payments", wrong, key=KEY)).status == 400
    assert (await sandbox.create(shop, key=KEY))["status"] == "pending"


async def test_repeated_refund_gives_the_money_back_once(sandbox, shop):
    payment = await sandbox.create(shop)
    await sandbox.pay(payment["id"])
    order = {"payment_id": payment["id"], "amount": {"value": "300.00", "currency": "RUB"}}
    answers = [(await sandbox.api(shop, "POST", "/refunds", order, key=KEY)).body for _ in range(3)]
    assert answers[0] == answers[1] == answers[2]
    paid = (await sandbox.api(shop, "GET", f"/payments/{payment['id']}")).body
    assert paid["refunded_amount"]["value"] == "300.00"


@pytest.mark.parametrize("key", ["", "x" * 65, "with space", "кириллица"])
async def test_key_is_required_and_at_most_64_plain_characters(sandbox, shop, key):
    refused = await sandbox.api(shop, "POST", "/payments", {}, headers={"Idempotence-Key": key})
    assert (refused.status, refused.body["parameter"]) == (400, "Idempotence-Key")
