"""Whatever is sent: an answer in the one shape of errors, never a failure of ours, never an echo."""

from __future__ import annotations

import json
import random
import time
from typing import Any

import pytest

from tests.isolation.cast import Person, Seeder, Side
from tests.isolation.operations import list_operations
from tests.isolation.requests import BODIES, PLAN
from tests.support.asgi import Answer, AsgiClient
from tests.support.portal import ORIGIN, Portal

TENANTS = "/api/v1/tenants"
STRANGE: list[object] = [
    None, True, -1, 2**63, 2**200, 1.5, "", "\x00", "\ud800", "x" * 9000, [], {}, [None], {"a": {}}, [[]],
]  # fmt: skip
BODIES_THAT_ARE_NONE = {
    "nothing": b"",
    "half an object": b'{"name": "A',
    "bytes that are no text": b'{"name": "\xff\xfe"}',
    "no object": b'["name"]',
    "null": b"null",
    "a number of 5,000 digits": b'{"name": ' + b"9" * 5000 + b"}",
    "a hundred thousand brackets": b"[" * 100_000,
    "a deep object": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    "NUL in a name": b'{"name": "A\\u0000B"}',
    "half a character in a name": b'{"name": "A\\ud800"}',
    "half a character in a field's name": b'{"name": "A", "\\ud800": 1}',
    "NUL in a field's name": b'{"name": "A", "\\u0000": 1}',
    "an unknown field": b'{"name": "A", "is_staff": true}',
    "a name twice": b'{"name": "A", "name": "B"}',
    "not a number": b'{"name": "A", "grace_seconds": NaN}',
    "infinity": b'{"name": "A", "grace_seconds": Infinity}',
    "a fraction": b'{"name": "A", "grace_seconds": 1.5}',
    "a huge number": b'{"name": "A", "grace_seconds": 99999999999999999999999999}',
    "a negative number": b'{"name": "A", "grace_seconds": -1}',
    "a list of the wrong things": b'{"name": "A", "reminder_offsets_seconds": [[]]}',
    "too many reminders": b'{"name": "A", "reminder_offsets_seconds": [1,2,3,4,5,6,7,8,9]}',
    "a place outside time": b'{"name": "A", "time_zone": "../../etc/passwd"}',
    "half a character in a zone": b'{"name": "A", "time_zone": "\\udcff"}',
}


@pytest.fixture
async def alice(seeder: Seeder) -> Person:
    return await seeder.person("Alice")


def _is_refusal(answer: Answer, *statuses: int) -> bool:
    assert answer.status in (statuses or range(400, 500)), (answer.status, answer.body)
    assert answer.json().keys() == {"code", "message", "fields"}, answer.body
    return True


@pytest.mark.parametrize("name", BODIES_THAT_ARE_NONE)
async def test_a_body_that_makes_no_sense_is_refused(name: str, portal: Portal, alice: Person) -> None:
    browser = portal.browser(alice.token)
    answer = await browser.request(
        "POST", TENANTS, content=BODIES_THAT_ARE_NONE[name], headers={"content-type": "application/json"}
    )
    assert _is_refusal(answer, 400, 422)
    assert (await browser.request("GET", TENANTS)).json()["total"] == 0


@pytest.mark.parametrize(
    "text", ["\x00", "A\x00", "\ud800", "%", "_" * 64, "' OR 1=1 --", "\\", "9" * 40, "\u202e", "💥" * 64]
)
async def test_a_search_is_only_ever_a_search(portal: Portal, alpha: Side, text: str) -> None:
    query = b"search=" + "".join(f"%{byte:02x}" for byte in text.encode("utf-8", "surrogatepass")).encode()
    answer = await portal.browser(alpha.owner.token).request("GET", f"{TENANTS}/{alpha.tenant_id}/users", query=query)
    assert answer.status in (200, 422), answer.body
    assert answer.status == 422 or answer.json()["total"] == 0


@pytest.mark.parametrize(
    "query",
    [
        "page=0", "page=-1", "page=99999999999999999999", "size=0", "size=100000", "page=1.5", "page=x", "bot_id=7",
        "status=nonsense", "delivery_state=joined&delivery_state=x", "created_from=2026-01-01", "created_from=9e99",
        "created_from=0000-00-00T00:00:00Z", "created_from=2026-01-01T00:00:00", "page=%00", "bot_id=%ff",
    ],
)  # fmt: skip
async def test_a_filter_that_makes_no_sense_is_refused(portal: Portal, alpha: Side, query: str) -> None:
    path = f"{TENANTS}/{alpha.tenant_id}/payments"
    answer = await portal.browser(alpha.owner.token).request("GET", path, query=query.encode())
    assert _is_refusal(answer, 422)


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "1970-01-01T00:00:00Z"])
async def test_a_moment_at_the_edge_of_time_is_no_failure_of_ours(portal: Portal, alpha: Side, moment: str) -> None:
    path = f"{TENANTS}/{alpha.tenant_id}/payments"
    answer = await portal.browser(alpha.owner.token).request("GET", path, query={"created_from": moment})
    assert answer.status in (200, 422), answer.body


@pytest.mark.parametrize("odd", ["7", "x" * 3000, "%00", "00000000-0000-0000-0000-00000000000g", "..", "%f0%28%8c%28"])
async def test_an_id_that_is_none_is_refused(portal: Portal, alpha: Side, odd: str) -> None:
    browser = portal.browser(alpha.owner.token)
    for path in (f"{TENANTS}/{odd}/bots", f"{TENANTS}/{alpha.tenant_id}/bots/{odd}"):
        assert _is_refusal(await browser.request("GET", path), 404, 422)


@pytest.mark.parametrize(
    "change",
    [
        {"price_minor": -1}, {"price_minor": 10**13}, {"price_minor": "1e400"},
        {"period_count": 100_001}, {"period_unit": "year", "period_count": 11}, {"period_unit": "century"},
        {"period_unit": "lifetime", "period_count": 2}, {"currency": "rub"}, {"currency": "RUB\n"}, {"title": "\x00"},
        {"channel_ids": []}, {"channel_ids": ["x"]}, {"position": 10**9}, {"description": "\ud800"},
    ],
)  # fmt: skip
async def test_a_plan_that_cannot_be_sold_is_refused(portal: Portal, alpha: Side, change: dict[str, Any]) -> None:
    body = BODIES["plans-create"](portal, alpha) | change
    content = _dump(body)
    answer = await portal.browser(alpha.owner.token).request(
        "POST", f"{TENANTS}/{alpha.tenant_id}/plans", content=content
    )
    assert _is_refusal(answer, 422)
    assert answer.json()["fields"], answer.body


@pytest.mark.parametrize(
    "change",
    [
        {"discount_value": 0}, {"discount_value": 101}, {"discount_kind": "extra_days", "discount_value": 10**12},
        {"discount_kind": "amount"}, {"currency": "RUB"}, {"code": "ПРИВЕТ"}, {"code": "a b"}, {"max_uses": 0},
        {"valid_from_at": "2026-02-01T00:00:00Z", "valid_until_at": "2026-01-01T00:00:00Z"},
        {"valid_from_at": "2026-02-01T00:00:00"}, {"valid_until_at": "0001-01-01T00:00:00+14:00"},
    ],
)  # fmt: skip
async def test_a_promo_code_that_makes_no_sense_is_refused(portal: Portal, alpha: Side, change: dict[str, Any]) -> None:
    body = BODIES["promo_codes-create"](portal, alpha) | change
    path = f"{TENANTS}/{alpha.tenant_id}/promo-codes"
    assert _is_refusal(await portal.browser(alpha.owner.token).request("POST", path, json=body), 422)


async def test_strange_values_in_every_field_are_never_a_failure_of_ours(portal: Portal, alpha: Side) -> None:
    browser = portal.browser(alpha.owner.token)
    for name, operation in list_operations().items():
        if not operation.has_body or not operation.is_in_tenant:
            continue
        own = BODIES[name](portal, alpha)
        path = operation.path
        for part in operation.path_names:
            path = path.replace(f"{{{part}}}", str(alpha.ids.get(part, {"key": "welcome", "locale": "ru"}.get(part))))
        for field in own:
            # A third of them for each field, others with each seed: all of them would take a tenth of the suite's time.
            for value in random.sample(STRANGE, 5):
                answer = await browser.request(operation.method, path, content=_dump(own | {field: value}))
                assert answer.status < 500, (name, field, value, answer.body)


async def test_a_token_that_was_sent_is_never_repeated(portal: Portal, alpha: Side) -> None:
    secret = "777000777:AAcanary-canary-canary-canary-canary"
    browser, base = portal.browser(alpha.owner.token), f"{TENANTS}/{alpha.tenant_id}/bots"
    shop = f"{base}/{alpha.ids['bot_id']}/shop"
    for method, path, body in (
        ("POST", base, {"token": secret}),
        ("POST", base, {"token": [secret]}),
        ("POST", base, {"tokens": secret}),
        ("POST", base, {"token": secret + "x" * 5000}),
        ("PUT", shop, {"shop_id": secret, "secret_key": secret}),
        ("PUT", shop, {"shop_id": "1", "secret_key": {"key": secret}}),
        ("PUT", shop, {"shop_id": "1", "secret_key": secret}),
    ):
        answer = await browser.request(method, path, json=body)
        assert _is_refusal(answer, 422), (path, answer.body)
        assert b"canary" not in answer.body


@pytest.mark.parametrize("chunks", [1, 64])
async def test_a_body_over_a_mebibyte_is_too_large(portal: Portal, alice: Person, chunks: int) -> None:
    body = _dump({"name": "x" * 1_100_000})
    answer = await portal.browser(alice.token).request("POST", TENANTS, content=body, chunks=chunks)
    assert _is_refusal(answer, 413)


LARGE_BODIES = {
    "a hundred thousand names": b'{"name": "A", ' + b",".join(b'"%05d": 1' % number for number in range(90_000)) + b"}",
    "half a million numbers": b'{"name": [' + b",".join(b"1" for _ in range(500_000)) + b"]}",
    "one very long number": b'{"name": ' + b"9" * 1_000_000 + b"}",
    "half a million brackets": b"[" * 1_000_000,
    "escapes only": b'{"name": "' + b"\\u0000" * 160_000 + b'"}',
    "packed": b"\x1f\x8b\x08" + b"\0" * 1_000_000,
}


@pytest.mark.parametrize("name", LARGE_BODIES)
async def test_the_largest_body_is_refused_within_a_second_j13(name: str, portal: Portal, alice: Person) -> None:
    browser, began_at = portal.browser(alice.token), time.process_time()
    answer = await browser.request("POST", TENANTS, content=LARGE_BODIES[name])
    assert _is_refusal(answer, 400, 422)
    assert time.process_time() - began_at < 1
    assert len(answer.body) < 100_000


async def test_only_json_is_read(portal: Portal, alice: Person) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""):
        answer = await portal.browser(alice.token).request(
            "POST", TENANTS, content=b'{"name": "A"}', headers={"content-type": kind}
        )
        assert _is_refusal(answer, 415)


async def test_a_path_or_method_that_is_none_is_answered_in_the_same_shape(portal: Portal, alice: Person) -> None:
    browser: AsgiClient = portal.browser(alice.token)
    assert _is_refusal(await browser.request("GET", "/api/v1/nothing"), 404)
    assert _is_refusal(await browser.request("POST", "/api/v1/auth/me"), 405)
    assert _is_refusal(await browser.request("GET", "/api/docs"), 404)
    assert _is_refusal(await portal.browser(origin=ORIGIN + ".evil.example").request("POST", TENANTS, json=PLAN), 403)


def _dump(body: object) -> bytes:
    # The standard library writes what other writers refuse: half characters and numbers of any length.
    return json.dumps(body, default=str).encode()
