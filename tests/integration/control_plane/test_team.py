"""People of a tenant: invitations, roles, leaving; there is always an owner (faults B6, B18)."""

from __future__ import annotations

import asyncio

import pytest

from control_plane.permissions import ALLOWED, NEEDS_PROOF
from lumenpay.models.tenants import Role
from tests.integration.control_plane.conftest import PASSWORD
from tests.integration.control_plane.test_permissions import send_operation
from tests.isolation.cast import Person, Side
from tests.support.portal import Portal


def _path(side: Side, rest: str = "") -> str:
    return f"/api/v1/tenants/{side.tenant_id}{rest}"


async def _invite(portal: Portal, side: Side, email: str, role: str = "support") -> dict[str, str]:
    browser = portal.browser(side.owner.token)
    made = await browser.request("POST", _path(side, "/invitations"), json={"email": email, "role": role})
    assert made.status == 201, made.body
    return {"id": made.json()["id"], "token": await portal.mailed_token(email)}


async def _role(portal: Portal, side: Side, person: Person) -> str | None:
    answer = await portal.browser(person.token).request("GET", _path(side))
    return answer.json()["role"] if answer.status == 200 else None


async def test_the_published_matrix_is_the_table(portal: Portal, alpha: Side):
    found = (await portal.browser(alpha.people[Role.ANALYST].token).request("GET", "/api/v1/permissions")).json()
    assert {row["operation"]: {Role(role) for role in row["roles"]} for row in found} == ALLOWED
    assert {row["operation"] for row in found if row["needs_proof"]} == NEEDS_PROOF


async def test_a_member_taken_out_has_no_operation_left_b6(portal: Portal, alpha: Side):
    bob, owner = alpha.people[Role.SUPPORT], portal.browser(alpha.owner.token)
    assert (await owner.request("DELETE", _path(alpha, f"/members/{bob.admin_id}"))).status == 204
    assert (await portal.browser(bob.token).request("GET", "/api/v1/auth/me")).status == 401
    again = await portal.browser().request(
        "POST", "/api/v1/auth/log-in", json={"email": bob.email, "password": "a long enough passphrase"}
    )
    browser = portal.browser(again.cookie("lp_session"))
    assert (await browser.request("GET", "/api/v1/tenants")).json()["items"] == []
    for name in ALLOWED:
        answer = await send_operation(portal, browser, alpha, name)
        assert (answer.status, answer.json()["code"]) == (404, "tenant_not_found"), name


async def test_another_role_ends_the_sessions_of_the_old_one_b4(portal: Portal, alpha: Side):
    mary = alpha.people[Role.MANAGER]
    changed = await portal.browser(alpha.owner.token).request(
        "PUT", _path(alpha, f"/members/{mary.admin_id}"), json={"role": "analyst"}
    )
    assert changed.json()["role"] == "analyst"
    assert (await portal.browser(mary.token).request("GET", "/api/v1/auth/me")).status == 401


async def test_the_last_owner_stays_whatever_is_tried_b18(portal: Portal, alpha: Side):
    owner, own = portal.browser(alpha.owner.token), _path(alpha, f"/members/{alpha.owner.admin_id}")
    for method, path, body in (
        ("DELETE", own, None), ("PUT", own, {"role": "manager"}), ("POST", _path(alpha, "/leave"), None),
    ):  # fmt: skip
        answer = await owner.request(method, path, json=body)
        assert (answer.status, answer.json()["code"]) == (409, "last_owner")
    assert await _role(portal, alpha, alpha.owner) == "owner"


async def test_two_owners_who_take_one_another_out_at_once_leave_one_b18(portal: Portal, alpha: Side):
    mary = alpha.people[Role.MANAGER]
    made = await portal.browser(alpha.owner.token).request(
        "PUT", _path(alpha, f"/members/{mary.admin_id}"), json={"role": "owner"}
    )
    assert made.status == 200
    entered = await portal.browser().request(
        "POST", "/api/v1/auth/log-in", json={"email": mary.email, "password": "a long enough passphrase"}
    )
    browsers = portal.browser(alpha.owner.token), portal.browser(entered.cookie("lp_session"))
    answers = await asyncio.gather(*(browser.request("POST", _path(alpha, "/leave")) for browser in browsers))
    assert sorted(answer.status for answer in answers) == [204, 409]


@pytest.mark.parametrize("role", [Role.MANAGER, Role.SUPPORT, Role.ANALYST])
async def test_nobody_but_an_owner_makes_an_owner_b18(portal: Portal, alpha: Side, role: Role):
    person = alpha.people[role]
    browser = portal.browser(person.token)
    promoted = await browser.request("PUT", _path(alpha, f"/members/{person.admin_id}"), json={"role": "owner"})
    invited = await browser.request(
        "POST", _path(alpha, "/invitations"), json={"email": "me@example.org", "role": "owner"}
    )
    assert {answer.json()["code"] for answer in (promoted, invited)} == {"role_not_allowed"}
    assert await _role(portal, alpha, person) == role


async def test_an_invitation_is_accepted_once_by_whoever_is_first_b18(portal: Portal, alpha: Side):
    token = (await _invite(portal, alpha, "new@example.org"))["token"]
    people = [await portal.sign_up() for _ in range(3)]
    browsers = [portal.browser(person.cookie("lp_session")) for person in people]
    accept = "/api/v1/invitations/accept"
    answers = await asyncio.gather(*(item.request("POST", accept, json={"token": token}) for item in browsers))
    assert sorted(answer.status for answer in answers) == [200, 422, 422]
    assert {answer.json()["code"] for answer in answers if answer.status == 422} == {"invitation_invalid"}
    joined = next(answer for answer in answers if answer.status == 200)
    assert (joined.json()["role"], joined.json()["id"]) == ("support", str(alpha.tenant_id))


async def test_a_new_person_joins_with_the_letter_alone(portal: Portal, alpha: Side):
    token = (await _invite(portal, alpha, "new@example.org", "analyst"))["token"]
    shown = await portal.browser().request("POST", "/api/v1/invitations/look", json={"token": token})
    assert shown.json() == {
        "tenant_name": "alpha tenant", "inviter_name": "alphaAlice", "email": "new@example.org", "role": "analyst",
        "has_account": False,
    }  # fmt: skip
    body = {"token": token, "password": PASSWORD, "name": "Nina"}
    entered = await portal.browser().request("POST", "/api/v1/invitations/accept-as-new", json=body)
    browser = portal.browser(entered.cookie("lp_session"))
    assert (await browser.request("GET", _path(alpha))).json()["role"] == "analyst"
    again = await portal.browser().request("POST", "/api/v1/invitations/accept-as-new", json=body)
    assert again.json()["code"] == "invitation_invalid"


async def test_an_invitation_ends_by_time_by_hand_and_by_a_newer_one(portal: Portal, alpha: Side):
    owner, look = portal.browser(alpha.owner.token), "/api/v1/invitations/look"

    async def state(token: str) -> int:
        return (await portal.browser().request("POST", look, json={"token": token})).status

    first = await _invite(portal, alpha, "a@example.org")
    second = await _invite(portal, alpha, "a@example.org")
    assert [await state(item["token"]) for item in (first, second)] == [422, 200]
    assert (await owner.request("DELETE", _path(alpha, f"/invitations/{second['id']}"))).status == 204
    assert await state(second["token"]) == 422
    third = await _invite(portal, alpha, "b@example.org")
    assert (await owner.request("POST", _path(alpha, f"/invitations/{third['id']}/resend"))).status == 204
    newest = await portal.mailed_token("b@example.org")
    assert [await state(token) for token in (third["token"], newest)] == [422, 200]
    portal.clock.advance(days=8)
    assert await state(newest) == 422
    for made_up in ("x", "x.y", f"{alpha.tenant_id.hex}.{'A' * 43}", f"{'0' * 32}.{'A' * 43}"):
        assert await state(made_up) == 422


async def test_who_works_here_is_not_invited_again(portal: Portal, alpha: Side):
    body = {"email": alpha.people[Role.SUPPORT].email, "role": "manager"}
    answer = await portal.browser(alpha.owner.token).request("POST", _path(alpha, "/invitations"), json=body)
    assert (answer.status, answer.json()["code"]) == (409, "member_already")
