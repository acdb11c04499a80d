"""Staff switches features off, for one tenant or for all: their doors say so, and nothing of them is done."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from lumenpay.db.session import Database
from lumenpay.db.unscoped import unscoped_session
from lumenpay.models.audit import AuditEvent, PlatformEvent
from lumenpay.models.tenants import Role
from tests.isolation.cast import Seeder, Side
from tests.support.asgi import AsgiClient
from tests.support.portal import Portal

REASON = "It floods somebody's server"
FEATURES = "/api/v1/staff/features"


@pytest.fixture
async def beta(seeder: Seeder) -> Side:
    return await seeder.side("beta", {Role.OWNER: "Charlie"}, shop_id="778")


async def switch(staff: AsgiClient, feature: str, *, is_on: bool | None, side: Side | None = None) -> Any:
    place = FEATURES if side is None else f"/api/v1/staff/tenants/{side.tenant_id}/features"
    answer = await staff.request("PUT", f"{place}/{feature}", json={"is_on": is_on, "reason": REASON})
    assert answer.status == 200, answer.body
    return {item["feature"]: (item["for_all"], item["own"]) for item in answer.json()["items"]}


async def list_webhooks(portal: Portal, side: Side) -> tuple[int, str | None]:
    answer = await portal.browser(side.owner.token).request("GET", f"/api/v1/tenants/{side.tenant_id}/webhooks")
    return answer.status, answer.json().get("code")


async def off(portal: Portal, side: Side) -> list[str]:
    answer = await portal.browser(side.owner.token).request("GET", f"/api/v1/tenants/{side.tenant_id}")
    return list(answer.json()["features_off"])


async def test_a_feature_is_off_for_one_tenant_for_all_and_on_for_one_of_them(
    portal: Portal, sam: AsgiClient, alpha: Side, beta: Side
) -> None:
    assert [await list_webhooks(portal, side) for side in (alpha, beta)] == [(200, None)] * 2
    assert await switch(sam, "webhooks", is_on=False, side=alpha) == {
        "webhooks": (True, False), "triggers": (True, None),
    }  # fmt: skip
    assert await list_webhooks(portal, alpha) == (403, "feature_off")
    assert (await off(portal, alpha), await off(portal, beta)) == (["webhooks"], [])
    assert await list_webhooks(portal, beta) == (200, None)
    await switch(sam, "webhooks", is_on=True, side=alpha)
    assert await switch(sam, "webhooks", is_on=False) == {"webhooks": (False, None), "triggers": (True, None)}
    assert (await list_webhooks(portal, alpha), await off(portal, alpha)) == ((200, None), [])
    assert (await list_webhooks(portal, beta), await off(portal, beta)) == ((403, "feature_off"), ["webhooks"])
    await switch(sam, "webhooks", is_on=None, side=alpha)
    assert await list_webhooks(portal, alpha) == (403, "feature_off")
    await switch(sam, "webhooks", is_on=True)
    assert [await list_webhooks(portal, side) for side in (alpha, beta)] == [(200, None)] * 2


async def test_each_switch_is_recorded_with_its_reason_where_it_holds(
    sam: AsgiClient, alpha: Side, database: Database
) -> None:
    await switch(sam, "triggers", is_on=False, side=alpha)
    await switch(sam, "triggers", is_on=False)
    await switch(sam, "triggers", is_on=True)
    async with database.tenant(alpha.tenant_id) as session:
        wanted = select(AuditEvent).where(AuditEvent.action == "tenant.feature_switched")
        [own] = (await session.execute(wanted)).scalars()
    assert own.details == {"feature": "triggers", "is_on": False, "reason": REASON}
    shown = (await sam.request("GET", "/api/v1/staff/audit-events")).json()["items"]
    switched = [event["details"]["is_on"] for event in shown if event["action"] == "feature.switched"]
    assert switched[:2] == [True, False]
    async with unscoped_session(database) as session:
        assert await session.scalar(select(PlatformEvent.id).limit(1))


async def test_a_broadcast_that_goes_by_itself_is_not_made_while_that_is_off(
    portal: Portal, sam: AsgiClient, alpha: Side
) -> None:
    browser, path = portal.browser(alpha.owner.token), f"/api/v1/tenants/{alpha.tenant_id}/broadcasts"
    draft = {
        "bot_id": str(alpha.ids["bot_id"]), "title": "Hello", "text": "Welcome!", "trigger": "welcome",
        "delay_minutes": 5,
    }  # fmt: skip
    await switch(sam, "triggers", is_on=False, side=alpha)
    refused = await browser.request("POST", path, json={**draft, "idempotence_key": "first-key"})
    assert (refused.status, refused.json()["code"], refused.json()["fields"]) == (
        403, "feature_off", {"feature": "triggers"},
    )  # fmt: skip
    plain = {**draft, "trigger": None, "delay_minutes": 0, "idempotence_key": "second-key"}
    assert (await browser.request("POST", path, json=plain)).status == 201
    await switch(sam, "triggers", is_on=None, side=alpha)
    assert (await browser.request("POST", path, json={**draft, "idempotence_key": "third-key1"})).status == 201
