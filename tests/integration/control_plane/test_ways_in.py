"""The ways into an account are these and no others; programs have no key that lasts (faults B9, B17)."""

from __future__ import annotations

import json

import asyncpg

from control_plane.app import describe_api
from tests.integration.control_plane.conftest import Owner
from tests.support.portal import Portal

AUTH = "/api/v1/auth"
WAYS_IN = {
    "auth-log_in", "auth-finish_log_in", "auth-verify_email", "auth-finish_provider", "invitations-accept_as_new",
}  # fmt: skip
"""Whoever adds one, a passkey for example, shows here what it refuses: another origin, a challenge used twice."""


def test_there_are_no_passkeys_to_forge_b9() -> None:
    document = describe_api()
    described = [operation for methods in document["paths"].values() for operation in methods.values()]
    letting_in = {
        operation["operationId"] for operation in described
        if any("/LogInOut" in json.dumps(answer) for answer in operation["responses"].values())
    }  # fmt: skip
    assert letting_in == WAYS_IN
    text = json.dumps(document).lower()
    assert not [word for word in ("passkey", "webauthn", "authenticatordata", "clientdatajson") if word in text]


async def test_a_token_with_any_character_changed_is_refused_b17(portal: Portal, owner: Owner) -> None:
    bearer = (await owner.browser.request("POST", f"{AUTH}/token")).json()["access_token"]
    assert (await portal.api_client(bearer).request("GET", f"{AUTH}/me")).status == 200
    for place, character in enumerate(bearer[:-1]):  # the last one may carry bits that stand for nothing
        changed = bearer[:place] + ("A" if character != "A" else "B") + bearer[place + 1 :]
        assert (await portal.api_client(changed).request("GET", f"{AUTH}/me")).status == 401, place


async def test_a_token_of_a_program_is_stored_nowhere_and_does_not_make_another_last_b17(
    portal: Portal, owner: Owner, superuser_url: str
) -> None:
    bearer = (await owner.browser.request("POST", f"{AUTH}/token")).json()["access_token"]
    connection = await asyncpg.connect(superuser_url)
    tables = [row[0] for row in await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
    for table in tables:
        found = await connection.fetchval(f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE $1', f"%{bearer}%")
        assert found == 0, table
    await connection.close()
    # It dies with the session, also one that was made with its help.
    second = (await portal.api_client(bearer).request("POST", f"{AUTH}/token")).json()["access_token"]
    assert (await owner.browser.request("POST", f"{AUTH}/log-out")).status == 204
    for token in (bearer, second):
        assert (await portal.api_client(token).request("GET", f"{AUTH}/me")).status == 401
