"""Staff looks at one tenant: reading only, for a reason and half an hour at most, and the tenant sees it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from control_plane.app import ControlPlane, make_api
from control_plane.dependencies import TenantDep
from control_plane.permissions import NOT_FOR_STAFF
from lumenpay.admins.staff import remove_staff
from lumenpay.db.session import Database
from lumenpay.models.tenants import Role, Tenant
from operations.embedded import DatabaseUrls
from tests.isolation.cast import Seeder, Side
from tests.isolation.operations import list_operations
from tests.isolation.requests import PATH_VALUES
from tests.support.asgi import AsgiClient
from tests.support.portal import Portal
from tests.support.staff import MakeStaff

STAFF = "/api/v1/staff"
REASON = "the owner asked why nobody gets in"
HEADER = "x-lumenpay-impersonation"


async def look(client: AsgiClient, tenant_id: object, **body: Any) -> Mapping[str, Any]:
    answer = await client.request("POST", f"{STAFF}/tenants/{tenant_id}/impersonate", json={"reason": REASON, **body})
    assert answer.status == 201, answer.body
    found: Mapping[str, Any] = answer.json()
    return found


async def test_every_reading_of_the_tenant_answers_and_every_change_is_refused_b12(
    sam: AsgiClient, alpha: Side
) -> None:
    await look(sam, alpha.tenant_id)
    refused = 0
    for operation in list_operations().values():
        if not operation.is_in_tenant:
            continue
        values = {part: PATH_VALUES.get(part) or alpha.ids[part] for part in operation.path_names}
        answer = await sam.request(operation.method, operation.path.format(**values))
        assert str(alpha.tenant_id) in (answer.header(HEADER) or ""), operation.id
        if operation.id in NOT_FOR_STAFF:
            assert (answer.status, answer.json()["code"]) == (403, "role_not_allowed"), operation.id
        elif operation.method == "GET":
            assert answer.status == 200, (operation.id, answer.body)
        else:
            assert (answer.status, answer.json()["code"]) == (403, "impersonation_read_only"), operation.id
            refused += 1
    assert refused > 20


async def test_the_database_refuses_what_the_method_did_not_b12(portal: Portal, sam: AsgiClient, alpha: Side) -> None:
    api = make_api.__wrapped__()

    async def list_(access: TenantDep) -> dict[str, str]:
        async with access.unit() as session:
            (await session.get_one(Tenant, access.tenant_id)).name = "changed by a reading"
        return {}

    path = "/api/v1/tenants/{tenant_id}/sly"
    api.add_api_route(path, list_, methods=["GET"], tags=["bots"])
    api.router.routes.insert(0, api.router.routes.pop())
    app = ControlPlane(portal.app.services, api=api)
    await look(sam, alpha.tenant_id)
    sly = path.format(tenant_id=alpha.tenant_id)
    answer = await AsgiClient(app, sam.headers).request("GET", sly)
    assert (answer.status, answer.json()["code"]) == (403, "impersonation_read_only")
    # The owner's transaction is not held to reading: the refusal above is the impersonation's.
    assert (await AsgiClient(app, portal.browser(alpha.owner.token).headers).request("GET", sly)).status == 200


async def test_a_reading_transaction_refuses_a_change(database: Database, alpha: Side) -> None:
    with pytest.raises(DBAPIError, match="read-only transaction"):
        async with database.tenant(alpha.tenant_id, is_read_only=True) as session:
            (await session.get_one(Tenant, alpha.tenant_id)).name = "x"


async def test_only_one_tenant_is_seen_and_only_by_the_session_that_asked(
    portal: Portal, make_staff: MakeStaff, seeder: Seeder, alpha: Side
) -> None:
    beta = await seeder.side("beta", {Role.OWNER: "Charlie"}, shop_id="200")
    sam, eve = portal.browser((await make_staff("Sam")).token), portal.browser((await make_staff("Eve")).token)
    await look(sam, alpha.tenant_id)
    for client, side in ((sam, beta), (eve, alpha)):
        answer = await client.request("GET", f"/api/v1/tenants/{side.tenant_id}/users")
        assert (answer.status, answer.json()["code"]) == (404, "tenant_not_found")
    await look(sam, beta.tenant_id)
    assert (await sam.request("GET", f"/api/v1/tenants/{alpha.tenant_id}")).status == 404
    assert (await sam.request("GET", f"/api/v1/tenants/{beta.tenant_id}")).status == 200


async def test_the_tenant_sees_it_while_it_lasts_and_afterwards_b12(
    sam: AsgiClient, owner: AsgiClient, alpha: Side
) -> None:
    view = await look(sam, alpha.tenant_id, minutes=30)
    banner = (await owner.request("GET", f"/api/v1/tenants/{alpha.tenant_id}")).json()["impersonation"]
    assert (banner["id"], banner["staff_name"], banner["reason"]) == (view["id"], "Sam", REASON)
    assert (await sam.request("GET", "/api/v1/auth/me")).json()["impersonation"]["tenant_id"] == str(alpha.tenant_id)
    ended = await sam.request("DELETE", f"{STAFF}/impersonation")
    assert ended.status == 204
    assert (await sam.request("GET", "/api/v1/auth/me")).json()["impersonation"] is None
    assert (await sam.request("GET", f"/api/v1/tenants/{alpha.tenant_id}")).status == 404
    listed = (await owner.request("GET", f"/api/v1/tenants/{alpha.tenant_id}/impersonations")).json()["items"]
    assert next(row for row in listed if row["id"] == view["id"])["ended_at"] is not None
    log = f"/api/v1/tenants/{alpha.tenant_id}/audit-events"
    events = (await owner.request("GET", log, query={"action": "impersonation."})).json()["items"]
    assert {event["action"] for event in events} == {"impersonation.started", "impersonation.ended"}
    assert all(event["actor"]["name"] == "Sam" for event in events)


async def test_after_its_time_nothing_is_seen_b12(portal: Portal, sam: AsgiClient, alpha: Side) -> None:
    began = portal.clock.now()
    await look(sam, alpha.tenant_id, minutes=5)
    try:
        portal.clock.advance(minutes=5)
        answer = await sam.request("GET", f"/api/v1/tenants/{alpha.tenant_id}")
        assert (answer.status, answer.header(HEADER)) == (404, None)
    finally:
        portal.clock.set(began)


@pytest.mark.parametrize("body", [{"reason": "too short"}, {"minutes": 31}, {"minutes": 0}])
async def test_without_a_reason_or_for_too_long_nobody_looks_b12(
    sam: AsgiClient, alpha: Side, body: dict[str, Any]
) -> None:
    answer = await sam.request(
        "POST", f"{STAFF}/tenants/{alpha.tenant_id}/impersonate", json={"reason": REASON, **body}
    )
    assert (answer.status, set(answer.json()["fields"])) == (422, set(body))


async def test_whoever_is_staff_no_more_sees_nothing_at_once(
    portal: Portal, make_staff: MakeStaff, alpha: Side, postgres_urls: DatabaseUrls
) -> None:
    person = await make_staff("Sam")
    client = portal.browser(person.token)
    await look(client, alpha.tenant_id)
    owner = Database(postgres_urls.owner, pool_size=1)
    assert await remove_staff(owner, email=person.email, now=portal.clock.now())
    await owner.close()
    for path in (f"/api/v1/tenants/{alpha.tenant_id}", f"{STAFF}/tenants"):
        assert (await client.request("GET", path)).status == 404
