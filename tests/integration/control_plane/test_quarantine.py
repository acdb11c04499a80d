"""What was set aside is shown to those who may see it, without what people wrote, and can be tried again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
from sqlalchemy import text

from lumenpay.audit.service import SYSTEM
from lumenpay.bots.quarantine import replay_update
from lumenpay.db.session import Database
from tests.isolation.cast import Side
from tests.support.asgi import Answer
from tests.support.portal import Portal
from tests.support.waiting import until

CANARY = b"dear bot, my diagnosis is"
SET_ASIDE = {
    100: (b'{"update_id":100,"message":{"text":"' + CANARY, "UnreadableUpdateError: message.chat.id: int_parsing"),
    101: (b'{"update_id": 101, "callback_query":{"data":"' + CANARY, "ValueError: " + CANARY.decode()),
    102: (b'{"message":{"text":"' + CANARY + b'"},"update_id":102}', "KeyError: 'x'"),
}


@pytest.fixture
async def sql(superuser_url: str) -> AsyncIterator[asyncpg.Connection[Any]]:
    connection = await asyncpg.connect(superuser_url, timeout=10)
    yield connection
    await connection.close()


@pytest.fixture
async def stored(alpha: Side, sql: asyncpg.Connection[Any]) -> None:
    """Updates that failed, beside the one of the cast, whose body is no update at all, and one that was handled."""
    insert = (
        "INSERT INTO telegram_updates (tenant_id, bot_id, update_id, lane, body, status, attempts, error, received_at) "
        "VALUES ($1, $2, $3, 1, $4, $5, 5, $6, now())"
    )
    for number, (body, error) in SET_ASIDE.items():
        await sql.execute(insert, alpha.tenant_id, alpha.ids["bot_id"], number, body, "quarantined", error)
    await sql.execute(insert, alpha.tenant_id, alpha.ids["bot_id"], 103, b"{}", "handled", "")


def updates_of(side: Side, rest: str) -> str:
    return f"/api/v1/tenants/{side.tenant_id}/bots/{side.ids['bot_id']}/updates{rest}"


async def replay(portal: Portal, side: Side, number: object) -> Answer:
    return await portal.browser(side.owner.token).request("POST", updates_of(side, f"/{number}/replay"))


@pytest.mark.usefixtures("stored")
async def test_updates_that_were_set_aside_are_listed_without_what_they_say_e4(portal: Portal, alpha: Side) -> None:
    answer = await portal.browser(alpha.owner.token).request("GET", updates_of(alpha, "/quarantined"))
    assert answer.status == 200, answer.body
    assert [(item["update_id"], item["kind"], item["reason"]) for item in answer.json()["items"]] == [
        (102, "", "KeyError"),
        (101, "callback_query", "ValueError"),
        (100, "message", "message.chat.id: int_parsing"),
        (7, "", ""),
    ]
    assert CANARY not in answer.body
    assert answer.json()["items"][0].keys() == {"update_id", "kind", "reason", "attempts", "received_at"}


@pytest.mark.usefixtures("stored")
async def test_updates_that_were_set_aside_are_listed_page_by_page(portal: Portal, alpha: Side) -> None:
    browser, seen = portal.browser(alpha.owner.token), []
    for page in (1, 2, 3):
        found = await browser.request("GET", updates_of(alpha, "/quarantined"), query={"page": page, "size": 2})
        assert found.json()["total"] == 4
        seen.append([item["update_id"] for item in found.json()["items"]])
    assert seen == [[102, 101], [100, 7], []]


@pytest.mark.usefixtures("stored")
async def test_a_replay_gives_an_update_all_its_tries_wakes_its_lane_and_is_on_record_f7(
    portal: Portal, alpha: Side, sql: asyncpg.Connection[Any]
) -> None:
    await sql.execute("UPDATE bot_inboxes SET waiting_since = NULL")
    assert (await replay(portal, alpha, 101)).status == 202
    row = await sql.fetchrow("SELECT status, attempts, error FROM telegram_updates WHERE update_id = 101")
    assert tuple(row) == ("new", 0, "")
    assert await sql.fetchval("SELECT count(*) FROM bot_inboxes WHERE waiting_since IS NOT NULL AND lane = 1") == 1
    event = await sql.fetchrow("SELECT * FROM audit_events WHERE action = 'update.replayed'")
    assert (event["actor_id"], event["subject_id"]) == (alpha.owner.admin_id, alpha.ids["bot_id"])
    assert event["details"] == '{"update_id": 101}'


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize("number", [103, 104, 2**62 - 1])
async def test_only_what_was_set_aside_can_be_replayed(portal: Portal, alpha: Side, number: int) -> None:
    answer = await replay(portal, alpha, number)
    assert (answer.status, answer.json()["code"]) == (404, "update_not_found")


@pytest.mark.usefixtures("stored")
async def test_of_eight_replays_at_once_one_is_the_replay(
    portal: Portal, alpha: Side, sql: asyncpg.Connection[Any]
) -> None:
    answers = await asyncio.gather(*(replay(portal, alpha, 100) for _ in range(8)))
    assert sorted(answer.status for answer in answers) == [202] + [404] * 7
    assert await sql.fetchval("SELECT count(*) FROM audit_events WHERE action = 'update.replayed'") == 1


@pytest.mark.usefixtures("stored")
async def test_a_lane_that_is_given_back_during_a_replay_is_not_taken_for_empty(
    portal: Portal, database: Database, alpha: Side, sql: asyncpg.Connection[Any]
) -> None:
    lease = alpha.ids["job_id"]
    await sql.execute("UPDATE bot_inboxes SET lease_id = $1, waiting_since = now()", lease)

    async def give_back() -> None:
        async with database.tenant(alpha.tenant_id) as session:
            values = {"bot": alpha.ids["bot_id"], "lease": lease}
            await session.execute(text("SELECT release_inbox(:bot, 1, :lease, now())"), values)

    async with database.tenant(alpha.tenant_id) as session:
        await replay_update(session, bot_id=alpha.ids["bot_id"], update_id=100, actor=SYSTEM, now=portal.clock.now())
        giving = asyncio.ensure_future(give_back())
        await until(lambda: sql.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted"), what="it waits for us")
    await giving
    row = await sql.fetchrow("SELECT lease_id, waiting_since FROM bot_inboxes WHERE lane = 1")
    assert row["lease_id"] is None
    assert row["waiting_since"] is not None


async def test_a_notice_that_was_set_aside_is_looked_into_again_and_is_on_record_d24(
    portal: Portal, alpha: Side, sql: asyncpg.Connection[Any]
) -> None:
    await sql.execute("DELETE FROM jobs")
    base, browser = f"/api/v1/tenants/{alpha.tenant_id}/payments/notices", portal.browser(alpha.owner.token)
    listed = await browser.request("GET", base, query={"status": "quarantined", "bot_id": str(alpha.ids["bot_id"])})
    assert [item["id"] for item in listed.json()["items"]] == [str(alpha.ids["notice_id"])]
    answer = await browser.request("POST", f"{base}/{alpha.ids['notice_id']}/check")
    assert (answer.status, answer.json()["status"]) == (202, "new")
    job = await sql.fetchrow("SELECT kind, payload FROM jobs")
    assert (job["kind"], str(alpha.ids["notice_id"]) in job["payload"]) == ("payments.check_notice", True)
    assert await sql.fetchval("SELECT count(*) FROM audit_events WHERE action = 'payment_notice.check_requested'") == 1
    again = await browser.request("POST", f"{base}/{alpha.ids['notice_id']}/check")
    assert (again.status, again.json()["code"]) == (404, "payment_notice_not_found")
