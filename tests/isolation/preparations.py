"""What must have happened before an operation can succeed: letters read, codes computed, a provider visited."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import aiohttp
import pyotp

from lumenpay.models.tenants import Role
from tests.isolation.cast import PASSWORD, Side
from tests.isolation.requests import BODIES, PATH_VALUES, PLAN
from tests.support.asgi import AsgiClient
from tests.support.portal import Portal
from tests.support.pricing import put_on_sale

Prepared = tuple[AsgiClient, dict[str, Any] | None]
AUTH = "/api/v1/auth"


async def visit_provider(
    portal: Portal, client: AsgiClient, *, provider: str, person_id: int, way: str = "log-in"
) -> Any:
    """Go to a provider as one of its people; return what it gives the page, and the cookie that must come with it."""
    begun = await client.request("POST", f"{AUTH}/providers/{provider}/{way}")
    assert begun.status == 200, begun.body
    url = begun.json()["url"]
    async with (
        aiohttp.ClientSession() as http,
        http.post(
            url.partition("?")[0], data={**dict(_query(url)), "person": str(person_id)}, allow_redirects=False
        ) as answer,
    ):
        assert answer.status == 303, await answer.text()
        back = dict(_query(answer.headers["Location"]))
    return {"code": back["code"], "state": back["state"]}, {"lp_provider_trip": begun.cookie("lp_provider_trip") or ""}


def _query(url: str) -> list[tuple[str, str]]:
    return [(name, values[0]) for name, values in parse_qs(urlsplit(url).query).items()]


async def turn_on_second_factor(client: AsgiClient, portal: Portal) -> tuple[pyotp.TOTP, list[str], str]:
    """Turn it on; return the authenticator, the recovery codes and the renewed session."""
    made = (await client.request("POST", f"{AUTH}/second-factor")).json()
    totp = pyotp.TOTP(made["secret"])
    confirmed = await client.request("POST", f"{AUTH}/second-factor/confirm", json={"code": code_of(totp, portal)})
    assert confirmed.status == 200, confirmed.body
    return totp, confirmed.json()["recovery_codes"], confirmed.cookie("lp_session") or ""


def code_of(totp: pyotp.TOTP, portal: Portal, *, steps: int = 0) -> str:
    """Return the code of the portal's moment, or of so many steps later."""
    return totp.at(int(portal.clock.now().timestamp()) + 30 * steps)


async def _verify_email(portal: Portal, _side: Side, client: AsgiClient) -> Prepared:
    account = {"email": "fresh@example.com", "password": PASSWORD, "name": "Fred"}
    await client.request("POST", f"{AUTH}/sign-up", json=account)
    return client, {"token": await portal.mailed_token("fresh@example.com"), "password": PASSWORD}


async def _reset(portal: Portal, side: Side, client: AsgiClient) -> Prepared:
    await client.request("POST", f"{AUTH}/password/forgot", json={"email": side.owner.email})
    return client, {"token": await portal.mailed_token(side.owner.email), "password": "another long enough passphrase"}


async def _look_at_link(portal: Portal, side: Side, client: AsgiClient) -> Prepared:
    await client.request("POST", f"{AUTH}/password/forgot", json={"email": side.owner.email})
    return client, {"token": await portal.mailed_token(side.owner.email), "purpose": "reset_password"}


async def _confirm_email(portal: Portal, side: Side, client: AsgiClient) -> Prepared:
    address = f"new-{side.owner.email}"
    await client.request("POST", f"{AUTH}/email", json={"email": address})
    return client, {"token": await portal.mailed_token(address)}


async def _second_step(portal: Portal, side: Side, client: AsgiClient) -> Prepared:
    totp, _, _ = await turn_on_second_factor(client, portal)
    begun = await client.request("POST", f"{AUTH}/log-in", json={"email": side.owner.email, "password": PASSWORD})
    challenge = {"lp_challenge": begun.cookie("lp_challenge") or ""}
    return portal.browser(side.owner.token, cookies=challenge), {"code": code_of(totp, portal, steps=1)}


async def _confirm_totp(portal: Portal, _side: Side, client: AsgiClient) -> Prepared:
    made = (await client.request("POST", f"{AUTH}/second-factor")).json()
    return client, {"code": code_of(pyotp.TOTP(made["secret"]), portal)}


async def _second_factor_on(portal: Portal, _side: Side, client: AsgiClient) -> Prepared:
    return portal.browser((await turn_on_second_factor(client, portal))[2]), None


async def _finish_provider(portal: Portal, _side: Side, client: AsgiClient) -> Prepared:
    person = portal.providers["google"].add_person(name="Gina", email="gina@example.com")
    body, cookies = await visit_provider(portal, client, provider="google", person_id=person.id)
    return portal.browser(cookies=cookies), body


async def _invitation(portal: Portal, side: Side, *, email: str) -> dict[str, Any]:
    browser = portal.browser(side.owner.token)
    path = f"/api/v1/tenants/{side.tenant_id}/invitations"
    assert (await browser.request("POST", path, json={"email": email, "role": "support"})).status == 201
    return {"token": await portal.mailed_token(email)}


async def _look(portal: Portal, side: Side, client: AsgiClient) -> Prepared:
    return client, await _invitation(portal, side, email="looker@example.com")


async def _accept(portal: Portal, side: Side, _client: AsgiClient) -> Prepared:
    body = await _invitation(portal, side, email="joiner@example.com")
    stranger = await portal.sign_up("joiner@example.com")
    return portal.browser(stranger.cookie("lp_session")), body


async def _accept_as_new(portal: Portal, side: Side, client: AsgiClient) -> Prepared:
    body = await _invitation(portal, side, email="newcomer@example.com")
    return client, {**body, "password": PASSWORD, "name": "Nina"}


async def _not_the_last_owner(portal: Portal, side: Side, _client: AsgiClient) -> Prepared:
    return portal.browser(side.people[Role.SUPPORT].token), None


async def _untagged(_portal: Portal, side: Side, client: AsgiClient) -> Prepared:
    path = f"/api/v1/tenants/{side.tenant_id}/users/{side.ids['user_id']}/tags/{PATH_VALUES['tag']}"
    assert (await client.request("DELETE", path)).status < HTTPStatus.MULTIPLE_CHOICES
    return client, None


async def _export_to_cancel(_portal: Portal, side: Side, client: AsgiClient) -> Prepared:
    body = {"kind": "payments", "format": "csv", "columns": ["id"]}
    asked = await client.request("POST", f"/api/v1/tenants/{side.tenant_id}/exports", json=body)
    side.ids["export_id"] = UUID(asked.json()["id"])
    return client, None


async def _extension_to_stop(_portal: Portal, side: Side, client: AsgiClient) -> Prepared:
    body = {"days": 3, "idempotence_key": str(uuid4())}
    asked = await client.request("POST", f"/api/v1/tenants/{side.tenant_id}/extensions", json=body)
    side.ids["extension_id"] = UUID(asked.json()["id"])
    return client, None


async def _paused(_portal: Portal, side: Side, client: AsgiClient) -> Prepared:
    path = f"/api/v1/tenants/{side.tenant_id}/subscriptions/{side.ids['subscription_id']}/pause"
    assert (await client.request("POST", path, json={"days": 3})).status < HTTPStatus.MULTIPLE_CHOICES
    return client, None


async def _archived(_portal: Portal, side: Side, client: AsgiClient) -> Prepared:
    path = f"/api/v1/tenants/{side.tenant_id}/campaigns/{side.ids['campaign_id']}/archive"
    assert (await client.request("POST", path)).status < HTTPStatus.MULTIPLE_CHOICES
    return client, None


async def _another_plan(_portal: Portal, side: Side, client: AsgiClient) -> Prepared:
    plan = {**PLAN, "bot_id": str(side.ids["bot_id"]), "channel_ids": [str(side.ids["channel_id"])]}
    made = await client.request("POST", f"/api/v1/tenants/{side.tenant_id}/plans", json=plan)
    return client, {"plan_id": made.json()["id"], "time": "same_end", "idempotence_key": str(uuid4())}


async def _import_to_begin(_portal: Portal, side: Side, client: AsgiClient) -> Prepared:
    body = {
        "content": b64encode(b"telegram_id\n4242\n").decode(), "plan_id": str(side.ids["plan_id"]), "grace_days": 7,
        "idempotence_key": str(uuid4()),
    }  # fmt: skip
    checked = await client.request("POST", f"/api/v1/tenants/{side.tenant_id}/imports", json=body)
    side.ids["import_id"] = UUID(checked.json()["id"])
    return client, None


def _steered(*steps: str) -> Callable[[Portal, Side, AsgiClient], Awaitable[Prepared]]:
    """Bring the side's broadcast so far: tested, sent, paused."""

    async def prepare(portal: Portal, side: Side, client: AsgiClient) -> Prepared:
        path = f"/api/v1/tenants/{side.tenant_id}/broadcasts/{side.ids['broadcast_id']}"
        for step in steps:
            name = f"broadcasts-{step}"
            body = BODIES[name](portal, side) if name in BODIES else None
            done = await client.request("POST", f"{path}/{step}", json=body)
            assert done.status == HTTPStatus.OK, done.body
        return client, None

    return prepare


async def _closing(_portal: Portal, side: Side, client: AsgiClient) -> Prepared:
    path = f"/api/v1/tenants/{side.tenant_id}/close"
    asked = await client.request("POST", path, json={"name": f"{side.mark} tenant"})
    assert asked.status < HTTPStatus.MULTIPLE_CHOICES
    return client, None


async def _another_person(_portal: Portal, side: Side, client: AsgiClient) -> Prepared:
    side.ids["user_id"] = side.ids["invited_id"]
    return client, None


async def _on_the_price_list(portal: Portal, _side: Side, client: AsgiClient) -> Prepared:
    await put_on_sale(portal, "pro")
    return client, None


async def _billed(portal: Portal, side: Side, client: AsgiClient) -> Prepared:
    await put_on_sale(portal, "pro")
    path = f"/api/v1/tenants/{side.tenant_id}/billing/checkout"
    assert (await client.request("POST", path, json={"plan_code": "pro"})).status < HTTPStatus.MULTIPLE_CHOICES
    return client, None


PREPARATIONS: Mapping[str, Callable[[Portal, Side, AsgiClient], Awaitable[Prepared]]] = {
    "billing-check_out": _on_the_price_list,
    "billing-open_portal": _billed,
    "billing-pay": _billed,
    "auth-verify_email": _verify_email,
    "auth-look_at_link": _look_at_link,
    "auth-reset_password": _reset,
    "auth-confirm_email": _confirm_email,
    "auth-finish_log_in": _second_step,
    "auth-confirm_second_factor": _confirm_totp,
    "auth-turn_off_second_factor": _second_factor_on,
    "auth-renew_recovery_codes": _second_factor_on,
    "auth-finish_provider": _finish_provider,
    "broadcasts-send": _steered("test"),
    "broadcasts-schedule": _steered("test"),
    "broadcasts-unschedule": _steered("test", "schedule"),
    "broadcasts-pause": _steered("test", "send"),
    "broadcasts-resume": _steered("test", "send", "pause"),
    "broadcasts-stop": _steered("test", "send"),
    "broadcasts-retry_failed": _steered("test", "send"),
    "broadcasts-resend_uncertain": _steered("test", "send"),
    "erasures-request": _another_person,
    "tenants-keep": _closing,
    "broadcasts-resend_to": _steered("test", "send"),
    "tenants-leave": _not_the_last_owner,
    "users-add_tag": _untagged,
    "exports-cancel": _export_to_cancel,
    "extensions-stop": _extension_to_stop,
    "subscriptions-resume": _paused,
    "campaigns-restore": _archived,
    "subscriptions-change_plan": _another_plan,
    "imports-start": _import_to_begin,
    "imports-stop": _import_to_begin,
    "invitations-look": _look,
    "invitations-accept": _accept,
    "invitations-accept_as_new": _accept_as_new,
}
