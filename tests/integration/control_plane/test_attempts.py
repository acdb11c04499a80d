"""How often somebody may try: guessing is slowed down, and nothing is let through uncounted (fault B1)."""

from __future__ import annotations

from lumenpay.admins.errors import TooManyAttemptsError
from lumenpay.admins.limits import Attempt, AttemptLimiter
from tests.integration.control_plane.conftest import PASSWORD, Owner
from tests.support.portal import Portal

LOG_IN = "/api/v1/auth/log-in"
LOGIN = {"email": "alice@example.org", "password": PASSWORD}


async def test_guessing_from_one_address_is_slowed_down_for_every_account_alike_b1(portal: Portal, owner: Owner):
    answers = {}
    for email in ("alice@example.org", "nobody@example.org"):
        browser = portal.browser()
        tried = [await browser.request("POST", LOG_IN, json={"email": email, "password": "x" * 12}) for _ in range(8)]
        statuses = [answer.status for answer in tried]
        # Five a minute; a window that begins meanwhile lets one more through.
        assert (statuses[:5], statuses[-2:]) == ([401] * 5, [429] * 2)
        assert int(tried[-1].header("retry-after") or 0) >= 1
        answers[email] = {answer.status: answer.body for answer in tried}
        # The right password does not get past the wait either: a guess is not told from a hit.
        assert (await browser.request("POST", LOG_IN, json=LOGIN | {"email": email})).status == 429
    assert answers["alice@example.org"] == answers["nobody@example.org"]
    assert (await portal.browser().request("POST", LOG_IN, json=LOGIN)).status == 200


async def test_guessing_one_account_from_many_addresses_is_slowed_down_b1(redis_url: str):
    """Three hundred guesses from as many addresses: a hundred an hour count."""
    limiter = AttemptLimiter(redis_url)
    passed = 0
    for number in range(300):
        try:
            address = f"10.9.{number >> 8}.{number & 255}"
            await limiter.count(Attempt.LOG_IN, address=address, account="alice@example.org")
        except TooManyAttemptsError:
            continue
        passed += 1
    await limiter.close()
    assert passed == 100


async def test_right_logins_do_not_use_the_attempts_up(portal: Portal, owner: Owner):
    browser = portal.browser()
    assert {(await browser.request("POST", LOG_IN, json=LOGIN)).status for _ in range(8)} == {200}


async def test_without_redis_nobody_can_guess_or_ask_for_letters(portal: Portal, owner: Owner):
    services = portal.app.services
    away = AttemptLimiter("redis://127.0.0.1:1/0")
    counted, email = services.attempts, {"email": LOGIN["email"]}
    object.__setattr__(services, "attempts", away)
    try:
        for path, body in (("log-in", LOGIN), ("password/forgot", email), ("sign-up/resend", email)):
            answer = await portal.browser().request("POST", f"/api/v1/auth/{path}", json=body)
            assert (answer.status, answer.json()["code"]) == (503, "attempts_uncounted"), path
            assert answer.header("retry-after")
        # Who is in stays in.
        assert (await owner.browser.request("GET", "/api/v1/auth/me")).status == 200
    finally:
        object.__setattr__(services, "attempts", counted)
        await away.close()
