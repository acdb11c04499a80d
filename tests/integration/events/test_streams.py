"""Hints reach whoever watches the tenant and nobody else; streams end with session and membership (B4, A15)."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import asyncpg

from control_plane.events.hub import ChangeHub, drain
from control_plane.events.stopping import ending_streams
from lumenpay.db.changes import MOST_AT_ONCE, announce
from lumenpay.db.session import Database
from lumenpay.kit.ids import new_uuid7
from tests.integration.events.conftest import OpenStream
from tests.isolation.cast import Person, Side
from tests.support.portal import Portal

Follow = Callable[..., OpenStream]
HELLO = {"topic": "hello", "id": None}
RESYNC = {"topic": "resync", "id": None}


async def change_plan(portal: Portal, person: Person, side: Side) -> dict[str, Any]:
    """Archive the plan; return the hint that tells of it."""
    path = f"/api/v1/tenants/{side.tenant_id}/plans/{side.ids['plan_id']}/archive"
    answer = await portal.browser(person.token).request("POST", path)
    assert answer.status == 200, answer.body
    return {"topic": "plan", "id": str(side.ids["plan_id"])}


async def open_stream(stream: OpenStream) -> OpenStream:
    assert await stream.begin() == 200
    assert await stream.read() == HELLO
    return stream


async def test_each_tenant_is_told_of_its_own_changes_and_of_no_others_a15(
    portal: Portal, alpha: Side, beta: Side, follow: Follow
) -> None:
    at_alpha = await open_stream(follow(alpha.owner.token, alpha))
    at_beta = await open_stream(follow(beta.owner.token, beta))
    of_beta = await change_plan(portal, beta.owner, beta)
    of_alpha = await change_plan(portal, alpha.owner, alpha)
    assert await at_alpha.read() == of_alpha
    assert await at_beta.read() == of_beta
    assert at_alpha.sent.empty()
    assert at_beta.sent.empty()


async def test_whoever_comes_late_is_told_what_changed_since_they_asked_for_what_they_see(
    portal: Portal, alpha: Side, beta: Side, follow: Follow
) -> None:
    early = await open_stream(follow(beta.owner.token, beta))
    asked_at = time.monotonic()
    of_beta = await change_plan(portal, beta.owner, beta)
    of_alpha = await change_plan(portal, alpha.owner, alpha)
    assert await early.read() == of_beta
    late = await open_stream(follow(alpha.owner.token, alpha, f"age_seconds={time.monotonic() - asked_at}"))
    assert await late.read() == of_alpha
    assert late.sent.empty()
    # What changed before anybody listened is not known: they look at everything again.
    oldest = await open_stream(follow(alpha.owner.token, alpha, "age_seconds=3600"))
    assert await oldest.read() == RESYNC
    assert oldest.sent.empty()


async def test_of_a_thousand_changes_each_tenant_sees_its_own_and_in_order_a22(
    alpha: Side, beta: Side, follow: Follow, database: Database
) -> None:
    streams = {side.mark: await open_stream(follow(side.owner.token, side)) for side in (alpha, beta)}

    async def change(side: Side) -> list[str]:
        ids = [new_uuid7() for _ in range(MOST_AT_ONCE)]
        async with database.tenant(side.tenant_id) as session:
            for row_id in ids:
                announce(session, "user", row_id)
        return [str(row_id) for row_id in ids]

    for _ in range(1000 // (2 * MOST_AT_ONCE)):
        for mark, ids in zip(streams, await asyncio.gather(change(alpha), change(beta)), strict=True):
            hints = [await streams[mark].read() for _ in ids]
            assert [hint and hint["id"] for hint in hints] == ids
    assert all(stream.sent.empty() for stream in streams.values())


async def test_a_stranger_gets_no_stream_a15(alpha: Side, beta: Side, follow: Follow) -> None:
    assert await follow(beta.owner.token, alpha).begin() == 404


async def test_what_is_rolled_back_is_not_told(alpha: Side, follow: Follow, database: Database) -> None:
    stream = await open_stream(follow(alpha.owner.token, alpha))
    kept = new_uuid7()
    async with database.tenant(alpha.tenant_id) as session:
        announce(session, "export", new_uuid7())
        await session.rollback()
    async with database.tenant(alpha.tenant_id) as session:
        announce(session, "export", kept)
        announce(session, "export", kept)
    assert await stream.read() == {"topic": "export", "id": str(kept)}
    assert stream.sent.empty()


async def test_a_change_of_very_many_rows_is_told_as_one(alpha: Side, follow: Follow, database: Database) -> None:
    stream = await open_stream(follow(alpha.owner.token, alpha))
    async with database.tenant(alpha.tenant_id) as session:
        for _ in range(MOST_AT_ONCE + 1):
            announce(session, "subscription", new_uuid7())
    assert await stream.read() == RESYNC


async def test_a_session_that_ended_is_told_nothing_more_b4(portal: Portal, alpha: Side, follow: Follow) -> None:
    owner = alpha.owner
    stream = await open_stream(follow(owner.token, alpha))
    bob = next(person for person in alpha.people.values() if person is not owner)
    at_bob = await open_stream(follow(bob.token, alpha))
    path = f"/api/v1/auth/sessions/{owner.session_id}"
    assert (await portal.browser(owner.token).request("DELETE", path)).status == 204
    other = await portal.browser(bob.token).request(
        "PATCH", f"/api/v1/tenants/{alpha.tenant_id}/users/{alpha.ids['user_id']}", json={"is_whitelisted": True}
    )
    assert other.status == 200
    assert await stream.read() is None
    assert await at_bob.read() == {"topic": "user", "id": str(alpha.ids["user_id"])}


async def test_who_is_no_member_any_more_is_told_nothing_more_b4(
    portal: Portal, alpha: Side, follow: Follow, superuser_url: str
) -> None:
    bob = next(person for person in alpha.people.values() if person is not alpha.owner)
    stream = await open_stream(follow(bob.token, alpha))
    connection = await asyncpg.connect(superuser_url)
    await connection.execute("DELETE FROM tenant_members WHERE admin_id = $1", bob.admin_id)
    await connection.close()
    await change_plan(portal, alpha.owner, alpha)
    assert await stream.read() is None


async def test_who_comes_back_looks_at_everything_again(alpha: Side, follow: Follow) -> None:
    stream = follow(alpha.owner.token, alpha, **{"last-event-id": "7"})
    assert await stream.begin() == 200
    assert await stream.read() == RESYNC


async def test_after_a_lost_connection_everybody_looks_again_and_hears_again(
    portal: Portal, alpha: Side, follow: Follow, superuser_url: str
) -> None:
    connection = await asyncpg.connect(superuser_url)
    listening = "FROM pg_stat_activity WHERE application_name = 'lumenpay-changes' AND datname = current_database()"
    # Other tests have APIs of their own in this process.
    others = await connection.fetchval(f"SELECT count(*) {listening}")
    stream = await open_stream(follow(alpha.owner.token, alpha))
    await open_stream(follow(alpha.owner.token, alpha))
    ended = await connection.fetchval(f"SELECT count(pg_terminate_backend(pid)) {listening}")
    assert 1 <= ended <= others + 1, "one a process, however many streams"
    await connection.close()
    assert await stream.read() == RESYNC
    expected = await change_plan(portal, alpha.owner, alpha)
    while (seen := await stream.read()) == RESYNC:
        pass
    assert seen == expected


async def test_a_session_has_a_handful_of_streams_and_no_more(portal: Portal, alpha: Side, follow: Follow) -> None:
    streams = [await open_stream(follow(alpha.owner.token, alpha)) for _ in range(6)]
    refused = await portal.browser(alpha.owner.token).request("GET", streams[0].path)
    assert (refused.status, refused.json()["code"]) == (409, "too_many_streams")
    await streams.pop().end()
    await open_stream(follow(alpha.owner.token, alpha))


async def test_a_process_that_is_told_to_stop_ends_its_streams_and_then_stops() -> None:
    told: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, _: told.append(number))
    try:
        hub = ChangeHub("postgresql://nobody@127.0.0.1:1/none")
        with ending_streams(hub), hub.open(tenant_id=uuid4(), session_id=uuid4()) as stream:
            os.kill(os.getpid(), signal.SIGTERM)
            await drain(stream, wait_seconds=5)
            assert hub.is_ending
            assert told == [signal.SIGTERM]
    finally:
        signal.signal(signal.SIGTERM, before)
