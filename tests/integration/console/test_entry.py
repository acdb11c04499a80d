"""The way of staff into the console: by a second factor, shown in this very session."""

from __future__ import annotations

from tests.isolation.cast import PASSWORD
from tests.isolation.preparations import code_of, turn_on_second_factor
from tests.support.asgi import AsgiClient
from tests.support.portal import Portal
from tests.support.staff import MakeStaff

AUTH = "/api/v1/auth"


async def _console(client: AsgiClient) -> tuple[int, bool]:
    """Return what the console answers, and whether the session says that it has shown a second factor."""
    answer = await client.request("GET", "/api/v1/staff/tenants")
    if answer.status != 200:
        assert answer.json()["code"] == "mfa_required"
    return answer.status, (await client.request("GET", f"{AUTH}/me")).json()["has_second_factor"]


async def test_the_console_opens_by_a_code_and_closes_with_the_second_factor_b8(
    portal: Portal, make_staff: MakeStaff
) -> None:
    sam = await make_staff("Sam", has_second_factor=False)
    at_first = portal.browser(sam.token)
    assert await _console(at_first) == (403, False)
    totp, _, renewed = await turn_on_second_factor(at_first, portal)
    assert await _console(portal.browser(renewed)) == (200, True)

    begun = await portal.browser().request("POST", f"{AUTH}/log-in", json={"email": sam.email, "password": PASSWORD})
    assert begun.json()["status"] == "second_factor_needed"
    second = portal.browser(cookies={"lp_challenge": begun.cookie("lp_challenge") or ""})
    code = code_of(totp, portal, steps=1)
    entered = await second.request("POST", f"{AUTH}/log-in/second-factor", json={"code": code})
    again = portal.browser(entered.cookie("lp_session"))
    assert await _console(again) == (200, True)

    gone = await again.request("POST", f"{AUTH}/second-factor/turn-off")
    assert gone.status == 204
    assert await _console(portal.browser(gone.cookie("lp_session"))) == (403, False)
