"""Who may do what: every operation stands in the table, and the table is what happens (fault B18)."""

from __future__ import annotations

import pytest

from control_plane.permissions import ALLOWED, is_allowed
from lumenpay.models.tenants import Role
from tests.isolation.cast import Side
from tests.isolation.operations import list_operations
from tests.isolation.requests import BODIES, PATH_VALUES
from tests.support.asgi import Answer, AsgiClient
from tests.support.portal import Portal

OPERATIONS = {name: operation for name, operation in list_operations().items() if not operation.is_of_staff}
PUBLIC = {
    "auth-sign_up", "auth-resend_sign_up", "auth-verify_email", "auth-log_in", "auth-finish_log_in",
    "auth-forget_password", "auth-look_at_link", "auth-reset_password", "auth-confirm_email", "auth-list_providers",
    "auth-begin_provider_log_in", "auth-finish_provider", "invitations-look", "invitations-accept_as_new",
    "health-health", "health-ready",
}  # fmt: skip


async def send_operation(portal: Portal, client: AsgiClient, side: Side, name: str) -> Answer:
    operation = OPERATIONS[name]
    values = {part: PATH_VALUES.get(part) or side.ids[part] for part in operation.path_names}
    body = BODIES[name](portal, side) if operation.has_body else None
    return await client.request(operation.method, operation.path.format(**values), json=body)


def test_every_operation_inside_a_tenant_stands_in_the_table() -> None:
    assert {name for name, operation in OPERATIONS.items() if operation.is_in_tenant} == ALLOWED.keys()


def test_an_operation_that_nobody_thought_of_is_allowed_to_nobody() -> None:
    assert not any(is_allowed("plans-give_away", role) for role in Role)


@pytest.mark.parametrize("role", Role)
async def test_what_a_role_does_not_include_is_refused_and_the_rest_is_not(
    role: Role, portal: Portal, alpha: Side
) -> None:
    client = portal.browser(alpha.people[role].token)
    refused = set()
    # A tenant is closed by the name that it had, a closing one is not changed, and who has left is told nothing more.
    last = ("tenants-close", "tenants-change", "tenants-leave")
    for name in (*sorted(ALLOWED.keys() - set(last)), *last):
        answer = await send_operation(portal, client, alpha, name)
        if answer.status == 403:
            assert answer.json()["code"] == "role_not_allowed"
            refused.add(name)
        else:
            # Earlier requests changed things, so not each succeeds; that each can is shown by the walk over all ids.
            assert answer.status < 300 or answer.status in (404, 409), (name, answer.body)
    assert refused == {name for name in ALLOWED if role not in ALLOWED[name]}


async def test_without_a_session_there_is_only_the_way_in(portal: Portal, alpha: Side) -> None:
    for name in OPERATIONS.keys() - PUBLIC:
        for client in (portal.browser(), portal.browser("A" * 43), portal.api_client("A.B.C")):
            answer = await send_operation(portal, client, alpha, name)
            assert (answer.status, answer.json()["code"]) == (401, "not_signed_in"), name


async def test_a_person_without_a_role_cannot_tell_the_tenant_from_none(portal: Portal, alpha: Side) -> None:
    stranger = await portal.sign_up()
    client = portal.browser(stranger.cookie("lp_session"))
    for name in ALLOWED:
        assert (await send_operation(portal, client, alpha, name)).json()["code"] == "tenant_not_found", name
