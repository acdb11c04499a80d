"""The whole way of a test drive through HTTP, with the workers' own code, and what is left of it: nothing."""

from __future__ import annotations

from typing import Any

from tests.integration.test_drives.conftest import Studio
from tests.support.waiting import until

CARD = "5555 5555 5555 4477"
LISTS = ("bots", "plans", "channels", "users", "subscriptions", "payments", "payments/notices", "access-logs")
DRIVES = "'ffffffff-0000-0000-0000-000000000000'::uuid"


async def buy_and_join(studio: Studio) -> Any:
    drive = await studio.start()
    await studio.act(drive, "messages", text="/buy")
    await studio.press(drive, "Club")
    await studio.press(drive, "Оплатить")
    paying = await studio.button(drive, "pay")
    paid = await studio.act(drive, "payments", payment=paying["data"], card=CARD)
    assert paid == {"status": "succeeded"}
    link = await studio.button(drive, "join")
    assert (await studio.act(drive, "joins", link=link["data"])) == {"outcome": "requested"}
    await studio.reach(drive, "joined")
    return drive


async def count_rows(studio: Studio, where: str) -> dict[str, int]:
    tables = await studio.sql.fetch(
        "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' "
        "WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace"
    )
    return {
        row[0]: count
        for row in tables
        if (count := await studio.sql.fetchval(f'SELECT count(*) FROM "{row[0]}" WHERE tenant_id {where}'))
    }


async def test_an_owner_buys_joins_is_reminded_and_put_out_within_a_minute(studio: Studio):
    drive = await buy_and_join(studio)
    await studio.market.skip(seconds=drive["period_seconds"] - drive["reminder_seconds"])
    await studio.reach(drive, "reminded")
    await studio.market.skip(seconds=drive["reminder_seconds"])
    state = await studio.reach(drive, "expired")
    assert [step["name"] for step in state["steps"] if step["reached_at"]] == [
        "bought",
        "joined",
        "reminded",
        "expired",
    ]
    assert sum(step["seconds"] for step in state["steps"]) < 60

    async def put_out() -> Any:
        await studio.work()
        state = await studio.state(drive)
        return state if state["channels"] == [{"title": state["channels"][0]["title"], "place": "outside"}] else None

    state = await until(put_out, what="outside")
    assert {"joined", "expired"} <= {notice["kind"] for notice in state["notices"]}


async def look_around(studio: Studio) -> dict[str, Any]:
    """Return what the tenant's lists say, without what the workers' own checks of the real bot change."""
    base = f"/tenants/{studio.stall.tenant_id}"
    seen = {path: await studio.call("GET", f"{base}/{path}") for path in LISTS}
    for path in ("bots", "channels"):
        kept = [{"id": item["id"], "status": item["status"]} for item in seen[path]["items"]]
        seen[path] = {"items": kept, "total": seen[path]["total"]}
    return {**seen, "tenants": await studio.call("GET", "/tenants")}


async def test_nothing_of_a_test_drive_shows_in_the_tenant_and_nothing_is_left_of_it(studio: Studio):
    before, rows = await look_around(studio), await count_rows(studio, f"< {DRIVES}")
    drive = await buy_and_join(studio)
    during = await count_rows(studio, f">= {DRIVES}")
    assert {"bots", "payments", "ledger_entries", "memberships", "audit_events", "telegram_updates"} <= during.keys()
    assert await look_around(studio) == before
    # Its people are marked in the sandbox's own page: with what they own they look like the real thing.
    assert {person.is_test_drive for person in studio.world.users.values() if not person.is_bot} == {True}
    copied = await studio.sql.fetchval(f"SELECT id FROM tenants WHERE id >= {DRIVES}")
    await studio.call("GET", f"/tenants/{copied}/payments", status=404)

    assert (await studio.call("POST", f"{studio.base}/{drive['id']}/stop"))["status"] == "ended"
    refused = await studio.call("POST", f"{studio.base}/{drive['id']}/messages", {"text": "/buy"}, status=409)
    assert refused["code"] == "test_drive_ended"
    await studio.work()
    await studio.market.skip(seconds=60)

    async def is_gone() -> bool:
        # A removal that met work of the copy, for which a real minute leaves time, is taken up by the next tick.
        await studio.market.skip(seconds=15)
        await studio.work()
        return not (await studio.call("GET", studio.base))["items"]

    await until(is_gone, what="the removal")
    assert await count_rows(studio, f">= {DRIVES}") == {}
    assert await studio.sql.fetchval(f"SELECT count(*) FROM tenants WHERE id >= {DRIVES}") == 0
    left = await count_rows(studio, f"< {DRIVES}")
    # The real bot's own updates and checks go on.
    assert {name for name in left if left[name] != rows.get(name)} <= {
        "audit_events", "audit_links", "jobs", "telegram_updates", "bot_inboxes",
    }  # fmt: skip
    events = await studio.sql.fetch("SELECT action FROM audit_events WHERE action LIKE 'test_drive.%' ORDER BY id")
    assert [row[0] for row in events] == ["test_drive.started", "test_drive.ended"]
    assert (studio.world.users, studio.world.channels, studio.gateway.store.shops) == ({}, {}, {})
    assert await look_around(studio) == before
    # The outside world heard nothing of it.
    calls = studio.market.world.recorder.calls(bot_id=None, method=None, after=0)
    assert {call.bot_id for call in calls} <= {studio.stall.telegram_bot_id}
    assert not studio.market.gateway.requests
