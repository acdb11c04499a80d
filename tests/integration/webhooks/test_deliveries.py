"""Deliveries: tried again with pauses, dead after days, shown, replayed; an endpoint that takes nothing is given up."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest

from lumenpay.db.purging import purge_webhook_events
from lumenpay.jobs.catalogue import SendWebhook
from lumenpay.models.audit import AuditEvent
from lumenpay.models.tenants import Role
from lumenpay.models.webhooks import WebhookDelivery, WebhookEndpoint
from lumenpay.webhooks.delivering import finish_attempt
from lumenpay.webhooks.rules import KEPT, LONGEST_ASKED, PAUSES, TRIED_FOR
from lumenpay.webhooks.sending import Outcome
from lumenpay.webhooks.tries import KEPT_TRIES
from tenants_worker.job_runner import PER_TARGET
from tests.integration.webhooks.conftest import URL, Program, listen
from tests.support.desk import Desk
from tests.support.market import Market
from tests.support.stall import Stall

AWAY, BROKEN = Outcome(None, "no_connection"), Outcome(500, "", "Traceback …", 12)


async def _test_fire(desk: Desk, shown: dict[str, Any]) -> dict[str, Any]:
    return dict(await desk.post(f"/webhooks/{shown['webhook']['id']}/test"))


async def _delivery(desk: Desk, delivery_id: str) -> dict[str, Any]:
    return dict(await desk.get(f"/webhook-deliveries/{delivery_id}"))


async def _wait_out(market: Market, tries: int) -> None:
    for pause in PAUSES[:tries]:
        await market.skip(seconds=pause.total_seconds() * 1.11)
        await market.work()


async def test_a_test_reaches_the_endpoint_and_is_in_the_log(market: Market, desk: Desk, program: Program) -> None:
    shown = await listen(desk, "refund.succeeded")
    made = await _test_fire(desk, shown)
    assert (made["status"], made["event_type"], made["attempts"]) == ("waiting", "webhook.test", 0)
    await market.work()
    assert program.types() == ["webhook.test"]
    seen = await _delivery(desk, made["id"])
    assert (seen["status"], seen["attempts"], seen["response_status"]) == ("delivered", 1, 204)
    assert (seen["message_id"], seen["payload"]) == (program.told[0].message_id, program.told[0].json())
    listed = await desk.get("/webhook-deliveries", status="delivered")
    assert [row["id"] for row in listed["items"]] == [made["id"]]


async def test_a_failure_is_tried_again_under_the_same_id_until_it_is_taken(
    market: Market, desk: Desk, program: Program
) -> None:
    program.answers = [AWAY, BROKEN, Outcome(302)]
    made = await _test_fire(desk, await listen(desk))
    await market.work()
    first = await _delivery(desk, made["id"])
    assert (first["status"], first["failure"], first["attempts"]) == ("waiting", "no_connection", 1)
    await _wait_out(market, 3)
    assert len(program.told) == 4
    assert len({(told.message_id, told.body) for told in program.told}) == 1
    assert len({told.headers["webhook-timestamp"] for told in program.told}) == 4
    last = await _delivery(desk, made["id"])
    assert (last["status"], last["failure"], last["attempts"]) == ("delivered", "", 4)


async def test_after_the_last_try_it_is_dead_and_can_be_replayed(market: Market, desk: Desk, program: Program) -> None:
    program.usual = BROKEN
    shown = await listen(desk)
    made = await _test_fire(desk, shown)
    await market.work()
    await _wait_out(market, len(PAUSES))
    dead = await _delivery(desk, made["id"])
    assert (dead["status"], dead["failure"], dead["attempts"]) == ("dead", "status", len(PAUSES) + 1)
    assert (dead["next_attempt_at"], dead["response_excerpt"]) == (None, "Traceback …")
    await market.skip(days=1)
    await market.work()
    assert len(program.told) == len(PAUSES) + 1
    program.usual = Outcome(200)
    await desk.post(f"/webhook-deliveries/{made['id']}/replay")
    assert (await desk.refused(f"/webhook-deliveries/{made['id']}/replay")) == (409, "webhook_waiting")
    await market.work()
    assert (await _delivery(desk, made["id"]))["status"] == "delivered"
    assert len({told.message_id for told in program.told}) == 1


async def test_all_that_is_dead_is_replayed_at_once(market: Market, desk: Desk, program: Program) -> None:
    program.usual = BROKEN
    shown = await listen(desk)
    for _ in range(PER_TARGET):
        await _test_fire(desk, shown)
    await market.work()
    await _wait_out(market, len(PAUSES))
    program.usual, program.told = Outcome(200), []
    path = f"/webhooks/{shown['webhook']['id']}/replay-dead"
    assert (await desk.post(path))["count"] == PER_TARGET
    assert (await desk.post(path))["count"] == 0
    await market.work()
    assert len(program.told) == PER_TARGET


async def test_an_endpoint_that_takes_nothing_for_days_is_given_up_and_owners_are_told(
    market: Market, stall: Stall, desk: Desk, program: Program
) -> None:
    program.usual = AWAY
    shown = await listen(desk)
    await _test_fire(desk, shown)
    await market.work()
    await market.skip(days=5)
    await _test_fire(desk, shown)
    await market.work()
    endpoint = (await desk.get("/webhooks"))["items"][0]
    assert endpoint["disabled_because"] == "failing"
    assert {row["status"] for row in (await desk.get("/webhook-deliveries"))["items"]} == {"dead"}
    assert await market.count(stall.tenant_id, AuditEvent, AuditEvent.action == "webhook_endpoint.disabled") == 1
    letters = await market.jobs(stall.tenant_id, "webhooks.tell_disabled")
    assert [job.payload["admin_id"] for job in letters] == [str(desk.people[Role.OWNER])]
    assert (await desk.refused(f"/webhooks/{shown['webhook']['id']}/test")) == (409, "webhook_disabled")
    told = len(program.told)
    await stall.bought(await stall.buyer())
    assert len(program.told) == told
    # Switched on again, it begins anew: one more failure does not end it.
    body = {"url": URL, "event_types": ["payment.succeeded"], "is_on": True}
    assert (await desk.ask("PUT", f"/webhooks/{endpoint['id']}", json=body)).json()["disabled_because"] is None
    await stall.bought(await stall.buyer())
    assert (await desk.get("/webhooks"))["items"][0]["disabled_because"] is None
    assert len(program.told) == told + 1


async def test_one_that_says_it_is_gone_is_asked_no_more(market: Market, desk: Desk, program: Program) -> None:
    program.usual = Outcome(410)
    shown = await listen(desk)
    for _ in range(2):
        await _test_fire(desk, shown)
    await market.work()
    assert (await desk.get("/webhooks"))["items"][0]["disabled_because"] == "gone"
    assert {row["status"] for row in (await desk.get("/webhook-deliveries"))["items"]} == {"dead"}


async def test_an_endpoint_that_asks_for_time_is_given_it_and_no_more_than_the_three_days(
    market: Market, desk: Desk, program: Program
) -> None:
    program.usual = Outcome(503, retry_after="7200")
    made = await _test_fire(desk, await listen(desk))
    await market.work()
    first = await _delivery(desk, made["id"])
    assert _wait(first) == timedelta(hours=2)
    await market.skip(hours=1, minutes=59)
    await market.work()
    assert len(program.told) == 1
    program.usual = Outcome(429, retry_after=str(10**9))
    await market.skip(minutes=2)
    seen = first
    while seen["status"] == "waiting":
        await market.work()
        seen = await _delivery(desk, made["id"])
        wait = _wait(seen) if seen["next_attempt_at"] else timedelta()
        assert wait <= LONGEST_ASKED
        await market.skip(seconds=wait.total_seconds() + 1)
    # At once, after two hours, then a day later each time, and at the end.
    assert (seen["status"], seen["attempts"]) == ("dead", 6)
    began = [datetime.fromisoformat(one["began_at"]) for one in seen["tries"]]
    assert timedelta() <= began[-1] - began[0] - TRIED_FOR < timedelta(minutes=1)


def _wait(delivery: dict[str, Any]) -> timedelta:
    """How long after the last try the next one is."""
    pause = datetime.fromisoformat(delivery["next_attempt_at"]) - datetime.fromisoformat(delivery["last_attempt_at"])
    return timedelta(seconds=round(pause.total_seconds()))


async def test_each_try_is_shown_with_its_time_and_what_it_came_to_also_of_before_a_replay(
    market: Market, desk: Desk, program: Program
) -> None:
    program.answers = [Outcome(None, "timeout", "", 15_000), Outcome(200, "", "ok", 80), asyncio.CancelledError()]
    made = await _test_fire(desk, await listen(desk))
    await market.work()
    await _wait_out(market, 1)
    await desk.post(f"/webhook-deliveries/{made['id']}/replay")
    with pytest.raises(asyncio.CancelledError):
        await market.work()
    seen = await _delivery(desk, made["id"])
    assert [
        tuple(one[name] for name in ("attempt", "response_status", "failure", "duration_ms")) for one in seen["tries"]
    ] == [(1, None, "timeout", 15_000), (2, 200, "", 80), (1, None, "", None)]
    assert [one["began_at"] for one in seen["tries"]] == sorted(one["began_at"] for one in seen["tries"])
    for _ in range(KEPT_TRIES):
        await market.skip(minutes=10)
        await market.work()
        await desk.post(f"/webhook-deliveries/{made['id']}/replay")
    assert len((await _delivery(desk, made["id"]))["tries"]) == KEPT_TRIES


async def test_what_the_last_call_carried_is_shown_but_for_its_signature(
    market: Market, desk: Desk, program: Program
) -> None:
    made = await _test_fire(desk, await listen(desk))
    assert (await _delivery(desk, made["id"]))["request_headers"] == {}
    await market.work()
    sent = dict(program.told[0].headers)
    assert sent.pop("webhook-signature").startswith("v1,")
    assert (await _delivery(desk, made["id"]))["request_headers"] == sent


async def test_a_delivery_whose_worker_died_is_made_again_and_the_late_failure_of_the_first_changes_nothing(
    market: Market, stall: Stall, desk: Desk, program: Program
) -> None:
    made = await _test_fire(desk, await listen(desk))
    delivery = SendWebhook((await market.rows(stall.tenant_id, WebhookDelivery))[0].id)
    program.answers = [asyncio.CancelledError(), BROKEN]
    with pytest.raises(asyncio.CancelledError):
        await market.run(stall.tenant_id, delivery)
    await market.run(stall.tenant_id, delivery)
    before = await _delivery(desk, made["id"])
    assert (before["failure"], before["attempts"]) == ("status", 2)
    async with market.tenant(stall.tenant_id) as session:
        await finish_attempt(session, delivery.delivery_id, AWAY, attempt=1, jitter=0.0, now=market.now())
    assert await _delivery(desk, made["id"]) == before
    for _ in range(2):
        await market.run(stall.tenant_id, delivery)
    assert (len(program.told), (await _delivery(desk, made["id"]))["attempts"]) == (2, 3)


async def test_after_a_rotation_both_secrets_sign_for_a_while(market: Market, desk: Desk, program: Program) -> None:
    shown = await listen(desk)
    path = f"/webhooks/{shown['webhook']['id']}/rotate"
    rotated = await desk.post(path, overlap_hours=2)
    await _test_fire(desk, shown)
    await market.work()
    await market.skip(hours=2)
    await _test_fire(desk, shown)
    await market.work()
    signed = [[told.is_signed_with(one["secret"]) for one in (shown, rotated)] for told in program.told]
    assert signed == [[True, True], [False, True]]


async def test_the_secret_is_shown_once_and_stored_sealed(market: Market, stall: Stall, desk: Desk) -> None:
    shown = await listen(desk)
    assert shown["secret"].startswith("whsec_")
    assert shown["secret"] not in (await desk.ask("GET", "/webhooks")).body.decode()
    (row,) = await market.rows(stall.tenant_id, WebhookEndpoint)
    assert shown["secret"].removeprefix("whsec_") not in row.secret_sealed


async def test_other_roles_see_and_replay_but_do_not_say_where_to(desk: Desk) -> None:
    shown = await listen(desk)
    assert (await desk.ask("GET", "/webhooks", role=Role.MANAGER)).status == 200
    assert (await desk.ask("GET", "/webhooks", role=Role.SUPPORT)).status == 403
    path = f"/webhooks/{shown['webhook']['id']}"
    assert (await desk.ask("DELETE", path, role=Role.MANAGER)).status == 403
    assert (await desk.ask("POST", f"{path}/test", role=Role.MANAGER)).status == 202


@pytest.mark.parametrize("url", ["http://hooks.example.com/", "https://127.0.0.1/", "https://localhost/"])
async def test_an_address_that_cannot_be_called_is_refused(url: str, desk: Desk) -> None:
    answer = await desk.ask("POST", "/webhooks", json={"url": url, "event_types": ["payment.succeeded"]})
    assert (answer.status, answer.json()["code"], list(answer.json()["fields"])) == (
        422,
        "webhook_url_invalid",
        ["url"],
    )


async def test_old_events_are_forgotten_with_their_deliveries(
    market: Market, stall: Stall, desk: Desk, program: Program
) -> None:
    await _test_fire(desk, await listen(desk))
    await market.work()
    await market.skip(seconds=(KEPT + timedelta(minutes=1)).total_seconds())
    assert await purge_webhook_events(market.worker.database, older_than=market.now() - KEPT, limit=100) >= 1
    assert await market.count(stall.tenant_id, WebhookDelivery) == 0
