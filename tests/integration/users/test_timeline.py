"""One person's story, out of every book, page by page."""

from __future__ import annotations

from typing import Any

from lumenpay.models.audit import AuditEvent
from lumenpay.models.jobs import Job, JobStatus
from lumenpay.models.payments import Payment
from tests.integration.access.test_removal import enter
from tests.support.desk import Desk, new_key
from tests.support.market import Market
from tests.support.stall import Stall


async def read_all(desk: Desk, path: str, *, limit: int) -> list[dict[str, Any]]:
    found, cursor = [], None
    while True:
        page = await desk.get(path, limit=limit, **({"cursor": cursor} if cursor else {}))
        assert len(page["items"]) <= limit
        found += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            return found


async def test_a_whole_life_is_told_once_whatever_the_size_of_the_page(
    market: Market, stall: Stall, desk: Desk
) -> None:
    anna = await stall.buyer()
    await enter(stall, anna)
    await market.skip(days=28)
    await stall.sweep()
    await stall.bought(anna)
    subscription_id = (await desk.get(f"/users/{anna.id}"))["subscriptions"][0]["id"]
    await desk.post(f"/subscriptions/{subscription_id}/extend", days=2, idempotence_key=new_key())
    await market.skip(days=70)
    await stall.sweep()
    path = f"/users/{anna.id}/timeline"
    whole = await read_all(desk, path, limit=200)
    told = [item["action"] for item in reversed(whole)]
    for action in ("met", "ordered", "paid", "opened", "granted", "link_sent", "joined", "reminded", "renewed",
                   "subscription.extended", "expired", "removed"):  # fmt: skip
        assert action in told, (action, told)
    assert told[0] == "met"
    # Of one instant, what comes of something stands after it; nobody has paid for what the team gave.
    assert told.index("ordered") < told.index("paid") < told.index("opened") < told.index("granted")
    assert told.count("paid") == told.count("ordered") == 2
    assert told.count("subscription.extended") == 1
    records = await market.rows(stall.tenant_id, AuditEvent, AuditEvent.action == "payment.succeeded")
    assert len(records) == 2
    assert told.index("paid") < told.index("joined") < told.index("reminded") < told.index("removed")
    assert [item["at"] for item in whole] == sorted((item["at"] for item in whole), reverse=True)
    for limit in (1, 3):
        assert await read_all(desk, path, limit=limit) == whole


async def test_a_message_that_never_arrived_is_told(market: Market, stall: Stall, desk: Desk) -> None:
    anna = await stall.buyer()
    payment = await stall.bought(anna)
    job = next(job for job in await market.jobs(stall.tenant_id, "access.deliver"))
    await stall.change(Job, job.id, status=JobStatus.DEAD, finished_at=market.now(), last_error="x")
    for path in (f"/users/{anna.id}/timeline", f"/payments/{payment.id}/timeline"):
        items = (await desk.get(path))["items"]
        failed = [item for item in items if item["action"] == "message_failed"]
        assert [(item["source"], item["details"]["kind"]) for item in failed] == [("jobs", "access.deliver")]


async def test_a_payments_own_story_has_nothing_of_the_others(market: Market, stall: Stall, desk: Desk) -> None:
    anna = await stall.buyer()
    first = await stall.bought(anna)
    await market.skip(days=1)
    await stall.bought(anna)
    assert await market.count(stall.tenant_id, Payment) == 2
    items = (await desk.get(f"/payments/{first.id}/timeline"))["items"]
    told = [item["action"] for item in items]
    assert {"ordered", "paid", "opened", "granted", "link_sent"} <= set(told)
    assert told.count("ordered") == 1
    assert "renewed" not in told


async def test_a_made_up_cursor_is_refused(market: Market, stall: Stall, desk: Desk) -> None:
    anna = await stall.buyer()
    for cursor in ("x", "!!!", "MjAyNg", "0" * 200, "MjAyNi0wMS0wMXxhfGJ8Yw"):
        answer = await desk.ask("GET", f"/users/{anna.id}/timeline", query={"cursor": cursor})
        assert (answer.status, answer.json()["code"]) == (422, "cursor_invalid")
