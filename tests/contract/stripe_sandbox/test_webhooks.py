"""Webhooks: signed, repeated for three days, and as untrustworthy as the real ones."""

import pytest
import stripe

from tests.contract.stripe_sandbox.actors import until


async def test_event_is_signed_so_that_the_official_library_believes_it(sandbox, shop, listener):
    customer = await shop.customer(card=None)
    event = await listener.wait_for_type("customer.created")
    assert (event.data.object.id, event.api_version) == (customer.id, stripe.api_version)
    body, header = listener.received[0]
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(body + b" ", header, listener.secret)
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(body, header, "whsec_other")


async def test_change_says_what_was_before_and_which_request_made_it(sandbox, shop, listener):
    customer = await shop.customer(card=None)
    await sandbox.api("POST", f"/customers/{customer.id}", {"name": "Eve"}, headers={"Idempotency-Key": "k-1"})
    event = await listener.wait_for_type("customer.updated")
    assert event.data.previous_attributes.to_dict() == {"name": "Alice"}
    assert event.request.idempotency_key == "k-1"


async def test_endpoint_hears_only_what_it_asked_for_until_it_is_switched_off(sandbox, shop, listener):
    endpoint = (await sandbox.objects("webhook_endpoint"))[0]["id"]
    await shop.stripe.v1.webhook_endpoints.update_async(endpoint, {"enabled_events": ["customer.deleted"]})
    customer = await shop.customer(card=None)
    await shop.stripe.v1.customers.delete_async(customer.id)
    await listener.wait_for_type("customer.deleted")
    await shop.stripe.v1.webhook_endpoints.update_async(endpoint, {"disabled": True})
    await shop.stripe.v1.customers.delete_async((await shop.customer(card=None)).id)
    assert listener.types() == ["customer.deleted"]


async def test_refused_delivery_is_repeated_until_a_2xx(sandbox, shop, listener):
    listener.answers = [500, 302, 404, 204]
    await shop.customer(card=None)
    await listener.wait_for(4)
    assert {body for body, _ in listener.received} == {listener.received[0][0]}
    await until(lambda: sandbox.gateway.deliverer.log[0].status == "delivered")
    log = (await sandbox.control("GET", "/sandbox/deliveries?event=customer.created")).body["deliveries"]
    assert [attempt["outcome"] for attempt in log[0]["attempts"]] == [500, 302, 404, 204]
    assert (await sandbox.objects("event", type="customer.created"))[0]["pending_webhooks"] == 0


async def test_repetitions_follow_the_clock_and_end_after_three_days(sandbox, shop, listener):
    sandbox.gateway.deliverer.pauses_seconds = (3600,)
    listener.answers = [503] * 100
    await shop.customer(card=None)
    await listener.wait_for(1)
    await sandbox.skip(seconds=3590)
    assert len(listener.received) == 1
    await sandbox.skip(seconds=20)
    await listener.wait_for(2)
    await sandbox.skip(days=3)
    await until(lambda: sandbox.gateway.deliverer.log[0].status == "given_up")
    undelivered = await shop.stripe.v1.events.list_async({"delivery_success": False})
    assert [event.type for event in undelivered.data] == ["customer.created"]


async def test_signature_keeps_the_real_time_however_far_the_clock_has_moved(sandbox, shop, listener):
    await sandbox.skip(days=400)
    await shop.customer(card=None)
    assert (await listener.wait_for_type("customer.created")).created > 0


async def test_rolled_secret_signs_beside_the_old_one_until_that_expires(sandbox, shop, listener):
    endpoint, old = (await sandbox.objects("webhook_endpoint"))[0]["id"], listener.secret
    rolled = await sandbox.control(
        "POST", f"{sandbox.place}/webhook-endpoints/{endpoint}/roll", {"expires_in_seconds": 3600}
    )
    await shop.customer(card=None)
    await listener.wait_for(1)
    for secret in (old, rolled.body["secret"]):
        stripe.Webhook.construct_event(*listener.received[0], secret)
    await sandbox.skip(seconds=3601)
    await shop.customer(card=None)
    await listener.wait_for(2)
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(*listener.received[1], old)


async def test_event_can_be_sent_again_forged_and_wrongly_signed(sandbox, shop, listener):
    await shop.customer(card=None)
    event = await listener.wait_for_type("customer.created")
    path = f"{sandbox.place}/events/{event.id}/send"
    await sandbox.control("POST", path, {"count": 2, "object": {"email": "eve@lumen.test"}})
    await listener.wait_for(3)
    assert [one.data.object.email for one in listener.events()[1:]] == ["eve@lumen.test"] * 2
    await sandbox.control("POST", path, {"secret": "whsec_wrong"})
    await listener.wait_for(4)
    with pytest.raises(stripe.SignatureVerificationError):
        listener.events()


async def test_delivery_can_be_doubled_or_never_made(sandbox, shop, listener):
    await sandbox.fault({"event": "customer.created", "count": 1}, {"kind": "never"})
    await shop.customer(card=None)
    await sandbox.fault({"event": "customer.created", "count": 1}, {"kind": "duplicate", "copies": 3})
    doubled = await shop.customer(card=None)
    await listener.wait_for(3)
    assert {event.data.object.id for event in listener.events()} == {doubled.id}
    assert len({event.id for event in listener.events()}) == 1


async def test_later_delivery_can_overtake_an_earlier_one(sandbox, shop, listener):
    await sandbox.fault({"event": "customer.created", "count": 1}, {"kind": "reorder"})
    first, second = await shop.customer(card=None), await shop.customer(card=None)
    await listener.wait_for(2)
    assert [event.data.object.id for event in listener.events()] == [second.id, first.id]


async def test_events_are_listed_by_kind_for_thirty_days(sandbox, shop):
    await shop.customer(card=None)
    listed = await shop.stripe.v1.events.list_async({"types": ["customer.*", "price.created"], "limit": 2})
    assert [event.type for event in listed.data] == ["customer.created", "price.created"]
    one = await shop.stripe.v1.events.retrieve_async(listed.data[0].id)
    assert one.data.object.object == "customer"
    await sandbox.skip(days=31)
    assert (await shop.stripe.v1.events.list_async()).data == []


@pytest.mark.parametrize(
    "fields",
    [
        {"url": "lumen.test", "enabled_events[]": "*"},
        {"url": "https://a.b/", "enabled_events[]": "customer.born"},
        {"url": "https://a.b/"},
    ],
)
async def test_endpoint_that_makes_no_sense_is_refused(sandbox, fields):
    assert (await sandbox.api("POST", "/webhook_endpoints", fields)).status == 400
