"""Logging in with other services' accounts, and what is refused on the way (faults B13, B14, B15)."""

from __future__ import annotations

import time
from typing import Any

import aiohttp
import pytest

from tests.integration.control_plane.conftest import Owner
from tests.isolation.preparations import turn_on_second_factor, visit_provider
from tests.support.asgi import Answer, AsgiClient
from tests.support.portal import ORIGIN, Portal

AUTH = "/api/v1/auth"
ALICE = "alice@example.org"


async def _enter(
    portal: Portal, person: Any, *, provider: str = "telegram", token: str | None = None, way: str = "log-in",
    locale: str = "ru",
) -> Answer:  # fmt: skip
    body, cookies = await visit_provider(portal, portal.browser(token), provider=provider, person_id=person.id, way=way)
    browser = portal.browser(token, cookies=cookies)
    return await browser.request("POST", f"{AUTH}/providers/{provider}/finish", json={**body, "locale": locale})


async def _me(portal: Portal, answer: Answer) -> dict[str, Any]:
    return (await portal.browser(answer.cookie("lp_session")).request("GET", f"{AUTH}/me")).json()


async def test_telegram_lets_the_same_person_in_by_the_claim_id(database, portal: Portal):
    person = portal.providers["telegram"].add_person(name="Мария", username="maria")
    entered = await _enter(portal, person)
    assert entered.json()["status"] == "signed_in", entered.body
    first = await _me(portal, entered)
    assert (first["name"], first["email"], first["has_password"]) == ("Мария", None, False)
    portal.providers["telegram"].twist = {"claims": {"sub": "another-sub"}}
    assert (await _me(portal, await _enter(portal, person)))["id"] == first["id"]
    other = portal.providers["telegram"].add_person(name="Мария", username="maria")
    assert (await _me(portal, await _enter(portal, other)))["id"] != first["id"]


async def test_a_new_account_speaks_the_language_of_its_first_login_and_keeps_it(database, portal: Portal):
    person = portal.providers["telegram"].add_person(name="Ann")
    assert (await _me(portal, await _enter(portal, person, locale="en")))["locale"] == "en"
    assert (await _me(portal, await _enter(portal, person, locale="ru")))["locale"] == "en"


@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "EdDSA"])
async def test_each_usual_signature_is_understood(database, portal: Portal, algorithm: str):
    provider = portal.providers["telegram"]
    provider.twist = {"algorithm": algorithm}
    assert (await _enter(portal, provider.add_person(name="Ann"))).status == 200


NOW = int(time.time())


@pytest.mark.parametrize(
    "twist",
    [
        {"is_strangers": True},
        {"algorithm": "none"},
        {"algorithm": "HS256"},
        {"algorithm": "ES256K"},
        {"header": {"crit": ["unheard-of"], "unheard-of": True}},
        {"claims": {"iss": "https://evil.test"}},
        {"claims": {"iss": None}},
        {"claims": {"aud": "another-client"}},
        {"claims": {"aud": ["lumenpay", "another"], "azp": "another"}},
        {"claims": {"exp": NOW - 600}},
        {"claims": {"exp": None}},
        {"claims": {"iat": NOW - 3600}},
        {"claims": {"iat": NOW + 3600}},
        {"claims": {"nonce": "of-another-browser"}},
        {"claims": {"nonce": None}},
        {"claims": {"id": None}},
        {"claims": {"id": True}},
        {"claims": {"id": {"$ne": 1}}},
        {"claims": {"name": "x" * 20_000}},
    ],
)
async def test_a_token_that_is_not_meant_for_us_is_refused_b13_b15(database, portal: Portal, twist: dict[str, Any]):
    """B13, B15: forged, stale, future, of another issuer, client or browser, with another algorithm, too large."""
    provider = portal.providers["telegram"]
    person = provider.add_person(name="Eve")
    provider.twist = twist
    answer = await _enter(portal, person)
    assert (answer.status, answer.json()["code"]) == (422, "oidc_refused")
    assert answer.cookie("lp_session") is None
    # Without the twist the same person gets in: it was refused for its sake.
    assert (await _enter(portal, person)).status == 200


async def test_an_answer_counts_once_and_in_the_browser_that_began_b14(database, portal: Portal):
    """B14: state of another browser, used twice, of another provider, made up, late; a code of another request."""
    person = portal.providers["telegram"].add_person(name="Ann")
    portal.providers["google"].people[person.id] = person

    async def finish(body: dict[str, str], cookies: dict[str, str], provider: str = "telegram") -> tuple[int, str]:
        browser = portal.browser(cookies=cookies)
        answer = await browser.request("POST", f"{AUTH}/providers/{provider}/finish", json=body)
        return answer.status, answer.json().get("code", "")

    async def visit(provider: str = "telegram") -> tuple[dict[str, str], dict[str, str]]:
        return await visit_provider(portal, portal.browser(), provider=provider, person_id=person.id)

    refused = (422, "oidc_refused")
    (body, _), (other, cookies) = await visit(), await visit()
    assert await finish(body, cookies) == refused
    body, cookies = await visit()
    assert await finish(body, {}) == refused
    assert await finish(body, cookies) == refused
    body, cookies = await visit()
    assert await finish(body | {"state": "S" * 43}, cookies) == refused
    assert await finish(body, cookies, "google") == refused
    body, cookies = await visit()
    assert await finish(body | {"code": other["code"]}, cookies) == refused
    body, cookies = await visit()
    portal.clock.advance(minutes=11)
    assert await finish(body, cookies) == refused
    portal.clock.advance(minutes=-11)
    body, cookies = await visit()
    assert (await finish(body, cookies))[0] == 200
    assert await finish(body, cookies) == refused


async def test_the_provider_sends_codes_only_to_the_address_that_is_registered(database, portal: Portal):
    begun = await portal.browser().request("POST", f"{AUTH}/providers/telegram/log-in")
    url = begun.json()["url"]
    assert "code_challenge_method=S256" in url
    async with aiohttp.ClientSession() as http:
        async with http.get(url) as answer:
            assert answer.status == 200
        async with http.get(url.replace("8000%2Foidc", "8000%2Fevil")) as answer:
            assert answer.status == 400


async def test_an_unproved_address_of_a_provider_reaches_nobodys_account_b14(portal: Portal, owner: Owner):
    google = portal.providers["google"]
    thief = google.add_person(name="Thief", email=ALICE, email_verified=False)
    mine = (await owner.browser.request("GET", f"{AUTH}/me")).json()["id"]
    taken = await _me(portal, await _enter(portal, thief, provider="google"))
    assert (taken["id"] != mine, taken["email"]) == (True, None)
    alice = google.add_person(name="Alice", email=ALICE.upper())
    assert (await _me(portal, await _enter(portal, alice, provider="google")))["id"] == mine
    told = (await portal.letters(ALICE))[0]
    assert "способ входа" in told["subject"]
    # Where it can be unlinked.
    assert [link.removeprefix(ORIGIN) for link in told["links"]] == ["/account"]


async def test_an_address_that_only_the_provider_proved_is_proved_by_us_before_it_counts(database, portal: Portal):
    person = portal.providers["google"].add_person(name="Gina", email="gina@example.org")
    entered = await _enter(portal, person, provider="google")
    assert (await _me(portal, entered))["email"] is None
    token = await portal.mailed_token("gina@example.org")
    assert (await portal.browser().request("POST", f"{AUTH}/email/confirm", json={"token": token})).status == 204
    assert (await _me(portal, entered))["email"] == "gina@example.org"


async def test_an_account_is_linked_by_who_began_it_and_never_twice(portal: Portal, owner: Owner):
    person = portal.providers["telegram"].add_person(name="Алиса")
    linked = await _enter(portal, person, token=owner.token, way="link")
    assert linked.status == 200
    token = linked.cookie("lp_session")
    mine = await _me(portal, linked)
    assert mine["email"] == ALICE
    assert (await _me(portal, await _enter(portal, person)))["id"] == mine["id"]
    stranger = (await portal.sign_up()).cookie("lp_session")
    taken = await _enter(portal, person, token=stranger, way="link")
    assert (taken.status, taken.json()["code"]) == (409, "identity_taken")
    body, cookies = await visit_provider(
        portal,
        portal.browser(token),
        provider="google",
        person_id=next(iter(portal.providers["google"].people)),
        way="link",
    )
    stolen = await portal.browser(stranger, cookies=cookies).request(
        "POST", f"{AUTH}/providers/google/finish", json=body
    )
    assert stolen.json()["code"] == "oidc_refused"


async def _unlink_all(browser: AsgiClient) -> list[int]:
    found = (await browser.request("GET", f"{AUTH}/identities")).json()
    return [(await browser.request("DELETE", f"{AUTH}/identities/{item['id']}")).status for item in found]


async def test_the_last_way_in_stays(database, portal: Portal):
    person = portal.providers["telegram"].add_person(name="Ann")
    entered = await _enter(portal, person)
    google = portal.providers["google"].add_person(name="Ann", email="ann@example.org")
    both = await _enter(portal, google, provider="google", token=entered.cookie("lp_session"), way="link")
    assert await _unlink_all(portal.browser(both.cookie("lp_session"))) == [204, 409]


async def test_who_has_a_password_may_unlink_everything(portal: Portal, owner: Owner):
    person = portal.providers["telegram"].add_person(name="Алиса")
    linked = await _enter(portal, person, token=owner.token, way="link")
    assert await _unlink_all(portal.browser(linked.cookie("lp_session"))) == [204]


async def test_a_provider_does_not_replace_the_second_factor(portal: Portal, owner: Owner):
    person = portal.providers["telegram"].add_person(name="Алиса")
    linked = await _enter(portal, person, token=owner.token, way="link")
    await turn_on_second_factor(portal.browser(linked.cookie("lp_session")), portal)
    answer = await _enter(portal, person)
    assert (answer.json()["status"], answer.cookie("lp_session")) == ("second_factor_needed", None)


async def test_a_provider_that_this_installation_has_not_is_not_found(database, portal: Portal):
    answer = await portal.browser().request("POST", f"{AUTH}/providers/facebook/log-in")
    assert (answer.status, answer.json()["code"]) == (404, "provider_unknown")
    shown = (await portal.browser().request("GET", f"{AUTH}/providers")).json()
    assert [item["id"] for item in shown] == ["telegram", "google"]
