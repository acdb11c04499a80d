"""Staff finds a tenant, sees how it fares, suspends and resumes it, and says how much it may have."""

from __future__ import annotations

from typing import Any

import pytest

from lumenpay.models.tenants import Role
from tests.isolation.cast import Seeder, Side
from tests.isolation.operations import list_operations
from tests.isolation.requests import BODIES, PATH_VALUES
from tests.support.asgi import AsgiClient
from tests.support.portal import Portal

STAFF = "/api/v1/staff/tenants"
REASON = "sells what it may not"


async def ids(client: AsgiClient, **query: str) -> list[str]:
    answer = await client.request("GET", STAFF, query=query)
    assert answer.status == 200, answer.body
    return [tenant["id"] for tenant in answer.json()["items"]]


async def test_a_tenant_is_found_by_name_mail_bot_and_id(sam: AsgiClient, alpha: Side, seeder: Seeder) -> None:
    beta = await seeder.side("beta", {Role.OWNER: "Charlie"}, shop_id="200")
    assert set(await ids(sam)) == {str(alpha.tenant_id), str(beta.tenant_id)}
    for search in (
        "ALPHA ten",
        alpha.owner.email.upper(),
        "@alpha_bot",
        str(alpha.tenant_id),
        str(alpha.ids["bot_id"]),
    ):
        assert await ids(sam, search=search) == [str(alpha.tenant_id)], search
    for search in ("%", "_____________________________", "nobody"):
        assert await ids(sam, search=search) == [], search
    assert await ids(sam, status="suspended") == []


async def test_a_list_goes_on_after_its_cursor_without_a_gap(sam: AsgiClient, alpha: Side, seeder: Seeder) -> None:
    wanted = {str(alpha.tenant_id)}
    wanted |= {str((await seeder.side(f"t{n}", {Role.OWNER: "O"}, shop_id=f"30{n}")).tenant_id) for n in range(2)}
    seen, cursor = [], None
    while True:
        answer = await sam.request("GET", STAFF, query={"size": 1, **({"after": cursor} if cursor else {})})
        seen += [tenant["id"] for tenant in answer.json()["items"]]
        cursor = answer.json()["next_cursor"]
        if cursor is None:
            break
    assert len(seen) == 3
    assert set(seen) == wanted
    for wrong in ("x", "W10", "bnVsbA", "A" * 300):
        refused = await sam.request("GET", STAFF, query={"after": wrong})
        assert refused.status == 422, wrong


async def test_health_counts_what_waits_for_a_human(sam: AsgiClient, alpha: Side) -> None:
    shown = (await sam.request("GET", f"{STAFF}/{alpha.tenant_id}")).json()
    health = shown["tenant"]
    assert (health["bots"], health["dead_jobs"]) == (1, 1)
    assert (health["quarantined_updates"], health["quarantined_notices"]) == (1, 1)
    assert shown["use"]["subscribers"] == 1
    assert {member["email"] for member in shown["members"]} == {person.email for person in alpha.people.values()}
    assert "token" not in str(shown)


async def test_a_suspended_tenant_reads_everything_and_changes_nothing_a23(
    sam: AsgiClient, owner: AsgiClient, alpha: Side, portal: Portal
) -> None:
    answer = await sam.request("POST", f"{STAFF}/{alpha.tenant_id}/suspend", json={"reason": REASON})
    assert answer.json()["tenant"]["status"] == "suspended"
    mine = (await owner.request("GET", f"/api/v1/tenants/{alpha.tenant_id}")).json()
    assert (mine["status"], mine["suspension_reason"]) == ("suspended", REASON)
    refused = set()
    inside = {name: operation for name, operation in list_operations().items() if operation.is_in_tenant}
    for name, operation in inside.items():
        values = {part: PATH_VALUES.get(part) or alpha.ids[part] for part in operation.path_names}
        body = BODIES[name](portal, alpha) if operation.has_body and "token" not in name else None
        if operation.has_body and body is None:
            continue
        answer = await owner.request(operation.method, operation.path.format(**values), json=body)
        if operation.method == "GET":
            assert answer.status == 200, (name, answer.body)
        else:
            assert (answer.status, answer.json()["code"]) == (403, "tenant_suspended"), name
            refused.add(name)
    assert len(refused) > 20
    await sam.request("POST", f"{STAFF}/{alpha.tenant_id}/resume")
    changed = await owner.request("PUT", f"/api/v1/tenants/{alpha.tenant_id}", json={"name": "Alpha again"})
    assert (changed.status, changed.json()["suspension_reason"]) == (200, "")


async def test_the_tenant_sees_in_its_own_log_who_suspended_it_and_why(
    sam: AsgiClient, owner: AsgiClient, alpha: Side
) -> None:
    await sam.request("POST", f"{STAFF}/{alpha.tenant_id}/suspend", json={"reason": REASON})
    log = f"/api/v1/tenants/{alpha.tenant_id}/audit-events"
    [event] = (await owner.request("GET", log, query={"actor_kind": "staff"})).json()["items"]
    assert (event["action"], event["actor"]["name"], event["details"]) == (
        "tenant.suspended",
        "Sam",
        {"reason": REASON},
    )
    over_all = await sam.request("GET", "/api/v1/staff/tenants-audit-events", query={"actor_kind": "staff"})
    assert [row["id"] for row in over_all.json()["items"]] == [event["id"]]


@pytest.mark.parametrize("reason", ["", "too short", " " * 40, "x" * 257])
async def test_a_reason_is_asked_for(sam: AsgiClient, alpha: Side, reason: str) -> None:
    answer = await sam.request("POST", f"{STAFF}/{alpha.tenant_id}/suspend", json={"reason": reason})
    assert (answer.status, list(answer.json()["fields"])) == (422, ["reason"])


async def set_limits(sam: AsgiClient, alpha: Side, **limits: Any) -> None:
    body = {"max_bots": 50, "max_channels": 500, "max_subscribers": None, **limits}
    answer = await sam.request("PUT", f"{STAFF}/{alpha.tenant_id}/limits", json=body)
    assert answer.status == 200, answer.body


async def test_no_more_bots_and_channels_than_the_tenant_may_have(
    sam: AsgiClient, owner: AsgiClient, seeder: Seeder, alpha: Side, portal: Portal
) -> None:
    real = await seeder.side("real", {Role.OWNER: "Ron"}, token=portal.new_bot().token, shop_id="300")
    client, base = portal.browser(real.owner.token), f"/api/v1/tenants/{real.tenant_id}"
    await set_limits(sam, real, max_bots=1, max_channels=1)
    for path, body in (
        ("/bots", {"token": portal.new_bot().token}),
        ("/channels", {"bot_id": str(real.ids["bot_id"]), "chat": str(portal.new_channel(real.bot_token))}),
    ):
        refused = await client.request("POST", base + path, json=body)
        assert (refused.status, refused.json()["code"]) == (409, "limit_reached"), refused.body
    await set_limits(sam, real)
    assert (await client.request("POST", f"{base}/bots", json={"token": portal.new_bot().token})).status == 201


async def test_limits_that_a_colleague_changed_meanwhile_are_not_put_back(sam: AsgiClient, alpha: Side) -> None:
    path = f"{STAFF}/{alpha.tenant_id}"
    read = (await sam.request("GET", path)).json()["use"]["version"]
    await set_limits(sam, alpha, max_bots=7)
    body = {"max_bots": 9, "max_channels": 500, "max_subscribers": None, "version": read}
    refused = await sam.request("PUT", f"{path}/limits", json=body)
    assert (refused.status, refused.json()["code"]) == (409, "changed_meanwhile")
    now = (await sam.request("GET", path)).json()["use"]
    assert now["max_bots"] == 7
    await set_limits(sam, alpha, max_bots=9, version=now["version"])
