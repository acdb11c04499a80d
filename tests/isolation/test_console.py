"""The console is not there for tenants, its role reads no secret, and staff needs a second factor (fault A21)."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from lumenpay.db.guard import UnsafeDatabaseRoleError, check_staff_role
from lumenpay.db.staff import StaffDatabase
from operations.embedded import DatabaseUrls
from tests.isolation.conftest import Cast
from tests.isolation.operations import Operation, list_operations
from tests.support.asgi import Answer, AsgiClient
from tests.support.portal import Portal
from tests.support.staff import MakeStaff, make_staff

__all__ = ["make_staff"]

OPERATIONS = {name: operation for name, operation in list_operations().items() if operation.is_of_staff}
REASON = "the owner asked us to look"
BODIES: dict[str, dict[str, Any]] = {
    "staff_tenants-suspend": {"reason": REASON},
    "staff_tenants-set_limits": {"max_bots": 3, "max_channels": 3, "max_subscribers": None},
    "staff_billing-set_by_hand": {"limits": {"max_bots": 3}},
    "staff_impersonations-start": {"reason": REASON},
    "staff_features-switch": {"is_on": True, "reason": REASON},
    "staff_features-switch_of_tenant": {"is_on": True, "reason": REASON},
    "staff_invoices-refund": {"stripe_invoice": "in_nobodys", "reason": REASON, "idempotence_key": "k" * 8},
}
NEEDS_A_BILL = "staff_invoices-refund"
"""Stripe has no bill of the cast: what comes of it is told by `integration/console/test_billing_refunds.py`."""


async def send(client: AsgiClient, operation: Operation, cast: Cast) -> Answer:
    named = {**cast.alpha.ids, "feature": "webhooks"}
    values = {name: named.get(name, 7) for name in operation.path_names}
    return await client.request(operation.method, operation.path.format(**values), json=BODIES.get(operation.id))


def test_the_walk_sees_the_console() -> None:
    assert len(OPERATIONS) > 15
    assert {name for name, operation in OPERATIONS.items() if operation.has_body} == BODIES.keys()


async def test_for_an_owner_the_console_is_an_address_that_there_is_not(portal: Portal, cast: Cast) -> None:
    client = portal.browser(cast.alpha.owner.token)
    nowhere = await client.request("GET", "/api/v1/nowhere")
    for operation in OPERATIONS.values():
        answer = await send(client, operation, cast)
        assert (answer.status, answer.body) == (nowhere.status, nowhere.body), operation.id
    assert nowhere.status == 404


async def test_staff_without_a_second_factor_is_asked_for_one_b8(
    portal: Portal, cast: Cast, make_staff: MakeStaff
) -> None:
    client = portal.browser((await make_staff(has_second_factor=False)).token)
    for operation in OPERATIONS.values():
        answer = await send(client, operation, cast)
        assert (answer.status, answer.json()["code"]) == (403, "mfa_required"), operation.id


async def test_staff_reaches_every_door_of_the_console_and_no_door_of_a_tenant(
    portal: Portal, cast: Cast, make_staff: MakeStaff
) -> None:
    client = portal.browser((await make_staff()).token)
    for operation in sorted(OPERATIONS.values(), key=lambda operation: operation.method != "GET"):
        answer = await send(client, operation, cast)
        if operation.id == NEEDS_A_BILL:
            assert (answer.status, answer.json()["code"]) == (409, "never_billed")
            continue
        assert answer.status < 300, (operation.id, answer.body)
    assert (await client.request("DELETE", "/api/v1/staff/impersonation")).status == 204
    inside = await client.request("GET", f"/api/v1/tenants/{cast.alpha.tenant_id}/users")
    assert (inside.status, inside.json()["code"]) == (404, "tenant_not_found")


CHANGES = sorted(
    {name for name, operation in OPERATIONS.items() if operation.method != "GET"}
    - {"staff_impersonations-end", NEEDS_A_BILL},
    key=lambda name: (name == "staff_tenants-resume", name),
)
"""An end needs a beginning before it, and who resumes somebody who was suspended."""


async def test_each_change_by_staff_is_recorded_once_n2(
    portal: Portal, cast: Cast, make_staff: MakeStaff, superuser_url: str
) -> None:
    sam = await make_staff()
    client, superuser = portal.browser(sam.token), await asyncpg.connect(superuser_url, timeout=10)
    count = """
        SELECT count(*) FROM (SELECT actor_id FROM audit_events UNION ALL SELECT actor_id FROM platform_events) e
        WHERE actor_id = $1
    """
    for number, name in enumerate(CHANGES):
        assert await superuser.fetchval(count, sam.admin_id) == number, name
        answer = await send(client, OPERATIONS[name], cast)
        assert answer.status < 300, (name, answer.body)
    assert await superuser.fetchval(count, sam.admin_id) == len(CHANGES) > 5
    assert (await client.request("DELETE", "/api/v1/staff/impersonation")).status == 204
    assert await superuser.fetchval(count, sam.admin_id) == len(CHANGES) + 1
    await superuser.close()


async def test_an_unknown_tenant_is_not_found(portal: Portal, cast: Cast, make_staff: MakeStaff) -> None:
    client = portal.browser((await make_staff()).token)
    for path in ("", "/suspend", "/impersonate"):
        body = {"reason": REASON} if path else None
        answer = await client.request("POST" if path else "GET", f"/api/v1/staff/tenants/{uuid4()}{path}", json=body)
        assert (answer.status, answer.json()["code"]) == (404, "tenant_not_found")


async def test_the_staff_role_reads_no_secret_and_writes_nothing_a21(
    cast: Cast, superuser_url: str, postgres_urls: DatabaseUrls
) -> None:
    superuser = await asyncpg.connect(superuser_url, timeout=10)
    secrets = await superuser.fetch(
        """
        SELECT c.relname, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = 'public' AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
          AND (a.attname ~ '(_sealed|_hash)$' OR a.attname = 'body')
        """
    )
    await superuser.close()
    assert {("bots", "token_sealed"), ("bots", "shop_sealed"), ("admins", "password_hash")} <= {
        (row[0], row[1]) for row in secrets
    }
    staff = await asyncpg.connect(postgres_urls.staff.replace("+asyncpg", ""), timeout=10)
    assert await staff.fetchval("SELECT count(*) FROM tenants") == 2
    for table, column in secrets:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await staff.fetch(f'SELECT "{column}" FROM "{table}"')
    changes = ("UPDATE tenants SET name = name", "DELETE FROM audit_events", "INSERT INTO staff_members VALUES (NULL)")
    for change in changes:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await staff.execute(change)
    await staff.close()


@pytest.mark.parametrize("name", ["app", "owner", "backup"])
async def test_the_console_refuses_to_start_with_a_role_that_may_do_more_a1(
    postgres_urls: DatabaseUrls, name: str
) -> None:
    database = StaffDatabase(getattr(postgres_urls, name), pool_size=1)
    with pytest.raises(UnsafeDatabaseRoleError):
        await check_staff_role(database)
    await database.close()


async def test_the_staff_role_may_run_the_console(postgres_urls: DatabaseUrls) -> None:
    database = StaffDatabase(postgres_urls.staff, pool_size=1)
    await check_staff_role(database)
    await database.close()
