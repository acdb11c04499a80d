"""Notifications: sent for each change, repeated until a 200, and as untrustworthy as the real ones."""

import pytest

pytestmark = pytest.mark.asyncio


async def test_paid_payment_is_announced_with_the_object_as_it_stands(sandbox, shop, listener):
    payment = await sandbox.create(shop)
    paid = await sandbox.pay(payment["id"])
    await listener.wait_for(1)
    assert listener.received == [{"type": "notification", "event": "payment.succeeded", "object": paid}]


async def test_held_captured_and_refunded_are_announced_in_order(sandbox, shop, listener):
    payment = await sandbox.create(shop, capture=False)
    await sandbox.pay(payment["id"])
    await listener.wait_for(1)
    await sandbox.api(shop, "POST", f"/payments/{payment['id']}/capture", {})
    await listener.wait_for(2)
    order = {"payment_id": payment["id"], "amount": payment["amount"]}
    refund = (await sandbox.api(shop, "POST", "/refunds", order)).body
    await listener.wait_for(3)
    assert listener.events() == [
        ("payment.waiting_for_capture", payment["id"]),
        ("payment.succeeded", payment["id"]),
        ("refund.succeeded", refund["id"]),
    ]


async def test_refused_notification_is_repeated_until_it_is_accepted(sandbox, shop, listener):
    listener.answers = [500, 302, 404, 204]
    payment = await sandbox.create(shop)
    await sandbox.pay(payment["id"])
    await listener.wait_for(5)
    assert listener.received == [listener.received[0]] * 5
    log = (await sandbox.control("GET", f"/sandbox/notifications?shop_id={shop['shop_id']}")).body["notifications"]
    assert [attempt["outcome"] for attempt in log[0]["attempts"]][:4] == [500, 302, 404, 204]


async def test_repetitions_follow_the_clock_of_the_sandbox(sandbox, shop, listener):
    sandbox.gateway.notifier.pauses_seconds = (900, 3600)
    listener.answers = [503, 503]
    payment = await sandbox.create(shop)
    await sandbox.pay(payment["id"])
    await listener.wait_for(1)
    await sandbox.skip(seconds=899)
    assert len(listener.received) == 1
    await sandbox.skip(seconds=2)
    await listener.wait_for(2)
    await sandbox.skip(seconds=3601)
    await listener.wait_for(3)


async def test_repetition_ends_24_hours_after_the_event(sandbox, shop, listener, until):
    listener.answers = [503] * 1000
    payment = await sandbox.create(shop)
    await sandbox.pay(payment["id"])
    await listener.wait_for(2)
    await sandbox.skip(hours=24)
    await until(lambda: sandbox.gateway.notifier.log[0].status == "given_up")


async def test_expiry_is_announced(sandbox, shop, listener):
    payment = await sandbox.create(shop)
    await sandbox.skip(seconds=3601)
    await listener.wait_for(1)
    assert listener.events() == [("payment.canceled", payment["id"])]


async def test_a_refund_can_be_told_of_again(sandbox, shop, listener):
    payment = await sandbox.create(shop)
    await sandbox.pay(payment["id"])
    order = {"payment_id": payment["id"], "amount": payment["amount"]}
    refund = (await sandbox.api(shop, "POST", "/refunds", order)).body
    await listener.wait_for(2)
    told = await sandbox.control("POST", f"/sandbox/refunds/{refund['id']}/notify", {})
    await listener.wait_for(3)
    assert (told.status, len(told.body["notifications"])) == (202, 1)
    assert listener.events()[1:] == [("refund.succeeded", refund["id"])] * 2


async def test_forged_copies_can_be_sent_while_the_payment_stays_as_it_is(sandbox, shop, listener):
    payment = await sandbox.create(shop)
    forged = {"event": "payment.succeeded", "count": 3, "object": {"status": "succeeded", "amount": {"value": "1.00"}}}
    told = await sandbox.control("POST", f"/sandbox/payments/{payment['id']}/notify", forged)
    await listener.wait_for(3)
    log = (await sandbox.control("GET", f"/sandbox/notifications?shop_id={shop['shop_id']}")).body["notifications"]
    assert (told.status, told.body["notifications"]) == (202, [sent["id"] for sent in log])
    assert listener.received[0]["object"]["amount"] == {"value": "1.00", "currency": "RUB"}
    assert (await sandbox.api(shop, "GET", f"/payments/{payment['id']}")).body["status"] == "pending"


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("https://shop.example/notices", 200),
        ("https://shop.example:8443/notices", 200),
        ("http://127.0.0.1:9/notices", 200),
        ("http://shop.example/notices", 400),
        ("https://shop.example:9000/notices", 400),
        ("ftp://127.0.0.1/", 400),
        ("nowhere", 400),
    ],
)
async def test_notifications_go_to_https_or_to_this_machine_only(sandbox, shop, url, status):
    answer = await sandbox.control("PUT", f"/sandbox/shops/{shop['shop_id']}/notification-url", {"url": url})
    assert answer.status == status
