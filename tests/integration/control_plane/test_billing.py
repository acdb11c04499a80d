"""The platform's bill as an owner meets it: what there is, what there may be, and the ways to Stripe's pages."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import aiohttp
import asyncpg
import pytest

from control_plane.app import ControlPlane
from lumenpay.db.session import Database
from operations.embedded import DatabaseUrls
from tests.integration.control_plane.conftest import Owner
from tests.support.asgi import AsgiClient
from tests.support.portal import ORIGIN, Portal
from tests.support.pricing import put_free, put_on_sale


def browser_of(owner: Owner, app: Any) -> AsgiClient:
    headers = {"origin": ORIGIN, "sec-fetch-site": "same-origin", "cookie": f"lp_session={owner.token}"}
    return AsgiClient(app, headers, "10.99.0.1")


@pytest.fixture
async def billed(portal: Portal, owner: Owner, postgres_urls: DatabaseUrls) -> AsyncIterator[AsgiClient]:
    """The owner's browser in an installation in which the limits of plans hold."""
    database = Database(postgres_urls.app, pool_size=5, is_billed=True)
    yield browser_of(owner, ControlPlane(replace(portal.app.services, database=database)))
    await database.close()


async def state(browser: AsgiClient, owner: Owner) -> dict[str, Any]:
    answer = await browser.request("GET", owner.path("/billing"))
    assert answer.status == 200, answer.body
    return dict(answer.json())


async def check_out(
    browser: AsgiClient, owner: Owner, plan_code: str = "pro", *, headers: dict[str, str] | None = None
) -> Any:
    path = owner.path("/billing/checkout")
    return await browser.request("POST", path, json={"plan_code": plan_code}, headers=headers)


async def test_the_page_of_a_plan_is_one_however_often_it_is_asked_for(portal: Portal, owner: Owner) -> None:
    await put_on_sale(portal, "pro")
    await put_on_sale(portal, "max")
    key = {"idempotency-key": "k" * 20}
    first = await check_out(owner.browser, owner, headers=key)
    assert (first.status, first.json()["url"].startswith(f"{portal.stripe_url}/c/pay/")) == (200, True)
    assert (await check_out(owner.browser, owner, headers=key)).json() == first.json()
    assert (await check_out(owner.browser, owner)).json() == first.json()
    # Another plan closes the page before: nobody pays for two.
    other = await check_out(owner.browser, owner, "max")
    assert other.json() != first.json()
    assert (await check_out(owner.browser, owner)).json() != first.json()


async def test_who_pays_is_not_sold_a_second_subscription_though_no_event_came(
    portal: Portal, owner: Owner, superuser_url: str
) -> None:
    await put_on_sale(portal, "pro")
    assert (await state(owner.browser, owner))["standing"] == "free"
    url = (await check_out(owner.browser, owner)).json()["url"]
    await subscribe(url)
    refused = await check_out(owner.browser, owner)
    assert (refused.status, refused.json()["code"]) == (409, "already_subscribed")
    opened = await owner.browser.request("POST", owner.path("/billing/portal"))
    assert (opened.status, opened.json()["url"].startswith(portal.stripe_url)) == (200, True)
    connection = await asyncpg.connect(superuser_url)
    await connection.execute("UPDATE platform_subscriptions SET stripe_status = 'active', plan_code = 'pro'")
    await connection.close()
    shown = await state(owner.browser, owner)
    assert (shown["standing"], shown["plan_code"], shown["has_portal"]) == ("active", "pro", True)


async def subscribe(url: str) -> None:
    async with (
        aiohttp.ClientSession() as http,
        http.post(url, data={"number": "4242424242424242", "email": "a@lumen.test"}, allow_redirects=False) as paid,
    ):
        assert paid.status == 303, await paid.text()


async def test_what_is_not_sold_cannot_be_bought_and_there_is_no_portal_before_a_bill(
    portal: Portal, owner: Owner
) -> None:
    await put_free(portal, limit=1)
    for code in ("free", "gold"):
        refused = await check_out(owner.browser, owner, code)
        assert (refused.status, refused.json()["code"]) == (404, "platform_plan_not_found")
    refused = await owner.browser.request("POST", owner.path("/billing/portal"))
    assert (refused.status, refused.json()["code"]) == (409, "never_billed")


async def test_limits_of_the_free_plan_are_shown_before_they_bite_and_say_what_to_do(
    portal: Portal, owner: Owner, billed: AsgiClient
) -> None:
    await put_free(portal, limit=1)
    uses = {use["of"]: (use["used"], use["limit"]) for use in (await state(billed, owner))["uses"]}
    assert uses == {
        "max_bots": (0, 1), "max_channels": (0, 1), "max_subscribers": (0, 1), "max_broadcasts": (0, 1),
        "max_members": (1, 1),
    }  # fmt: skip
    bot = portal.new_bot()
    made = await billed.request("POST", owner.path("/bots"), json={"token": bot.token})
    assert made.status == 201, made.body
    body = {"bot_id": made.json()["id"], "chat": str(portal.new_channel(bot.token))}
    assert (await billed.request("POST", owner.path("/channels"), json=body)).status == 201
    refusals = {
        "/bots": {"token": portal.new_bot().token},
        "/channels": {**body, "chat": str(portal.new_channel(bot.token))},
        "/invitations": {"email": "bob@example.com", "role": "support"},
    }
    for path, asked in refusals.items():
        refused = await billed.request("POST", owner.path(path), json=asked)
        assert (refused.status, refused.json()["code"]) == (409, "limit_reached"), (path, refused.body)
        assert "larger" in refused.json()["message"]


async def test_an_installation_without_stripe_limits_nobody_and_says_so(portal: Portal, owner: Owner) -> None:
    await put_free(portal, limit=0)
    free = browser_of(owner, ControlPlane(replace(portal.app.services, stripe=None)))
    shown = await state(free, owner)
    assert shown["is_billed"] is False
    assert {use["limit"] for use in shown["uses"] if use["of"] in ("max_members", "max_subscribers")} == {None}
    assert (await free.request("POST", owner.path("/bots"), json={"token": portal.new_bot().token})).status == 201
    refused = await check_out(free, owner)
    assert (refused.status, refused.json()["code"]) == (409, "billing_off")
