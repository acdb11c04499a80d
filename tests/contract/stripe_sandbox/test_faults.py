"""Each fault does what its name says, to the requests it was meant for, as often as it was told."""

import time

import aiohttp
import pytest
import stripe
from aiohttp.test_utils import TestClient, TestServer

from sandbox.stripe.app import create_app, open_first_account
from sandbox.stripe.http import GATEWAY
from sandbox.stripe.webhooks import current_secrets

CREATE = {"method": "POST", "path": "/v1/customers"}


async def test_rate_limit_is_the_error_that_the_official_library_knows(sandbox, shop):
    await sandbox.fault(CREATE | {"count": 1}, {"kind": "rate_limit"})
    with pytest.raises(stripe.RateLimitError):
        await shop.stripe.v1.customers.create_async({"name": "Alice"}, {"max_network_retries": 0})
    assert await sandbox.objects("customer") == []


@pytest.mark.parametrize(("kind", "created"), [("drop_before", 0), ("drop_after", 1)])
async def test_dropped_connection_leaves_open_whether_the_work_was_done(sandbox, kind, created):
    await sandbox.fault(CREATE | {"count": 1}, {"kind": kind})
    with pytest.raises(aiohttp.ClientError):
        await sandbox.api("POST", "/customers", {"name": "Alice"})
    assert len(await sandbox.objects("customer")) == created


async def test_status_html_and_latency(sandbox):
    await sandbox.fault(CREATE | {"count": 1}, {"kind": "status", "status": 429, "code": "lock_timeout"})
    locked = await sandbox.api("POST", "/customers", {})
    assert (locked.status, locked.body["error"]["code"]) == (429, "lock_timeout")
    await sandbox.fault(CREATE | {"count": 1}, {"kind": "html_body"})
    assert (await sandbox.api("POST", "/customers", {})).headers["Content-Type"].startswith("text/html")
    await sandbox.fault(CREATE | {"count": 1}, {"kind": "latency", "seconds": 0.1})
    started = time.monotonic()
    assert (await sandbox.api("POST", "/customers", {})).status == 200
    assert time.monotonic() - started >= 0.1


async def test_event_can_arrive_before_the_answer_to_the_request(sandbox, listener):
    await sandbox.fault(CREATE | {"count": 1}, {"kind": "deliver_before_answer"})
    made = await sandbox.api("POST", "/customers", {"name": "Alice"})
    assert [event.data.object.id for event in listener.events()] == [made.body["id"]]


async def test_fault_meets_only_the_account_it_names_with_the_dice_of_its_seed(sandbox):
    other = (await sandbox.control("POST", "/sandbox/accounts", {"name": "Other"})).body
    runs = []
    for _ in range(2):
        await sandbox.control("DELETE", "/sandbox/faults")
        await sandbox.fault(
            {"account_id": sandbox.account["account_id"], "probability": 0.5}, {"kind": "status", "status": 503}, seed=7
        )
        runs.append([(await sandbox.api("GET", "/customers")).status for _ in range(20)])
    assert (runs[0], set(runs[0])) == (runs[1], {200, 503})
    headers = {"Authorization": f"Bearer {other['secret_key']}"}
    assert {(await sandbox.api("GET", "/customers", headers=headers)).status for _ in range(5)} == {200}


@pytest.mark.parametrize(
    "fault", [{"effect": {"kind": "explode"}}, {"match": {"tenant": "x"}, "effect": {"kind": "never"}}, {}]
)
async def test_fault_that_makes_no_sense_is_refused(sandbox, fault):
    assert (await sandbox.control("POST", "/sandbox/faults", fault)).status == 400


async def test_account_opens_with_known_keys_and_an_endpoint_and_closes_for_good(sandbox):
    asked = {
        "name": "Known",
        "secret_key": "sk_test_known",
        "webhook_url": "http://127.0.0.1:9/",
        "webhook_secret": "whsec_known",
    }
    opened = (await sandbox.control("POST", "/sandbox/accounts", asked)).body
    assert opened["webhook_endpoint"]["secret"] == "whsec_known"
    headers = {"Authorization": "Bearer sk_test_known"}
    assert (await sandbox.api("GET", "/account", headers=headers)).body["business_profile"] == {"name": "Known"}
    logged = (await sandbox.control("GET", f"/sandbox/requests?account_id={opened['account_id']}")).body["requests"]
    assert [entry["path"] for entry in logged] == ["/v1/account"]
    assert (await sandbox.control("DELETE", f"/sandbox/accounts/{opened['account_id']}")).status == 204
    assert (await sandbox.api("GET", "/account", headers=headers)).status == 401
    await sandbox.control("POST", "/sandbox/reset")
    assert (await sandbox.control("GET", "/sandbox/health")).body == {"status": "ok", "accounts": 0}


async def test_account_that_the_command_line_names_is_there_from_the_start():
    app = create_app(public_url="http://pay.lumen.test:8095")
    open_first_account(app, secret_key="sk_test_known", webhook_url="http://127.0.0.1:9/", webhook_secret="whsec_known")
    (account,) = app[GATEWAY].store.accounts.values()
    (endpoint,) = account.oldest_first("webhook_endpoint")
    assert (account.secret_key, endpoint["enabled_events"]) == ("sk_test_known", ["*"])
    assert current_secrets(account, endpoint, now=0) == ("whsec_known",)
    client = TestClient(TestServer(app))
    async with client:
        fields = {"name": "Pro", "default_price_data[x]": "1"}
        refused = await client.post("/v1/products", data=fields, headers={"Authorization": "Bearer sk_test_known"})
        assert (await refused.json())["error"]["code"] == "sandbox_not_played"
    assert app[GATEWAY].public_url == "http://pay.lumen.test:8095"
