"""What every request passes: origin, size, shape of errors, headers."""

from __future__ import annotations

import pytest

from tests.integration.control_plane.conftest import Owner
from tests.support.asgi import AsgiClient
from tests.support.portal import Portal

HEADERS = (
    "x-content-type-options",
    "referrer-policy",
    "content-security-policy",
    "cache-control",
    "permissions-policy",
)


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example", "sec-fetch-site": "cross-site"},
        {"origin": "https://evil.example"},
        {"sec-fetch-site": "same-site"},
        {"origin": "null"},
        {},
    ],
    ids=str,
)
async def test_an_unsafe_request_from_elsewhere_has_no_effect_j1(portal: Portal, owner: Owner, headers):
    stranger = AsgiClient(portal.app, {"cookie": f"lp_session={owner.token}", **headers})
    answer = await stranger.request("POST", "/api/v1/tenants", json={"name": "Stolen"})
    assert (answer.status, answer.json()["code"]) == (403, "cross_site_request")
    names = [item["name"] for item in (await owner.browser.request("GET", "/api/v1/tenants")).json()["items"]]
    assert names == ["Alpha"]


async def test_a_body_that_is_not_json_is_refused_j1(owner: Owner):
    answer = await owner.browser.request(
        "POST", "/api/v1/tenants", content=b'{"name": "Form"}', headers={"content-type": "text/plain"}
    )
    assert answer.status == 415


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/v1/nowhere", 404), ("DELETE", "/api/v1/tenants", 405), ("GET", "/api/v1/tenants", 401),
        ("GET", "/api/health", 200), ("GET", "/api/openapi.json", 200),
    ],
)  # fmt: skip
async def test_every_answer_carries_the_guarding_headers_j4(database, portal: Portal, method, path, status):
    answer = await portal.browser().request(method, path)
    assert answer.status == status
    assert all(answer.header(name) for name in HEADERS)


@pytest.mark.parametrize(
    "body",
    [
        b"{", b"[]", b"null", b'"x"', b'{"name": "a\\u0000b"}', b'{"name": "\\ud800"}', b'{"name": 1}',
        b'{"name": "x", "grace_seconds": 99999999999999999999999}', b'{"name": "x", "is_admin": true}',
        b"[" * 100_000, b'{"name": ' + b"[" * 50_000 + b"]" * 50_000 + b"}", b"\xff\xfe", b'{"name": ""}',
        b'{"name": "x", "time_zone": "Mars/Olympus"}', b'{"name": "x", "reminder_offsets_seconds": [-1]}',
    ],
    ids=range(15),
)  # fmt: skip
async def test_bad_input_is_a_clear_refusal_and_never_a_failure_j13(owner: Owner, body: bytes):
    answer = await owner.browser.request("POST", "/api/v1/tenants", content=body)
    assert answer.status in (400, 422)
    assert set(answer.json()) == {"code", "message", "fields"}


async def test_a_body_that_is_too_large_is_refused_before_it_is_read(owner: Owner):
    answer = await owner.browser.request("POST", "/api/v1/tenants", content=b'{"name": "' + b"x" * 2_000_000 + b'"}')
    assert answer.status == 413


async def test_a_lost_database_is_told_as_such_and_comes_back(owner: Owner, servers, superuser_url: str):
    answer = await owner.browser.request("GET", "/api/ready")
    assert answer.json()["database"] == "ok"
    assert answer.json()["status"] in ("ok", "degraded")
