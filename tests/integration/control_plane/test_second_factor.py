"""The authenticator, recovery codes, fresh proofs and renewed sessions (faults B3, B4, B7, B10, B11)."""

from __future__ import annotations

import asyncio

import asyncpg

from tests.integration.control_plane.conftest import PASSWORD, Owner
from tests.isolation.preparations import code_of, turn_on_second_factor
from tests.support.asgi import Answer, AsgiClient
from tests.support.portal import ORIGIN, Portal

AUTH = "/api/v1/auth"
LOGIN = {"email": "alice@example.org", "password": PASSWORD}


async def _first_step(portal: Portal) -> AsgiClient:
    answer = await portal.browser().request("POST", f"{AUTH}/log-in", json=LOGIN)
    assert (answer.json()["status"], answer.cookie("lp_session")) == ("second_factor_needed", None)
    return portal.browser(cookies={"lp_challenge": answer.cookie("lp_challenge") or ""})


async def _second_step(browser: AsgiClient, code: str) -> Answer:
    return await browser.request("POST", f"{AUTH}/log-in/second-factor", json={"code": code})


async def _is_in(portal: Portal, token: str | None) -> bool:
    return (await portal.browser(token).request("GET", f"{AUTH}/me")).status == 200


async def test_a_code_counts_once_however_many_send_it_b7(portal: Portal, owner: Owner):
    totp, _, _ = await turn_on_second_factor(owner.browser, portal)
    challenges = [await _first_step(portal) for _ in range(4)]
    code = code_of(totp, portal, steps=1)
    answers = await asyncio.gather(*(_second_step(browser, code) for browser in [*challenges, *challenges]))
    assert sorted(answer.status for answer in answers).count(200) == 1
    used = await _second_step(await _first_step(portal), code)
    assert (used.status, used.json()["code"]) == (422, "code_invalid")


async def test_the_code_of_a_neighbouring_step_counts_and_no_other_b7(portal: Portal, owner: Owner):
    totp, _, _ = await turn_on_second_factor(owner.browser, portal)
    portal.clock.advance(minutes=5)
    browser = await _first_step(portal)
    for steps in (-2, 2):
        assert (await _second_step(browser, code_of(totp, portal, steps=steps))).status == 422
    assert (await _second_step(browser, code_of(totp, portal, steps=-1))).status == 200


async def test_five_wrong_codes_end_a_login_b7(portal: Portal, owner: Owner):
    totp, _, _ = await turn_on_second_factor(owner.browser, portal)
    browser = await _first_step(portal)
    wrong = "000000" if code_of(totp, portal, steps=1) != "000000" else "111111"
    for _ in range(5):
        assert (await _second_step(browser, wrong)).json()["code"] == "code_invalid"
    over = await _second_step(browser, code_of(totp, portal, steps=1))
    assert (over.status, over.json()["code"]) == (401, "login_expired")


async def test_a_recovery_code_lets_in_once_and_its_owner_is_told_b10(portal: Portal, owner: Owner, superuser_url: str):
    _, codes, token = await turn_on_second_factor(owner.browser, portal)
    assert len(set(codes)) == 10
    entered = await _second_step(await _first_step(portal), codes[0].upper())
    assert entered.status == 200
    assert (await _second_step(await _first_step(portal), codes[0])).json()["code"] == "code_invalid"
    told = next(letter for letter in await portal.letters(LOGIN["email"]) if "резервный код" in letter["subject"])
    assert [link.removeprefix(ORIGIN) for link in told["links"]] == ["/account/security"]
    state = await portal.browser(token).request("GET", f"{AUTH}/second-factor")
    assert state.json() == {"is_on": True, "recovery_codes_left": 9}
    connection = await asyncpg.connect(superuser_url)
    stored = await connection.fetchval("SELECT string_agg(c::text, '') FROM recovery_codes c")
    sealed = await connection.fetchval("SELECT secret_sealed FROM admin_totp")
    await connection.close()
    assert not [code for code in codes if code in stored or code.replace("-", "") in stored]
    assert sealed.startswith("gAAAA")


async def test_turning_the_second_factor_on_ends_other_sessions_b4(portal: Portal, owner: Owner):
    other = (await portal.browser().request("POST", f"{AUTH}/log-in", json=LOGIN)).cookie("lp_session")
    _, _, token = await turn_on_second_factor(owner.browser, portal)
    assert not await _is_in(portal, other)
    assert not await _is_in(portal, owner.token)
    assert await _is_in(portal, token)


async def test_a_session_changes_its_token_at_login_and_at_each_proof_b3(portal: Portal, owner: Owner):
    again = await owner.browser.request("POST", f"{AUTH}/log-in", json=LOGIN)
    first = again.cookie("lp_session")
    assert first not in (None, owner.token)
    assert not await _is_in(portal, owner.token)
    proved = await portal.browser(first).request("POST", f"{AUTH}/prove", json={"password": PASSWORD})
    assert proved.status == 204
    assert proved.cookie("lp_session") not in (None, first)
    assert not await _is_in(portal, first)
    assert await _is_in(portal, proved.cookie("lp_session"))


async def test_a_dangerous_change_needs_a_proof_of_the_last_ten_minutes_b11(portal: Portal, owner: Owner):
    invite = {"email": "new@example.org", "role": "support"}
    portal.clock.advance(minutes=11)
    requests = (
        ("POST", f"{AUTH}/password", {"password": "entirely different horse"}),
        ("POST", f"{AUTH}/email", {"email": "new@example.org"}),
        ("POST", f"{AUTH}/second-factor", None),
        ("POST", f"{AUTH}/providers/google/link", None),
        ("POST", owner.path("/invitations"), invite),
        ("PUT", owner.path(f"/members/{owner.tenant_id}"), {"role": "support"}),
        ("POST", owner.path(f"/payments/{owner.tenant_id}/refunds"), {"access": "keep", "idempotence_key": "12345678"}),
    )
    for method, path, body in requests:
        answer = await owner.browser.request(method, path, json=body)
        assert (answer.status, answer.json()["code"]) == (403, "reauth_required"), path
    wrong = await owner.browser.request("POST", f"{AUTH}/prove", json={"password": "not the password"})
    assert (wrong.status, wrong.json()["fields"]) == (401, {"password": "wrong"})
    proved = await owner.browser.request("POST", f"{AUTH}/prove", json={"password": PASSWORD})
    browser = portal.browser(proved.cookie("lp_session"))
    assert (await browser.request("POST", owner.path("/invitations"), json=invite)).status == 201


async def test_with_a_second_factor_the_password_alone_proves_nothing(portal: Portal, owner: Owner):
    totp, _, token = await turn_on_second_factor(owner.browser, portal)
    browser = portal.browser(token)
    assert (await browser.request("POST", f"{AUTH}/prove", json={"password": PASSWORD})).status == 422
    code = {"code": code_of(totp, portal, steps=1)}
    assert (await browser.request("POST", f"{AUTH}/prove", json=code)).status == 204
