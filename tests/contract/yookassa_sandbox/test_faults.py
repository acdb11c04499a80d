"""Each fault does what its name says, to the requests it was meant for, as often as it was told."""

import time

import aiohttp
import pytest

pytestmark = pytest.mark.asyncio
CREATE = {"method": "POST", "path": "/v3/payments"}


async def count_payments(sandbox, shop):
    return len((await sandbox.control("GET", f"/sandbox/payments?shop_id={shop['shop_id']}")).body["payments"])


async def test_rate_limit_refuses_and_says_when_to_come_back(sandbox, shop, order_of):
    await sandbox.fault(CREATE | {"count": 1}, {"kind": "rate_limit", "retry_after": 1800})
    refused = await sandbox.api(shop, "POST", "/payments", order_of())
    assert (refused.status, refused.body["code"], refused.body["retry_after"]) == (429, "too_many_requests", 1800)
    assert (await sandbox.api(shop, "POST", "/payments", order_of())).status == 200


@pytest.mark.parametrize(("after", "created"), [(False, 0), (True, 1)])
async def test_status_500_leaves_open_whether_the_payment_was_made(sandbox, shop, order_of, after, created):
    await sandbox.fault(CREATE | {"count": 1}, {"kind": "status", "status": 500, "after": after})
    unknown = await sandbox.api(shop, "POST", "/payments", order_of(), key="k")
    assert (unknown.status, unknown.body["code"]) == (500, "internal_server_error")
    assert await count_payments(sandbox, shop) == created
    await sandbox.create(shop, key="k")
    assert await count_payments(sandbox, shop) == 1


@pytest.mark.parametrize(("kind", "created"), [("drop_before", 0), ("drop_after", 1)])
async def test_dropped_connection_leaves_open_whether_the_payment_was_made(sandbox, shop, order_of, kind, created):
    await sandbox.fault(CREATE | {"count": 1}, {"kind": kind})
    # The client library repeats idempotent methods by itself, a POST it does not.
    with pytest.raises(aiohttp.ClientError):
        await sandbox.api(shop, "POST", "/payments", order_of(), key="k")
    assert await count_payments(sandbox, shop) == created
    await sandbox.create(shop, key="k")
    assert await count_payments(sandbox, shop) == 1


async def test_html_page_of_a_proxy_stands_in_for_json(sandbox, shop):
    await sandbox.fault({"path": "/v3/payments*"}, {"kind": "html_body", "status": 502})
    answer = await sandbox.api(shop, "GET", "/payments")
    assert (answer.status, answer.headers["Content-Type"].split(";")[0]) == (502, "text/html")


async def test_latency_delays_the_answer(sandbox, shop):
    await sandbox.fault({"path": "/v3/me"}, {"kind": "latency", "seconds": 0.2})
    started = time.monotonic()
    assert (await sandbox.api(shop, "GET", "/me")).status == 200
    assert time.monotonic() - started >= 0.2


async def test_fault_meets_only_the_shop_it_names_until_it_is_removed(sandbox, shop):
    other = await sandbox.open_shop()
    fault = await sandbox.fault({"shop_id": shop["shop_id"]}, {"kind": "status", "status": 503})
    assert (await sandbox.api(other, "GET", "/me")).status == 200
    assert (await sandbox.api(shop, "GET", "/me")).status == 503
    assert (await sandbox.control("GET", "/sandbox/faults")).body["faults"][0]["hits"] == 1
    await sandbox.control("DELETE", f"/sandbox/faults/{fault['id']}")
    assert (await sandbox.api(shop, "GET", "/me")).status == 200


async def test_same_seed_strikes_the_same_requests(sandbox, shop):
    runs = []
    for _ in range(2):
        await sandbox.control("DELETE", "/sandbox/faults")
        await sandbox.fault({"probability": 0.5}, {"kind": "status", "status": 503}, seed=7)
        runs.append([(await sandbox.api(shop, "GET", "/me")).status for _ in range(20)])
    assert runs[0] == runs[1]
    assert set(runs[0]) == {200, 503}


async def test_notification_can_be_doubled_or_never_sent(sandbox, shop, listener):
    await sandbox.fault({"event": "payment.succeeded", "count": 1}, {"kind": "never"})
    silent = await sandbox.create(shop)
    await sandbox.pay(silent["id"])
    await sandbox.fault({"event": "payment.succeeded", "count": 1}, {"kind": "duplicate", "copies": 3})
    doubled = await sandbox.create(shop)
    await sandbox.pay(doubled["id"])
    await listener.wait_for(3)
    assert listener.events() == [("payment.succeeded", doubled["id"])] * 3


async def test_later_notification_can_overtake_an_earlier_one(sandbox, shop, listener):
    await sandbox.fault({"event": "payment.succeeded", "count": 1}, {"kind": "reorder"})
    payments = [await sandbox.create(shop) for _ in range(2)]
    for payment in payments:
        await sandbox.pay(payment["id"])
    await listener.wait_for(2)
    assert [subject for _, subject in listener.events()] == [payments[1]["id"], payments[0]["id"]]


async def test_notification_can_arrive_before_the_answer_to_the_request(sandbox, shop, listener):
    await sandbox.fault(CREATE | {"count": 1}, {"kind": "notify_before_answer", "pay_with": "5555555555554477"})
    payment = await sandbox.create(shop)
    assert payment["status"] == "pending"
    assert listener.events() == [("payment.succeeded", payment["id"])]


@pytest.mark.parametrize(
    "fault", [{"effect": {"kind": "explode"}}, {"match": {"tenant": "x"}, "effect": {"kind": "never"}}, {}]
)
async def test_fault_that_makes_no_sense_is_refused(sandbox, fault):
    assert (await sandbox.control("POST", "/sandbox/faults", fault)).status == 400
