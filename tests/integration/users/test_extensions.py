"""Days for everybody on a list at once (7.4): whoever is on it gets them, once, and nobody else."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from lumenpay.models.audit import AuditEvent
from lumenpay.models.extensions import Extension, ExtensionItem
from lumenpay.models.ledger import LedgerEntry
from lumenpay.models.plans import PeriodUnit
from lumenpay.models.tenants import Role
from lumenpay.models.users import User
from lumenpay.subscriptions.extensions import extend_some, write_down
from tests.support.desk import Desk, new_key
from tests.support.market import Market
from tests.support.stall import Stall

WEEK = timedelta(days=7)


async def given(desk: Desk, user: User, plan_id: UUID, *, days: int | None = 10) -> dict[str, Any]:
    body = {"plan_id": str(plan_id), "idempotence_key": new_key(), "days": days}
    return dict(await desk.post(f"/users/{user.id}/grants", **body))


async def people(stall: Stall, desk: Desk, count: int) -> list[dict[str, Any]]:
    return [await given(desk, await stall.buyer(), stall.plan_id) for _ in range(count)]


async def grown(desk: Desk, before: dict[str, Any]) -> timedelta | None:
    now = await desk.get(f"/subscriptions/{before['id']}")
    if now["ends_at"] is None or before["ends_at"] is None:
        return None
    return datetime.fromisoformat(now["ends_at"]) - datetime.fromisoformat(before["ends_at"])


async def asked(desk: Desk, **body: Any) -> dict[str, Any]:
    return dict(await desk.post("/extensions", **{"days": 7, "idempotence_key": new_key(), **body}))


async def test_everybody_gets_the_days_once_however_often_it_is_asked_for(
    market: Market, stall: Stall, desk: Desk
) -> None:
    lifetime = await stall.add_plan(stall.channel_id, period_unit=PeriodUnit.LIFETIME, period_count=1)
    ended = await given(desk, await stall.buyer(), stall.plan_id, days=1)
    await market.skip(days=2)
    await stall.sweep()
    anna, boris = await people(stall, desk, 2)
    for_ever = await given(desk, await stall.buyer(), lifetime.id, days=None)
    assert await desk.get("/extensions/count") == {"count": 2}
    key = new_key()
    first, second = await asked(desk, idempotence_key=key), await asked(desk, idempotence_key=key)
    assert first["id"] == second["id"]
    await market.work()
    await market.work()
    assert [await grown(desk, one) for one in (anna, boris, ended, for_ever)] == [WEEK, WEEK, timedelta(0), None]
    done = await desk.get(f"/extensions/{first['id']}")
    assert (done["status"], done["total_count"], done["done_count"], done["passed_count"]) == ("done", 2, 2, 0)
    assert (await asked(desk, idempotence_key=key))["status"] == "done"
    assert await desk.refused("/extensions", days=8, idempotence_key=key) == (409, "idempotence_key_reused")
    assert await market.count(stall.tenant_id, ExtensionItem) == 0
    assert await market.count(stall.tenant_id, LedgerEntry) == 0
    actions = [row.action for row in await market.rows(stall.tenant_id, AuditEvent)]
    assert (actions.count("subscription.extended"), actions.count("extension.requested")) == (2, 1)


async def test_only_those_on_the_list_get_them_and_with_a_plan_only_that_plan(
    market: Market, stall: Stall, desk: Desk
) -> None:
    other = await stall.add_plan(stall.channel_id)
    anna, boris = await stall.buyer(), await stall.buyer()
    await desk.ask("PUT", f"/users/{anna.id}/tags/vip")
    hers = await given(desk, anna, stall.plan_id), await given(desk, anna, other.id)
    his = await given(desk, boris, stall.plan_id)
    await asked(desk, query=f"tag=vip&plan_id={stall.plan_id}&page=3&sort=name")
    await market.work()
    assert [await grown(desk, one) for one in (*hers, his)] == [WEEK, timedelta(0), timedelta(0)]
    await asked(desk, query="?tag=vip")
    await market.work()
    assert [await grown(desk, one) for one in (*hers, his)] == [2 * WEEK, WEEK, timedelta(0)]
    assert await desk.refused("/extensions", days=7, query="tga=vip", idempotence_key=new_key()) == (
        422, "export_invalid"
    )  # fmt: skip


async def test_who_comes_after_a_killed_worker_goes_on_and_who_ended_meanwhile_is_passed(
    market: Market, stall: Stall, desk: Desk
) -> None:
    subscriptions = await people(stall, desk, 5)
    extension = await asked(desk)
    async with market.tenant(stall.tenant_id) as session:
        await write_down(session, UUID(extension["id"]))
    async with market.tenant(stall.tenant_id) as session:
        assert await extend_some(session, UUID(extension["id"]), limit=2, now=market.now())
    ordered = sorted(subscriptions, key=lambda one: str(one["id"]))
    await desk.post(f"/subscriptions/{ordered[4]['id']}/revoke")
    late = await given(desk, await stall.buyer(), stall.plan_id)
    await market.work()
    assert [await grown(desk, one) for one in ordered[:4]] == [WEEK] * 4
    assert await grown(desk, late) == timedelta(0)
    done = await desk.get(f"/extensions/{extension['id']}")
    assert (done["status"], done["total_count"], done["done_count"], done["passed_count"]) == ("done", 5, 4, 1)


async def test_a_stopped_one_gives_nobody_further_days(market: Market, stall: Stall, desk: Desk) -> None:
    subscriptions = sorted(await people(stall, desk, 3), key=lambda one: str(one["id"]))
    extension = await asked(desk)
    async with market.tenant(stall.tenant_id) as session:
        await write_down(session, UUID(extension["id"]))
        await extend_some(session, UUID(extension["id"]), limit=1, now=market.now())
    assert (await desk.post(f"/extensions/{extension['id']}/stop"))["status"] == "stopped"
    await market.work()
    assert [await grown(desk, one) for one in subscriptions] == [WEEK, timedelta(0), timedelta(0)]
    assert (await desk.post(f"/extensions/{extension['id']}/stop"))["done_count"] == 1


async def test_of_eight_who_ask_at_once_one_is_heard_and_a_helper_may_not_ask(
    market: Market, stall: Stall, desk: Desk
) -> None:
    await people(stall, desk, 1)
    bodies = [{"days": 7, "idempotence_key": new_key()} for _ in range(8)]
    answers = await asyncio.gather(*(desk.ask("POST", "/extensions", json=body) for body in bodies))
    assert sorted(answer.status for answer in answers) == [202] + [409] * 7
    assert {answer.json()["code"] for answer in answers if answer.status == 409} == {"extension_running"}
    assert await market.count(stall.tenant_id, Extension) == 1
    refused = await desk.ask("POST", "/extensions", role=Role.SUPPORT, json=bodies[0])
    assert refused.status == 403
