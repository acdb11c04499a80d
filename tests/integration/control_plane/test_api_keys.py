"""Keys with which programs call the API: what they include, when they end, how often they may be used (fault B17)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from control_plane.permissions import ALLOWED, SCOPES, scope_of
from lumenpay.api_keys.rules import CALLS, add_checksum
from lumenpay.db.session import Database
from lumenpay.models.api_keys import ApiKey
from lumenpay.models.audit import AuditEvent
from lumenpay.models.tenants import Role, Tenant, TenantStatus
from tests.integration.control_plane.test_permissions import send_operation
from tests.isolation.cast import Seeder, Side
from tests.support.asgi import AsgiClient
from tests.support.portal import Portal


def _path(side: Side, rest: str = "") -> str:
    return f"/api/v1/tenants/{side.tenant_id}{rest}"


async def make_key(portal: Portal, side: Side, *scopes: str, **values: Any) -> tuple[dict[str, Any], AsgiClient]:
    """Return a key as it is shown when it is made, and a program that has it."""
    body = {"name": "Bookkeeping", "scopes": list(scopes or sorted(SCOPES)), **values}
    made = await portal.browser(side.owner.token).request("POST", _path(side, "/api-keys"), json=body)
    assert made.status == 201, made.body
    return made.json(), portal.api_client(made.json()["secret"])


async def test_a_key_reads_what_its_scope_includes_and_nothing_else_b17(portal: Portal, alpha: Side):
    _, program = await make_key(portal, alpha, "payments:read", "tenants:read")
    assert (await program.request("GET", _path(alpha))).status == 200
    assert (await program.request("GET", _path(alpha, "/payments"))).json()["total"] == 1
    for name in ALLOWED:
        answer = await send_operation(portal, program, alpha, name)
        scope = scope_of(name)
        if scope is None:
            assert (answer.status, answer.json()["code"]) == (403, "not_for_api_keys"), name
        elif scope not in ("payments:read", "tenants:read"):
            assert answer.status == 403, name
            assert answer.json()["fields"] == {"scope": scope}
        else:
            assert answer.status == 200, name


async def test_no_operation_that_a_key_includes_needs_a_person(portal: Portal, alpha: Side):
    _, program = await make_key(portal, alpha)
    for name in ALLOWED:
        answer = await send_operation(portal, program, alpha, name)
        if scope_of(name) is not None:
            assert answer.status < 300 or answer.status in (404, 409), (name, answer.body)


async def test_a_key_opens_no_other_tenant_and_nothing_outside_of_one_b17(portal: Portal, alpha: Side, seeder: Seeder):
    shown, program = await make_key(portal, alpha)
    beta = await seeder.side("beta", {Role.OWNER: "Charlie"})
    made_up = portal.api_client(add_checksum("lpk_00000000_" + "A" * 43))
    for rest in ("", "/payments", f"/payments/{beta.ids['payment_id']}"):
        foreign, unknown = [await one.request("GET", _path(beta, rest)) for one in (program, made_up)]
        assert (foreign.status, foreign.json()["code"]) == (401, "api_key_invalid")
        assert (foreign.body, foreign.headers) == (unknown.body, unknown.headers)
    for path in ("/api/v1/auth/me", "/api/v1/tenants", "/api/v1/permissions"):
        assert (await program.request("GET", path)).status == 401
    charlie = portal.browser(beta.owner.token)
    for method, rest in (("POST", "/rotate"), ("DELETE", "")):
        body = {"overlap_hours": 0} if rest else None
        path = _path(beta, f"/api-keys/{shown['key']['id']}{rest}")
        assert (await charlie.request(method, path, json=body)).status == 404
    assert (await program.request("GET", _path(alpha))).status == 200


async def test_a_key_with_any_character_changed_is_refused_b17(portal: Portal, alpha: Side):
    shown, _ = await make_key(portal, alpha)
    secret = shown["secret"]
    for at in range(len(secret)):
        changed = secret[:at] + ("B" if secret[at] == "A" else "A") + secret[at + 1 :]
        assert (await portal.api_client(changed).request("GET", _path(alpha))).status == 401, at


async def test_a_badly_copied_key_is_told_from_a_session_that_is_over(portal: Portal, alpha: Side):
    shown, _ = await make_key(portal, alpha)
    secret = shown["secret"]
    for sent in (
        "",
        "lpk_",
        "lpk_...",
        "lpk_a.b.c",
        "$KEY",
        secret[:-1],
        secret[4:],
        f"Bearer {secret}",
        secret * 2,
        "x" * 9_000,
    ):
        answer = await portal.api_client(sent).request("GET", _path(alpha))
        assert (answer.status, answer.json()["code"]) == (401, "api_key_invalid"), sent
    for sent in (None, "e30.e30.c2ln"):
        client = portal.browser() if sent is None else portal.api_client(sent)
        answer = await client.request("GET", _path(alpha))
        assert (answer.status, answer.json()["code"]) == (401, "not_signed_in"), sent


async def test_a_revoked_key_opens_nothing_from_that_moment_b17(portal: Portal, alpha: Side):
    shown, program = await make_key(portal, alpha)
    owner = portal.browser(alpha.owner.token)
    assert (await owner.request("DELETE", _path(alpha, f"/api-keys/{shown['key']['id']}"))).status == 204
    assert (await program.request("GET", _path(alpha))).json()["code"] == "api_key_invalid"
    listed = (await owner.request("GET", _path(alpha, "/api-keys"))).json()["items"]
    assert shown["key"]["id"] not in [key["id"] for key in listed]


async def test_a_key_ends_when_it_was_said_to_b17(portal: Portal, alpha: Side):
    end = portal.clock.now() + timedelta(days=1)
    _, program = await make_key(portal, alpha, expires_at=end.isoformat())
    portal.clock.set(end - timedelta(seconds=1))
    assert (await program.request("GET", _path(alpha))).status == 200
    portal.clock.set(end)
    assert (await program.request("GET", _path(alpha))).status == 401


async def test_after_a_rotation_both_secrets_work_for_a_while_and_then_the_new_one(portal: Portal, alpha: Side):
    shown, old = await make_key(portal, alpha)
    path = _path(alpha, f"/api-keys/{shown['key']['id']}/rotate")
    owner = portal.browser(alpha.owner.token)
    rotated = (await owner.request("POST", path, json={"overlap_hours": 2})).json()
    new = portal.api_client(rotated["secret"])
    assert [(await one.request("GET", _path(alpha))).status for one in (old, new)] == [200, 200]
    portal.clock.set(portal.clock.now() + timedelta(hours=2))
    assert [(await one.request("GET", _path(alpha))).status for one in (old, new)] == [401, 200]


async def test_the_secret_is_shown_once_and_stored_nowhere_b17(portal: Portal, alpha: Side, database: Database):
    shown, _ = await make_key(portal, alpha)
    secret = shown["secret"]
    assert secret.startswith(shown["key"]["prefix"] + "_")
    listed = await portal.browser(alpha.owner.token).request("GET", _path(alpha, "/api-keys"))
    assert secret.encode() not in listed.body
    async with database.tenant(alpha.tenant_id) as session:
        for table in ("api_keys", "audit_events", "idempotent_requests", "jobs"):
            rows = await session.execute(text(f"SELECT t::text FROM {table} t"))
            assert not [row for (row,) in rows if secret.partition("_")[2][9:] in row], table


async def test_keys_are_made_by_an_owner_who_has_just_proved_it(portal: Portal, alpha: Side):
    body = {"name": "Mine", "scopes": ["payments:read"]}
    for role in set(Role) - {Role.OWNER}:
        answer = await portal.browser(alpha.people[role].token).request("POST", _path(alpha, "/api-keys"), json=body)
        assert answer.json()["code"] == "role_not_allowed"
    portal.clock.set(portal.clock.now() + timedelta(minutes=11))
    answer = await portal.browser(alpha.owner.token).request("POST", _path(alpha, "/api-keys"), json=body)
    assert answer.json()["code"] == "reauth_required"


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"scopes": ["payments:read", "payments:steal"]}, "scope_unknown"),
        ({"scopes": ["api_keys:write"]}, "scope_unknown"),
        ({"expires_at": "2001-01-01T00:00:00Z"}, "api_key_end_invalid"),
        ({"scopes": []}, "invalid_input"),
    ],
)
async def test_a_key_that_makes_no_sense_is_refused(values: dict[str, Any], code: str, portal: Portal, alpha: Side):
    body = {"name": "Mine", "scopes": ["payments:read"], **values}
    answer = await portal.browser(alpha.owner.token).request("POST", _path(alpha, "/api-keys"), json=body)
    assert (answer.status, answer.json()["code"]) == (422, code)


async def test_what_a_key_does_is_told_by_its_name_and_its_use_to_the_hour(
    portal: Portal, alpha: Side, database: Database
):
    shown, program = await make_key(portal, alpha, "users:write")
    changed = await program.request("PUT", _path(alpha, f"/users/{alpha.ids['user_id']}/note"), json={"note": "Hi"})
    assert changed.status < 300, changed.body
    async with database.tenant(alpha.tenant_id) as session:
        key = (await session.execute(select(ApiKey).where(ApiKey.prefix == shown["key"]["prefix"]))).scalar_one()
        kinds = select(AuditEvent.action).where(AuditEvent.actor_kind == "api_key", AuditEvent.actor_id == key.id)
        assert (await session.execute(kinds)).scalars().first() is not None
    assert key.last_used_at == portal.clock.now().replace(minute=0, second=0, microsecond=0)
    found = await portal.browser(alpha.owner.token).request(
        "GET", _path(alpha, "/audit-events"), query={"actor_kind": "api_key"}
    )
    assert found.json()["items"][0]["actor"]["name"] == "Bookkeeping"


async def test_each_answer_says_what_is_left_and_one_call_too_many_when_to_come_back(portal: Portal, alpha: Side):
    shown, program = await make_key(portal, alpha, "tenants:read")
    first = await program.request("GET", _path(alpha))
    refused = await program.request("GET", _path(alpha, "/payments"))
    limit = CALLS.amount
    assert (first.header("ratelimit-limit"), first.header("ratelimit-remaining")) == (str(limit), str(limit - 1))
    assert first.header("ratelimit-policy") == f"{limit};w=60"
    assert (refused.status, refused.header("ratelimit-remaining")) == (403, str(limit - 2))
    for _ in range(limit):
        await portal.app.services.attempts.spend(CALLS, "api_key", shown["key"]["id"])
    stopped = await program.request("GET", _path(alpha))
    assert (stopped.status, stopped.json()["code"]) == (429, "too_many_calls")
    assert stopped.header("ratelimit-remaining") == "0"
    assert 1 <= int(stopped.header("retry-after") or 0) <= 60
    # Another key of the same tenant goes on.
    _, other = await make_key(portal, alpha, "tenants:read")
    assert (await other.request("GET", _path(alpha))).status == 200


async def test_a_suspended_tenants_program_reads_and_changes_nothing(portal: Portal, alpha: Side, database: Database):
    _, program = await make_key(portal, alpha)
    async with database.tenant(alpha.tenant_id) as session:
        (await session.get_one(Tenant, alpha.tenant_id)).status = TenantStatus.SUSPENDED
    assert (await program.request("GET", _path(alpha, "/payments"))).status == 200
    path = _path(alpha, f"/users/{alpha.ids['user_id']}/note")
    assert (await program.request("PUT", path, json={"note": "Hi"})).json()["code"] == "tenant_suspended"
