"""Idempotency keys: one effect, one answer, for 24 hours."""

import asyncio

import pytest
import stripe

NEW = {"name": "Alice"}


async def test_repeated_request_has_one_effect_and_gets_the_first_answer(sandbox):
    first, second = [await _create(sandbox, "k", NEW) for _ in range(2)]
    assert first.body == second.body
    assert second.headers["Idempotent-Replayed"] == "true"
    assert second.headers["Original-Request"] == first.headers["Request-Id"]
    assert len(await sandbox.objects("customer")) == 1


async def test_same_key_with_other_parameters_is_an_idempotency_error(sandbox, shop):
    await _create(sandbox, "k", NEW)
    with pytest.raises(stripe.IdempotencyError, match="same parameters"):
        await shop.stripe.v1.customers.create_async({"name": "Bob"}, {"idempotency_key": "k"})


async def test_request_with_a_key_that_is_at_work_is_a_conflict(sandbox):
    await sandbox.fault({"method": "POST", "count": 1}, {"kind": "slow", "seconds": 0.1})
    answers = await asyncio.gather(_create(sandbox, "k", NEW), _create(sandbox, "k", NEW))
    codes = {answer.status: answer.body.get("error", {}).get("code") for answer in answers}
    assert codes == {200: None, 409: "idempotency_key_in_use"}
    assert (await _create(sandbox, "k", NEW)).headers["Idempotent-Replayed"] == "true"


async def test_refusal_is_kept_but_a_request_that_never_began_is_not(sandbox, shop):
    customer = await shop.customer(card=None)
    order = {"customer": customer.id, "items[0][price]": shop.monthly}
    refused = await sandbox.api("POST", "/subscriptions", order, headers={"Idempotency-Key": "a"})
    assert refused.status == 400
    method = await shop.stripe.v1.payment_methods.attach_async("pm_card_visa", {"customer": customer.id})
    order_card = {"invoice_settings": {"default_payment_method": method.id}}
    await shop.stripe.v1.customers.update_async(customer.id, order_card)
    again = await sandbox.api("POST", "/subscriptions", order, headers={"Idempotency-Key": "a"})
    assert again.body == refused.body
    assert (await sandbox.api("POST", "/subscriptions", order)).status == 200
    assert (await _create(sandbox, "b", {"surname": "A"})).status == 400
    assert (await _create(sandbox, "b", NEW)).status == 200


async def test_key_is_forgotten_after_24_hours_and_belongs_to_its_account(sandbox):
    first = (await _create(sandbox, "k", NEW)).body["id"]
    other = (await sandbox.control("POST", "/sandbox/accounts", {"name": "Other"})).body["secret_key"]
    foreign = await _create(sandbox, "k", {"name": "Bob"}, Authorization=f"Bearer {other}")
    assert foreign.status == 200
    await sandbox.skip(hours=24)
    assert (await _create(sandbox, "k", NEW)).body["id"] != first


@pytest.mark.parametrize("kind", ["drop_after", "status"])
async def test_client_that_repeats_after_an_unknown_outcome_makes_one_subscription(sandbox, shop, kind):
    await sandbox.fault({"path": "/v1/subscriptions", "count": 1}, {"kind": kind, "status": 500, "after": True})
    client = sandbox.client(max_network_retries=2)
    customer = await shop.customer()
    made = await client.v1.subscriptions.create_async({"customer": customer.id, "items": [{"price": shop.monthly}]})
    await client._requestor._client.close_async()
    assert [one["id"] for one in await sandbox.objects("subscription")] == [made.id]


async def _create(sandbox, key, fields, **headers):
    return await sandbox.api("POST", "/customers", fields, headers={"Idempotency-Key": key} | headers)
