"""Sessions: how long they live, who ends them, and what does not pass for one (faults B3-B6, B15)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from lumenpay.kit.crypto import KeyRing, hash_token
from tests.isolation.cast import PASSWORD, Person, Seeder, Side
from tests.support.asgi import Answer, AsgiClient
from tests.support.portal import Portal

AUTH = "/api/v1/auth"


async def _sign_up(portal: Portal, **values: Any) -> Answer:
    person = {"email": f"{uuid4()}@example.com", "password": PASSWORD, "name": "Dora", **values}
    return await portal.browser().request("POST", f"{AUTH}/sign-up", json=person)


async def _log_in(portal: Portal, email: str, password: str) -> Answer:
    return await portal.browser().request("POST", f"{AUTH}/log-in", json={"email": email, "password": password})


async def _is_in(client: AsgiClient) -> bool:
    answer = await client.request("GET", f"{AUTH}/me")
    assert answer.status in (200, 401)
    return answer.status == 200


@pytest.fixture
async def alice(seeder: Seeder) -> Person:
    return await seeder.person("Alice")


async def test_who_signs_up_is_logged_in_by_a_cookie_that_scripts_cannot_read(portal: Portal, seeder: Seeder) -> None:
    answer = await portal.sign_up(" Dora.Dee@Example.COM ", password=PASSWORD)
    assert (answer.status, answer.json()["admin"]["email"]) == (200, "dora.dee@example.com")
    assert PASSWORD.encode() not in answer.body
    cookie = (answer.header("set-cookie") or "").lower()
    assert {"httponly", "samesite=lax", "path=/"} <= {part.strip() for part in cookie.split(";")}
    assert "domain=" not in cookie
    assert await _is_in(portal.browser(answer.cookie("lp_session")))
    again = await _log_in(portal, "DORA.dee@example.com", PASSWORD)
    assert again.status == 200
    assert again.cookie("lp_session") != answer.cookie("lp_session")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"password": "short"}, "password"),
        ({"password": "a" * 40}, "password"),
        ({"password": "x" * 257}, "password"),
        ({"email": "nobody"}, "email"),
        ({"email": "a@b@example.com"}, "email"),
        ({"email": ""}, "email"),
        ({"name": "  "}, "name"),
        ({"name": "x" * 129}, "name"),
        ({"locale": "xx"}, "locale"),
        ({"is_staff": True}, "is_staff"),
    ],
)
async def test_an_account_that_makes_no_sense_is_refused_by_field(
    portal: Portal, seeder: Seeder, values: dict[str, Any], field: str
) -> None:
    answer = await _sign_up(portal, **values)
    assert (answer.status, list(answer.json()["fields"])) == (422, [field])
    assert answer.header("set-cookie") is None


async def test_logging_out_ends_the_session_and_its_tokens_at_once(portal: Portal, alice: Person) -> None:
    browser = portal.browser(alice.token)
    issued = (await browser.request("POST", f"{AUTH}/token")).json()
    program = portal.api_client(issued["access_token"])
    other = portal.browser((await _log_in(portal, alice.email, PASSWORD)).cookie("lp_session"))
    assert await _is_in(program)
    answer = await browser.request("POST", f"{AUTH}/log-out")
    assert (answer.status, answer.cookie("lp_session")) == (204, "")
    assert not await _is_in(browser)
    assert not await _is_in(program)
    assert await _is_in(other)


async def test_a_session_ends_after_twelve_idle_hours(portal: Portal, alice: Person) -> None:
    browser = portal.browser(alice.token)
    portal.clock.advance(hours=11, minutes=59)
    assert await _is_in(browser)
    portal.clock.advance(hours=11, minutes=59)
    assert await _is_in(browser)
    portal.clock.advance(hours=12)
    assert not await _is_in(browser)


async def test_a_session_ends_after_fourteen_days_however_busy(portal: Portal, alice: Person) -> None:
    browser = portal.browser(alice.token)
    for _ in range(14 * 24 // 11):
        portal.clock.advance(hours=11)
        assert await _is_in(browser)
    portal.clock.advance(hours=10)
    assert not await _is_in(browser)
    assert (await browser.request("GET", f"{AUTH}/sessions")).status == 401


async def test_a_person_sees_and_ends_their_own_sessions_only(portal: Portal, alice: Person, seeder: Seeder) -> None:
    charlie = await seeder.person("Charlie")
    browser = portal.browser(alice.token)
    second = (await _log_in(portal, alice.email, PASSWORD)).cookie("lp_session")
    listed = (await browser.request("GET", f"{AUTH}/sessions")).json()
    assert len(listed) == 2
    assert [item["id"] for item in listed if item["is_current"]] == [str(alice.session_id)]
    assert (await browser.request("DELETE", f"{AUTH}/sessions/{charlie.session_id}")).status == 404
    assert await _is_in(portal.browser(charlie.token))
    ended = next(item["id"] for item in listed if not item["is_current"])
    assert (await browser.request("DELETE", f"{AUTH}/sessions/{ended}")).status == 204
    assert not await _is_in(portal.browser(second))
    assert await _is_in(browser)


async def test_a_stolen_database_opens_no_session(portal: Portal, alice: Person, superuser_url: str) -> None:
    connection = await asyncpg.connect(superuser_url)
    rows = await connection.fetch("SELECT token_hash, s::text AS everything FROM admin_sessions s")
    await connection.close()
    assert [bytes(row["token_hash"]) for row in rows] == [hash_token(alice.token)]
    assert alice.token not in rows[0]["everything"]
    for guess in (rows[0]["token_hash"].hex(), str(alice.session_id)):
        assert not await _is_in(portal.browser(guess))
        assert not await _is_in(portal.api_client(guess))


async def test_a_disabled_person_is_out_at_once(portal: Portal, alice: Person, superuser_url: str) -> None:
    assert await _is_in(portal.browser(alice.token))
    connection = await asyncpg.connect(superuser_url)
    await connection.execute("UPDATE admins SET disabled_at = now() WHERE id = $1", alice.admin_id)
    await connection.close()
    assert not await _is_in(portal.browser(alice.token))
    assert (await _log_in(portal, alice.email, PASSWORD)).status == 401


async def test_a_person_taken_out_of_a_tenant_keeps_nothing_of_it(
    portal: Portal, alpha: Side, superuser_url: str
) -> None:
    browser, path = portal.browser(alpha.owner.token), f"/api/v1/tenants/{alpha.tenant_id}/bots"
    assert (await browser.request("GET", path)).status == 200
    connection = await asyncpg.connect(superuser_url)
    await connection.execute("DELETE FROM tenant_members WHERE admin_id = $1", alpha.owner.admin_id)
    await connection.close()
    assert (await browser.request("GET", path)).status == 404
    assert (await browser.request("GET", "/api/v1/tenants")).json()["items"] == []


async def test_a_bearer_token_of_another_make_is_refused(portal: Portal, alice: Person, ring: KeyRing) -> None:
    now = portal.clock.now()
    key, foreign_key = OctKey.import_key(ring.signing_keys[0]), OctKey.import_key(b"k" * 32)
    claims = {"sid": str(alice.session_id), "aud": "lumenpay-api", "exp": int((now + timedelta(minutes=5)).timestamp())}

    def made(key: OctKey = key, algorithm: str = "HS256", head: dict[str, Any] | None = None, **values: Any) -> str:
        wanted = {name: value for name, value in {**claims, **values}.items() if value is not None}
        return jwt.encode({"alg": algorithm, **(head or {})}, wanted, key, algorithms=[algorithm])

    assert await _is_in(portal.api_client(made()))
    head, body, _ = made().split(".")
    for forged in (
        made(foreign_key), made(algorithm="HS512"), made(aud="another"), made(aud=None), made(exp=None), made(sid=None),
        made(sid=str(uuid4())), made(sid=7), made(exp="later"), f"{head}.{body}.", f"{head}.{body}",
        f"eyJhbGciOiJub25lIn0.{body}.", "a.b.c", "...", "x" * 5000, made(sid="x" * 3000),
    ):  # fmt: skip
        assert not await _is_in(portal.api_client(forged)), forged
