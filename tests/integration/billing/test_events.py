"""The door for Stripe's events: who is let in, and that an event is only a reason to ask (fault D21)."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from itertools import permutations
from typing import Any

import orjson
import pytest
import stripe

from control_plane.ingress.app import IngressApp
from lumenpay.billing.service import store_seen
from lumenpay.jobs.doorbell import Doorbell
from lumenpay.models.jobs import JobStatus
from tests.support.market import Market
from tests.support.office import SECRET, Office, deliver
from tests.support.stall import Stall


def event(customer: str | None = "cus_nobody", **values: Any) -> bytes:
    about = {"object": "subscription", "id": "sub_1", "customer": customer, "status": "active"}
    body = {"id": "evt_1", "object": "event", "type": "customer.subscription.updated", "livemode": False}
    return orjson.dumps({**body, "data": {"object": about}, **values})


def signed(body: bytes, *, secret: str = SECRET, age_seconds: int = 0) -> bytes:
    moment = int(time.time()) - age_seconds
    return stripe.WebhookSignature.generate_signature_header(body.decode(), secret, moment).encode()


async def stored(office: Office) -> int:
    return int(await office.superuser.fetchval("SELECT count(*) FROM stripe_events"))


async def test_what_stripe_signed_a_moment_ago_is_taken_d21(office: Office) -> None:
    assert await deliver(office.ingress, event(), signed(event(), age_seconds=295)) == 200
    row = await office.superuser.fetchrow("SELECT * FROM stripe_events")
    assert (row["id"], row["customer_id"], row["of_tenant"]) == ("evt_1", "cus_nobody", None)


@pytest.mark.parametrize(
    "sign",
    [
        lambda: None, lambda: b"", lambda: b"t=1", lambda: b"v1=00", lambda: b"\xff", "t=1,v1=é".encode,
        lambda: b"t=" + b"9" * 6000 + b",v1=00", lambda: signed(event(), secret="whsec_other"),
        lambda: signed(event("cus_other")), lambda: signed(event(), age_seconds=400),
        lambda: signed(event()).replace(b"v1=", b"v0="),
    ],
)  # fmt: skip
async def test_a_bad_or_an_old_signature_is_refused_d21(office: Office, sign: Callable[[], bytes | None]) -> None:
    assert await deliver(office.ingress, event(), sign()) == 401
    assert await stored(office) == 0


@pytest.mark.parametrize(
    "body",
    [
        event(account="acct_other"), event(context="acct_other"), event(livemode=True), event(livemode=None),
        event(object="v2.core.event"), event(id=""), event(id="e" * 256), event(type=None), b"[]", b"{}", b"{",
        event(id="evt\x00"),
    ],
)  # fmt: skip
async def test_another_account_the_other_mode_and_what_is_no_event_are_refused_d21(office: Office, body: bytes) -> None:
    assert await deliver(office.ingress, body, signed(body)) == 400
    assert await stored(office) == 0


async def test_without_a_secret_there_is_no_such_address_d21(market: Market, office: Office) -> None:
    ingress = IngressApp(
        database=market.worker.database, doorbell=Doorbell(""), ring=market.ring, clock=market.clock
    )  # fmt: skip
    await ingress.startup()
    for signature in (signed(event(), secret=""), signed(event()), None):
        assert await deliver(ingress, event(), signature) == 404
    await ingress.shutdown()
    assert await stored(office) == 0


async def test_a_body_that_is_too_large_is_refused(office: Office) -> None:
    body = event(padding="x" * 256 * 1024)
    assert await deliver(office.ingress, body, signed(body)) == 413
    assert await deliver(office.ingress, event(), signed(event()), path="/webhooks/stripe") == 200


async def test_a_repeated_event_asks_stripe_once_d21(market: Market, office: Office, stall: Stall) -> None:
    await office.sell_plans()
    await office.subscribe(stall.tenant_id)
    customer = (await office.row(stall.tenant_id)).stripe_customer_id
    before = len(await market.jobs(stall.tenant_id, "billing.check"))
    body = event(customer)
    for _ in range(5):
        assert await deliver(office.ingress, body, signed(body)) == 200
        await market.work()
    assert len(await market.jobs(stall.tenant_id, "billing.check")) == before + 1
    assert await office.superuser.fetchval("SELECT arrivals FROM stripe_events WHERE id = 'evt_1'") == 5


async def test_a_forged_body_changes_nothing_because_stripe_is_asked_d21(
    market: Market, office: Office, stall: Stall
) -> None:
    await office.sell_plans()
    await office.page(stall.tenant_id)
    row = await office.row(stall.tenant_id)
    body = event(row.stripe_customer_id)
    assert await deliver(office.ingress, body, signed(body)) == 200
    await market.work()
    row = await office.row(stall.tenant_id)
    assert (row.stripe_status, row.plan_code) == (None, None)
    assert row.asked_at is not None


async def test_events_in_any_order_end_in_what_stripe_says_now_d21(
    market: Market, office: Office, stall: Stall
) -> None:
    await office.sell_plans()
    await office.subscribe(stall.tenant_id)
    row = await office.row(stall.tenant_id)
    kept = [orjson.dumps(one) for one in office.account.oldest_first("event") if "subscription" in one["type"]]
    for round_, order in enumerate(permutations([*kept[:2], event(row.stripe_customer_id, type="customer.deleted")])):
        for number, one in enumerate(order):
            body = orjson.dumps({**orjson.loads(one), "id": f"evt_{round_}_{number}"})
            assert await deliver(office.ingress, body, signed(body)) == 200
        await market.work()
        row = await office.row(stall.tenant_id)
        assert (row.stripe_status, row.plan_code) == ("active", "pro")
    assert not await market.jobs(stall.tenant_id, "billing.check", status=JobStatus.DEAD)


async def test_an_answer_to_an_older_question_changes_nothing_d21(market: Market, office: Office, stall: Stall) -> None:
    await office.sell_plans()
    await office.subscribe(stall.tenant_id)
    asked_at, now = (await office.row(stall.tenant_id)).asked_at, market.now()
    assert asked_at is not None
    for moment, expected in ((asked_at - timedelta(seconds=1), "active"), (now, None)):
        async with market.tenant(stall.tenant_id) as session:
            await store_seen(session, None, unpaid_since_at=None, asked_at=moment, now=now)
        assert (await office.row(stall.tenant_id)).stripe_status == expected


async def test_the_stand_ins_own_deliveries_are_all_taken(office: Office, stall: Stall) -> None:
    await office.sell_plans()
    await office.subscribe(stall.tenant_id)
    assert len(office.statuses) > 3
    assert set(office.statuses) == {200}
