"""Accounts: sign-up, login, sessions that end at once, tokens for API clients."""

from __future__ import annotations

import pytest

from tests.integration.control_plane.conftest import COOKIE, PASSWORD, Owner
from tests.support.portal import Portal

LOGIN = {"email": "alice@example.org", "password": PASSWORD}


async def test_the_same_person_logs_in_with_any_spelling_of_the_address(portal: Portal, owner: Owner):
    answer = await portal.browser().request("POST", "/api/v1/auth/log-in", json={**LOGIN, "email": "ALICE@example.ORG"})
    assert answer.status == 200
    assert answer.json()["admin"]["email"] == "alice@example.org"
    cookie = answer.header("set-cookie") or ""
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie


async def test_a_wrong_password_and_an_unknown_account_answer_the_same(portal: Portal, owner: Owner):
    answers = [
        await portal.browser().request("POST", "/api/v1/auth/log-in", json={**LOGIN, **change})
        for change in ({"password": "wrong horse battery"}, {"email": "nobody@example.org"}, {"email": "no address"})
    ]
    assert {answer.status for answer in answers} == {401}
    assert len({answer.body for answer in answers}) == 1


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("short", "password_too_short"),
        ("aaaaaaaaaaaa", "password_predictable"),
        ("bob@example.org", "password_like_account"),
        ("qwertyuiop123", "password_common"),
        ("password2024!", "password_common"),
    ],
)
async def test_a_guessable_password_is_refused_with_what_is_wrong_with_it(database, portal: Portal, password, fault):
    account = {"email": "bob@example.org", "password": password, "name": "Bob"}
    answer = await portal.browser().request("POST", "/api/v1/auth/sign-up", json=account)
    assert (answer.status, answer.json()["fields"]) == (422, {"password": fault})


async def test_a_language_is_changed_without_the_name_and_every_login_tells_it(portal: Portal, owner: Owner):
    before = (await owner.browser.request("GET", "/api/v1/auth/me")).json()
    changed = await owner.browser.request("PUT", "/api/v1/auth/me", json={"locale": "en"})
    assert (changed.status, changed.json()["locale"], changed.json()["name"]) == (200, "en", before["name"])
    entered = await portal.browser().request("POST", "/api/v1/auth/log-in", json=LOGIN)
    assert entered.json()["admin"]["locale"] == "en"


async def test_logging_out_ends_the_session_at_once_b4(portal: Portal, owner: Owner):
    assert (await owner.browser.request("POST", "/api/v1/auth/log-out")).status == 204
    assert (await owner.browser.request("GET", "/api/v1/auth/me")).status == 401


async def test_ending_a_session_ends_its_bearer_token_too_b4_b17(portal: Portal, owner: Owner):
    bearer = (await owner.browser.request("POST", "/api/v1/auth/token")).json()["access_token"]
    client = portal.api_client(bearer)
    assert (await client.request("GET", "/api/v1/auth/me")).status == 200
    sessions = (await owner.browser.request("GET", "/api/v1/auth/sessions")).json()
    current = next(item["id"] for item in sessions if item["is_current"])
    assert (await owner.browser.request("DELETE", f"/api/v1/auth/sessions/{current}")).status == 204
    assert (await client.request("GET", "/api/v1/auth/me")).status == 401


async def test_a_bearer_token_runs_out_after_a_quarter_of_an_hour_b17(portal: Portal, owner: Owner):
    bearer = (await owner.browser.request("POST", "/api/v1/auth/token")).json()["access_token"]
    client = portal.api_client(bearer)
    portal.clock.advance(minutes=14)
    assert (await client.request("GET", "/api/v1/auth/me")).status == 200
    portal.clock.advance(minutes=2)
    assert (await client.request("GET", "/api/v1/auth/me")).status == 401


async def test_an_idle_session_ends_after_twelve_hours(portal: Portal, owner: Owner):
    portal.clock.advance(hours=11)
    assert (await owner.browser.request("GET", "/api/v1/auth/me")).status == 200
    portal.clock.advance(hours=13)
    assert (await owner.browser.request("GET", "/api/v1/auth/me")).status == 401


@pytest.mark.parametrize("bearer", ["", "x", "a.b.c", "eyJhbGciOiJub25lIn0.eyJzaWQiOiIxIn0.", "é" * 10, "x" * 100_000])
async def test_a_made_up_token_is_refused_b15(database, portal: Portal, bearer: str):
    answer = await portal.api_client(bearer.encode().decode("latin-1")).request("GET", "/api/v1/auth/me")
    assert answer.status == 401


async def test_only_a_hash_of_the_session_is_stored_b5(portal: Portal, owner: Owner, superuser_url: str):
    import asyncpg

    connection = await asyncpg.connect(superuser_url)
    stored = await connection.fetchval("SELECT encode(token_hash, 'hex') FROM admin_sessions WHERE revoked_at IS NULL")
    await connection.close()
    assert owner.token not in stored
    assert (await portal.browser(stored).request("GET", "/api/v1/auth/me")).status == 401
    assert COOKIE == "lp_session"
