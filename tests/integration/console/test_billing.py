"""Staff sees how a tenant stands with the platform, gives it limits of its own, and what all tenants bring."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from control_plane.app import ControlPlane
from lumenpay.billing.repository import ensure_subscription
from lumenpay.billing.rules import GRACE
from lumenpay.db.session import Database
from lumenpay.models.audit import AuditEvent
from lumenpay.models.tenants import Role
from operations.embedded import DatabaseUrls
from tests.isolation.cast import Seeder, Side
from tests.support.asgi import AsgiClient
from tests.support.portal import ORIGIN, Portal
from tests.support.pricing import put_free, put_on_sale
from tests.support.staff import MakeStaff

REVENUE, TENANTS = "/api/v1/staff/revenue", "/api/v1/staff/tenants"


@pytest.fixture
async def billed(portal: Portal, make_staff: MakeStaff, postgres_urls: DatabaseUrls) -> AsyncIterator[AsgiClient]:
    """The browser of Sam, who is staff, in an installation in which the limits of plans hold."""
    database = Database(postgres_urls.app, pool_size=5, is_billed=True)
    token = (await make_staff("Sam")).token
    headers = {"origin": ORIGIN, "sec-fetch-site": "same-origin", "cookie": f"lp_session={token}"}
    yield AsgiClient(ControlPlane(replace(portal.app.services, database=database)), headers, "10.99.0.2")
    await database.close()


async def stand(
    database: Database, side: Side, status: str, plan: str | None, *, now: datetime, unpaid_since_at: datetime | None
) -> None:
    """Have Stripe have said this of a tenant."""
    async with database.tenant(side.tenant_id) as session:
        row = await ensure_subscription(session, now=now)
        row.stripe_status, row.plan_code, row.unpaid_since_at = status, plan, unpaid_since_at


async def test_what_tenants_bring_is_summed_up_by_plan_and_by_how_they_stand(
    sam: AsgiClient, portal: Portal, database: Database, seeder: Seeder
) -> None:
    await put_free(portal, limit=1)
    await put_on_sale(portal, "pro")
    now = portal.clock.now()
    facts: list[tuple[str, str | None, timedelta | None]] = [
        ("active", "pro", None), ("active", "pro", None), ("trialing", "pro", None),
        ("past_due", "pro", timedelta(days=1)), ("past_due", "pro", GRACE), ("canceled", "pro", None),
        ("active", None, None), ("incomplete", None, None),
    ]  # fmt: skip
    sides = [await seeder.side(f"t{n}", {Role.OWNER: "O"}, shop_id=f"40{n}") for n in range(len(facts) + 1)]
    for side, (status, plan, debt) in zip(sides, facts, strict=False):
        since = None if debt is None else now - debt
        await stand(database, side, status, plan, now=now, unpaid_since_at=since)
    shown = (await sam.request("GET", REVENUE)).json()
    [pro] = shown["plans"]
    counts = {name: pro[name] for name in ("trialing", "active", "past_due", "restricted")}
    assert counts == {"trialing": 1, "active": 2, "past_due": 1, "restricted": 1}
    assert pro["monthly"] == {"amount_minor": 3_000, "currency": "USD"}
    assert shown["monthly"] == [pro["monthly"]]
    # One began to pay and did not, and one never looked at a price.
    assert (shown["free"], shown["canceled"], shown["unlisted"]) == (2, 1, 1)


async def test_a_tenant_has_limits_of_its_own_until_they_are_taken_back(
    billed: AsgiClient, portal: Portal, alpha: Side, database: Database
) -> None:
    await put_free(portal, limit=5)
    path = f"{TENANTS}/{alpha.tenant_id}"

    async def limits() -> dict[str, Any]:
        shown = (await billed.request("GET", f"{path}/billing")).json()
        return {use["of"]: use["limit"] for use in shown["uses"]}

    async def give(given: dict[str, int | None], **version: str) -> Any:
        return await billed.request("PUT", f"{path}/limits-by-hand", json={"limits": given, **version})

    before = (await billed.request("GET", f"{path}/billing")).json()
    assert (before["standing"], before["plan_code"], before["by_hand"]) == ("free", "free", {})
    assert set((await limits()).values()) == {5}
    given = await give({"max_members": None, "max_bots": 7}, version=before["version"])
    assert (given.status, given.json()["by_hand"]) == (200, {"max_bots": 7, "max_members": None})
    assert await limits() == {
        "max_bots": 7, "max_channels": 5, "max_subscribers": 5, "max_broadcasts": 5, "max_members": None
    }  # fmt: skip
    stale = await give({}, version=before["version"])
    assert (stale.status, stale.json()["code"]) == (409, "changed_meanwhile")
    assert (await give({})).status == 200
    assert set((await limits()).values()) == {5}
    for wrong in ({"max_cats": 1}, {"max_bots": -1}, {"max_bots": 10**10}):
        assert (await give(wrong)).status == 422, wrong
    async with database.tenant(alpha.tenant_id) as session:
        events = (await session.execute(select(AuditEvent).where(AuditEvent.action == "billing.limits_set"))).scalars()
        assert [event.actor_kind for event in events] == ["staff", "staff"]
