"""What guards every answer of the HTTP door: headers, no redirects, no other origins, no files, nothing called."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest

from control_plane.app import ControlPlane, describe_api, make_api
from control_plane.edge import Receive, Scope, Send
from control_plane.web_app import CONTENT_SECURITY_POLICY
from tests.integration.control_plane.test_every_operation import OPERATIONS, UNSAFE, path_of
from tests.isolation.cast import PASSWORD, Side
from tests.isolation.requests import BODIES
from tests.support.asgi import AsgiClient
from tests.support.portal import ORIGIN, Portal

HOME = "https://pay.lumen.test"
GUARDS = {
    "x-content-type-options": "nosniff", "referrer-policy": "strict-origin-when-cross-origin",
    "cross-origin-opener-policy": "same-origin", "strict-transport-security": "max-age=31536000; includeSubDomains",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=()",
}  # fmt: skip
NOTHING = "default-src 'none'; frame-ancestors 'none'"
AUTH = "/api/v1/auth"
TAKES_A_FILE = "broadcasts-upload"
"""Its own tests: `broadcasts/test_uploads.py`."""


@pytest.fixture
def secure(portal: Portal, tmp_path: Path) -> AsgiClient:
    """The product at an https address, with a page, an operation that fails and webhooks that were not opened."""
    (tmp_path / "index.html").write_text("<title>LumenPay</title>", encoding="utf-8")
    services, api = portal.app.services, make_api.__wrapped__()
    settings = services.settings.model_copy(update={"public_url": HOME})

    async def fail() -> None:
        raise RuntimeError("the password is hunter2")

    api.add_api_route("/api/v1/failing", fail, methods=["GET"])
    api.router.routes.insert(0, api.router.routes.pop())
    app = ControlPlane(replace(services, settings=settings), web_app=tmp_path, api=api)

    async def survive(scope: Scope, receive: Receive, send: Send) -> None:
        # The framework answers and raises all the same, for the server's log.
        with suppress(RuntimeError):
            await app(scope, receive, send)

    return AsgiClient(survive, {"origin": HOME})


async def test_every_answer_of_every_door_carries_the_guarding_headers_j4(secure: AsgiClient, alpha: Side) -> None:
    asked = [(operation.method, path_of(operation, alpha), {}) for operation in OPERATIONS.values()]
    large = {"content": b'"' + b"x" * 2_000_000 + b'"'}
    errors: list[tuple[str, str, dict[str, Any], int]] = [
        ("GET", "/api/v1/failing", {}, 500), ("GET", "/api/v1/nowhere", {}, 404), ("PUT", "/api/v1/tenants", {}, 405),
        ("POST", "/api/v1/tenants", large, 413), ("POST", "/api/v1/tenants", {"content": b"{"}, 400),
        ("POST", "/api/v1/tenants", {"headers": {"origin": "https://evil.example"}}, 403),
        ("GET", "/tg/nobodys", {}, 405), ("POST", "/tg/nobodys", {}, 503), ("POST", "/webhooks/yookassa/x", {}, 503),
        ("GET", "/missing.js", {}, 404), ("GET", "/plans", {}, 200), ("GET", "/metrics/", {}, 404),
    ]  # fmt: skip
    answers = [(path, await secure.request(method, path, **values)) for method, path, values in asked]
    for method, path, values, status in errors:
        answer = await secure.request(method, path, **values)
        assert answer.status == status, (method, path, answer.body)
        answers.append((path, answer))
    for path, answer in answers:
        found = {name: answer.header(name) for name in GUARDS}
        assert found == GUARDS, path
        policy = CONTENT_SECURITY_POLICY if path == "/plans" else NOTHING
        assert answer.header("content-security-policy") == policy, path
        assert b"hunter2" not in answer.body
    assert "frame-ancestors 'none'" in CONTENT_SECURITY_POLICY
    assert "unsafe" not in CONTENT_SECURITY_POLICY


async def test_no_answer_sends_a_browser_to_another_site_j5(portal: Portal, alpha: Side) -> None:
    browser = portal.browser(alpha.owner.token, host="evil.example", **{"x-forwarded-host": "evil.example"})
    for operation in OPERATIONS.values():
        path = path_of(operation, alpha)
        for odd in (f"{path}/", f"/{path}", f"//evil.example{path}", f"/%2f%2fevil.example{path}", f"{path}\r\nx: y"):
            answer = await browser.request(
                "GET", odd, query={"next": "//evil.example", "return": "https://evil.example"}
            )
            assert answer.header("location") is None, (odd, answer.status)
    # Where the way to a provider leads back to is ours, whatever host the request names.
    begun = await browser.request("POST", f"{AUTH}/providers/google/log-in")
    back = parse_qs(urlsplit(begun.json()["url"]).query)["redirect_uri"]
    assert back == [f"{ORIGIN}/oidc/google"]


@asynccontextmanager
async def lying_in_wait() -> AsyncIterator[tuple[int, list[str]]]:
    """Listen on a port of this machine and count who comes."""
    visits: list[str] = []

    async def note(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        visits.append("came")
        writer.close()

    server = await asyncio.start_server(note, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1], visits


async def test_no_address_that_somebody_sends_is_called_j6(portal: Portal, alpha: Side) -> None:
    browser = portal.browser(alpha.owner.token)
    async with lying_in_wait() as (port, visits):
        places = (f"http://127.0.0.1:{port}/", f"//2130706433:{port}/", f"1:A@127.0.0.1:{port}/", f"../../../:{port}")
        for name, operation in OPERATIONS.items():
            if name not in BODIES or not operation.is_in_tenant:
                continue
            own = BODIES[name](portal, alpha)
            for field in own:
                for place in places:
                    await browser.request(operation.method, path_of(operation, alpha), json=own | {field: place})
        assert visits == []
        # It is heard when somebody does come.
        async with aiohttp.ClientSession() as http:
            with suppress(aiohttp.ClientError):
                await http.get(places[0])
        assert visits


async def test_no_other_site_may_read_an_answer_j8(portal: Portal, alpha: Side) -> None:
    for origin in ("null", f"{ORIGIN}.evil.example"):
        page = AsgiClient(portal.app, {"cookie": f"lp_session={alpha.owner.token}", "origin": origin})
        for operation in OPERATIONS.values():
            path = path_of(operation, alpha)
            asks = {"access-control-request-method": operation.method, "access-control-request-headers": "content-type"}
            for answer in (await page.request("OPTIONS", path, headers=asks), await page.request("HEAD", path)):
                allowed = [name for name, _ in answer.headers if name.lower().startswith(b"access-control-")]
                assert not allowed, (operation.id, origin, allowed)


async def test_one_operation_takes_a_file_and_only_as_bare_bytes_j9(portal: Portal, alpha: Side) -> None:
    described = describe_api()["paths"]
    kinds = {
        operation["operationId"]: set(operation.get("requestBody", {}).get("content", {"application/json": {}}))
        for methods in described.values()
        for operation in methods.values()
    }
    assert {name for name, taken in kinds.items() if taken != {"application/json"}} == {TAKES_A_FILE}
    files = {
        "multipart/form-data; boundary=x": b'--x\r\ncontent-disposition: form-data; name="f"; filename="../../a.php"',
        "image/svg+xml": b"<svg onload='alert(1)'/>", "application/zip": b"PK\x03\x04", "image/png": b"\x89PNG",
        "application/octet-stream": b"\xff\xd8\xff\xe0",
    }  # fmt: skip
    browser = portal.browser(alpha.owner.token)
    for operation in UNSAFE:
        for kind, content in files.items():
            if operation.id == TAKES_A_FILE and kind == "application/octet-stream":
                continue
            path = path_of(operation, alpha)
            answer = await browser.request(operation.method, path, content=content, headers={"content-type": kind})
            assert answer.status == 415, (operation.id, kind)
    # A packed body is not unpacked.
    packed = {"content-encoding": "gzip"}
    answer = await browser.request("POST", "/api/v1/tenants", content=b"\x1f\x8b\x08" + b"\0" * 999, headers=packed)
    assert answer.status == 400


async def test_what_a_client_claims_about_itself_counts_for_nothing_j12(portal: Portal, alpha: Side) -> None:
    log_in = {"email": alpha.owner.email, "password": "x" * 12}
    statuses = []
    for number in range(8):
        claims = {"x-forwarded-for": f"203.0.113.{number}", "x-real-ip": f"203.0.113.{number}",
                  "forwarded": f"for=203.0.113.{number}"}  # fmt: skip
        browser = portal.browser(address="198.51.100.7", **claims)
        statuses.append((await browser.request("POST", f"{AUTH}/log-in", json=log_in)).status)
    assert statuses[-2:] == [429, 429]
    # Nor does naming another host make its origin ours.
    evil = {"host": "evil.example", "x-forwarded-host": "evil.example", "x-forwarded-proto": "https"}
    stranger = AsgiClient(portal.app, {"cookie": f"lp_session={alpha.owner.token}", "origin": "https://evil.example"})
    refused = await stranger.request("POST", "/api/v1/tenants", json={"name": "x"}, headers=evil)
    assert (refused.status, refused.json()["code"]) == (403, "cross_site_request")
    entered = await portal.browser(address="198.51.100.8", **{"x-forwarded-for": "203.0.113.9"}).request(
        "POST", f"{AUTH}/log-in", json={**log_in, "password": PASSWORD}
    )
    sessions = await portal.browser(entered.cookie("lp_session")).request("GET", f"{AUTH}/sessions")
    assert "198.51.100.8" in {session["address"] for session in sessions.json()}
    assert b"203.0.113" not in sessions.body


async def test_nothing_of_the_inside_is_open_to_strangers_j14(portal: Portal, tmp_path: Path) -> None:
    services = portal.app.services
    settings = services.settings.model_copy(update={"metrics_port": 9464})
    app = ControlPlane(replace(services, settings=settings), web_app=tmp_path)
    stranger = AsgiClient(app, {})
    for path in ("/docs", "/redoc", "/api/docs", "/api/redoc", "/openapi.json", "/docs/oauth2-redirect", "/debug",
                 "/api/debug", "/metrics", "/metrics/", "/api/metrics", "/admin", "/flower", "/.env", "/.git/config",
                 "/server-status", "/__faults", "/api/v1/staff/queues"):  # fmt: skip
        answer = await stranger.request("GET", path)
        assert answer.status in (401, 404), path
        assert answer.json().keys() == {"code", "message", "fields"}, path
    health = await stranger.request("GET", "/api/health")
    assert health.json() == {"status": "ok"}
    ready = await stranger.request("GET", "/api/ready")
    assert ready.json().keys() == {"status", "database", "schema_revision", "broker"}
    for secret in (services.settings.database_url, services.settings.redis_url):
        assert secret.get_secret_value().rpartition("@")[2].encode() not in ready.body + health.body
