"""Accounts exist once their address is proved, and nobody learns which addresses have one (faults B2, B16)."""

from __future__ import annotations

import re

import asyncpg
import pytest

from lumenpay.kit.crypto import hash_token
from tests.integration.control_plane.conftest import PASSWORD, Owner
from tests.isolation.preparations import turn_on_second_factor
from tests.support.portal import ORIGIN, Portal

AUTH = "/api/v1/auth"
KNOWN, UNKNOWN = "alice@example.org", "nobody@example.org"
NEW_PASSWORD = "entirely different horse"


async def _post(portal: Portal, path: str, **body: object):
    return await portal.browser().request("POST", f"{AUTH}/{path}", json=body)


async def test_an_account_needs_the_letter_and_the_password_together(database, portal: Portal):
    account = {"email": "bob@example.org", "password": PASSWORD, "name": "Bob"}
    asked = await _post(portal, "sign-up", **account)
    assert (asked.status, asked.json()) == (202, {"status": "letter_sent"})
    assert asked.header("set-cookie") is None
    assert (await _post(portal, "log-in", email=account["email"], password=PASSWORD)).status == 401
    token = await portal.mailed_token("bob@example.org")
    # A stranger who signed somebody up cannot have them confirm the stranger's password by a click.
    wrong = await _post(portal, "verify-email", token=token, password="another horse battery")
    assert (wrong.status, wrong.json()["code"]) == (401, "wrong_credentials")
    right = await _post(portal, "verify-email", token=token, password=PASSWORD)
    assert right.json()["admin"]["email"] == "bob@example.org"
    assert (await portal.browser(right.cookie("lp_session")).request("GET", f"{AUTH}/me")).status == 200
    again = await _post(portal, "verify-email", token=token, password=PASSWORD)
    assert (again.status, again.json()["code"]) == (422, "link_invalid")


async def test_a_link_to_an_account_runs_out_after_a_day(database, portal: Portal):
    await _post(portal, "sign-up", email="bob@example.org", password=PASSWORD, name="Bob")
    token = await portal.mailed_token("bob@example.org")
    portal.clock.advance(hours=25)
    assert (await _post(portal, "verify-email", token=token, password=PASSWORD)).json()["code"] == "link_invalid"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("sign-up", {"password": PASSWORD, "name": "Mallory"}),
        ("sign-up/resend", {}),
        ("password/forgot", {}),
    ],
)
async def test_known_and_unknown_addresses_are_answered_the_same_b2(portal: Portal, owner: Owner, path, body):
    answers = [await _post(portal, path, email=email, **body) for email in (KNOWN, UNKNOWN)]
    assert answers[0].status == 202
    assert len({(answer.status, answer.headers, answer.body) for answer in answers}) == 1


async def test_a_request_for_a_letter_does_the_same_work_for_every_address_b2(
    portal: Portal, owner: Owner, superuser_url: str
):
    """The time cannot tell what the work does not: whether there is an account is only seen when the letter is sent."""
    connection = await asyncpg.connect(superuser_url)
    written = []
    for email in (KNOWN, UNKNOWN):
        before = await connection.fetch(
            "SELECT 'letters', count(*) FROM letters UNION SELECT 'sign_ups', count(*) FROM sign_ups"
        )
        await _post(portal, "sign-up", email=email, password=PASSWORD, name="Mallory")
        await _post(portal, "password/forgot", email=email)
        after = await connection.fetch(
            "SELECT 'letters', count(*) FROM letters UNION SELECT 'sign_ups', count(*) FROM sign_ups"
        )
        written.append({name: count - dict(map(tuple, before))[name] for name, count in map(tuple, after)})
    await connection.close()
    assert written[0] == written[1] == {"letters": 2, "sign_ups": 1}
    assert [letter["subject"] for letter in await portal.letters(UNKNOWN)] == ["Подтвердите почту для LumenPay"]
    owners = [letter["subject"] for letter in (await portal.letters(KNOWN))[:2]]
    assert set(owners) == {"У вас уже есть аккаунт LumenPay", "Новый пароль для LumenPay"}


async def test_the_owner_of_a_taken_address_is_told_and_keeps_the_account(portal: Portal, owner: Owner):
    await _post(portal, "sign-up", email=KNOWN, password="the password of mallory", name="Mallory", locale="en")
    newest = (await portal.letters(KNOWN))[0]
    assert "уже есть" in newest["subject"]
    assert newest["links"] == [f"{ORIGIN}/log-in"]
    assert (await _post(portal, "log-in", email=KNOWN, password=PASSWORD)).status == 200


async def test_a_reset_link_works_once_for_half_an_hour_and_ends_every_session_b16(portal: Portal, owner: Owner):
    await _post(portal, "password/forgot", email=KNOWN)
    token = await portal.mailed_token(KNOWN)
    weak = await _post(portal, "password/reset", token=token, password="alice12345")
    assert weak.json()["fields"] == {"password": "password_like_account"}
    assert (await _post(portal, "password/reset", token=token, password=NEW_PASSWORD)).status == 204
    assert (await owner.browser.request("GET", f"{AUTH}/me")).status == 401
    assert (await _post(portal, "password/reset", token=token, password=PASSWORD)).json()["code"] == "link_invalid"
    assert (await _post(portal, "log-in", email=KNOWN, password=PASSWORD)).status == 401
    assert (await _post(portal, "log-in", email=KNOWN, password=NEW_PASSWORD)).status == 200
    assert "изменён" in (await portal.letters(KNOWN))[0]["subject"]
    await _post(portal, "password/forgot", email=KNOWN)
    late = await portal.mailed_token(KNOWN)
    portal.clock.advance(minutes=31)
    assert (await _post(portal, "password/reset", token=late, password=PASSWORD)).json()["code"] == "link_invalid"


async def _look(portal: Portal, token: str, purpose: str):
    answer = await _post(portal, "links/look", token=token, purpose=purpose)
    return answer.status, answer.json()["code"] if answer.body else None


async def test_a_link_tells_whether_it_works_and_looking_uses_nothing_up_b2(portal: Portal, owner: Owner):
    works, spoiled = (204, None), (422, "link_invalid")
    await _post(portal, "sign-up", email="bob@example.org", password=PASSWORD, name="Bob")
    fresh = await portal.mailed_token("bob@example.org")
    await _post(portal, "password/forgot", email=KNOWN)
    reset = await portal.mailed_token(KNOWN)
    for _ in range(2):
        assert (await _look(portal, fresh, "sign_up"), await _look(portal, reset, "reset_password")) == (works, works)
    # A link is good for its own purpose only, and one that was never sent is told from a used one by nothing.
    assert await _look(portal, reset, "sign_up") == spoiled
    assert await _look(portal, "T" * 43, "reset_password") == spoiled
    assert (await _post(portal, "password/reset", token=reset, password=NEW_PASSWORD)).status == 204
    assert await _look(portal, reset, "reset_password") == spoiled
    assert (await _post(portal, "verify-email", token=fresh, password=PASSWORD)).status == 200
    assert await _look(portal, fresh, "sign_up") == spoiled
    await _post(portal, "password/forgot", email=KNOWN)
    late = await portal.mailed_token(KNOWN)
    portal.clock.advance(minutes=31)
    assert await _look(portal, late, "reset_password") == spoiled


async def test_looking_at_links_is_slowed_down_and_costs_no_attempt_to_use_them_b1(portal: Portal, owner: Owner):
    await _post(portal, "password/forgot", email=KNOWN)
    token = await portal.mailed_token(KNOWN)
    browser, body = portal.browser(), {"token": token, "purpose": "reset_password"}
    looked = [(await browser.request("POST", f"{AUTH}/links/look", json=body)).status for _ in range(42)]
    assert (looked[:20], looked[-1]) == ([204] * 20, 429)
    reset = {"token": token, "password": NEW_PASSWORD}
    assert (await browser.request("POST", f"{AUTH}/password/reset", json=reset)).status == 204


async def test_a_poisoned_host_header_does_not_reach_a_letter_b16(portal: Portal, owner: Owner):
    evil = portal.browser(host="evil.test", **{"x-forwarded-host": "evil.test"})
    assert (await evil.request("POST", f"{AUTH}/password/forgot", json={"email": KNOWN})).status == 202
    newest = (await portal.letters(KNOWN))[0]
    assert newest["links"][0].startswith(f"{ORIGIN}/reset-password#token=")
    assert "evil" not in newest["text"] + newest["html"]


async def test_no_token_of_a_letter_stands_in_the_database(portal: Portal, owner: Owner, superuser_url: str):
    await _post(portal, "password/forgot", email=KNOWN)
    token = await portal.mailed_token(KNOWN)
    connection = await asyncpg.connect(superuser_url)
    hashes = [bytes(row[0]) for row in await connection.fetch("SELECT token_hash FROM mail_tokens")]
    letters = await connection.fetchval("SELECT string_agg(l::text, '') FROM letters l")
    await connection.close()
    assert hash_token(token) in hashes
    assert token not in letters


async def test_a_new_address_counts_once_its_link_comes_back(portal: Portal, owner: Owner):
    assert (await owner.browser.request("POST", f"{AUTH}/email", json={"email": "new@example.org"})).status == 202
    assert (await owner.browser.request("GET", f"{AUTH}/me")).json()["email"] == KNOWN
    token = await portal.mailed_token("new@example.org")
    assert (await _post(portal, "email/confirm", token=token)).status == 204
    assert (await owner.browser.request("GET", f"{AUTH}/me")).json()["email"] == "new@example.org"
    assert "изменена" in (await portal.letters(KNOWN))[0]["subject"]
    assert (await _post(portal, "email/confirm", token=token)).json()["code"] == "link_invalid"


async def test_a_letter_waits_for_a_mail_server_that_comes_back(portal: Portal, database, superuser_url: str):
    portal.mailbox.fault = "later"
    await _post(portal, "sign-up", email="late@example.org", password=PASSWORD, name="Late")
    try:
        assert await portal.letters("late@example.org") == []
    finally:
        portal.mailbox.fault = "none"
    portal.clock.advance(minutes=2)
    assert len(await portal.letters("late@example.org")) == 1
    portal.clock.advance(hours=1)
    assert len(await portal.letters("late@example.org")) == 1


async def test_what_a_person_wrote_is_only_text_in_a_letter(portal: Portal, database):
    name = "<script>alert(1)</script>\r\nBcc: all@example.org {{ link }}"
    await _post(portal, "sign-up", email="eve@example.org", password=PASSWORD, name=name, locale="en")
    letter = (await portal.letters("eve@example.org"))[0]
    assert letter["to"] == ["eve@example.org"]
    assert "<script>" not in letter["html"]
    assert "{{ link }}" in letter["text"]
    assert re.search(r"Confirm your e-mail", letter["subject"])


async def test_the_password_change_of_one_browser_ends_the_others_b4(portal: Portal, owner: Owner):
    other = portal.browser((await _post(portal, "log-in", email=KNOWN, password=PASSWORD)).cookie("lp_session"))
    changed = await owner.browser.request("POST", f"{AUTH}/password", json={"password": NEW_PASSWORD})
    assert changed.status == 204
    for browser in (other, owner.browser):
        assert (await browser.request("GET", f"{AUTH}/me")).status == 401
    assert (await portal.browser(changed.cookie("lp_session")).request("GET", f"{AUTH}/me")).status == 200


async def test_a_reset_does_not_get_around_the_second_factor(portal: Portal, owner: Owner):
    await turn_on_second_factor(owner.browser, portal)
    await _post(portal, "password/forgot", email=KNOWN)
    await _post(portal, "password/reset", token=await portal.mailed_token(KNOWN), password=NEW_PASSWORD)
    answer = await _post(portal, "log-in", email=KNOWN, password=NEW_PASSWORD)
    assert (answer.json()["status"], answer.cookie("lp_session")) == ("second_factor_needed", None)
