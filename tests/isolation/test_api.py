"""Every operation × every place of an id × a foreign and a random one: the same bytes (faults A6, A7, A15, A16)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from control_plane.app import describe_api
from tests.isolation.cast import Seeder
from tests.isolation.catalogue import list_owned_tables
from tests.isolation.conftest import Cast, make_cast
from tests.isolation.operations import Operation, Slot, list_operations
from tests.isolation.preparations import PREPARATIONS
from tests.isolation.requests import BODIES, PATH_VALUES
from tests.support.asgi import Answer, AsgiClient
from tests.support.portal import Portal

OPERATIONS = {name: operation for name, operation in list_operations().items() if not operation.is_of_staff}
"""Without those of the console, which are not there for tenants: `test_console.py` shows that."""

GOES_FURTHER = {"broadcasts-upload": (409, "test_reader_missing")}
"""What needs more than the cast has, with what is said of one's own id: the rest is in `test_uploads.py`."""


def _only_reads(name: str) -> bool:
    return OPERATIONS[name].method == "GET" and name not in PREPARATIONS


@pytest.fixture
async def superuser(superuser_url: str) -> AsyncIterator[asyncpg.Connection[Any]]:
    connection = await asyncpg.connect(superuser_url, timeout=10)
    yield connection
    await connection.close()


@pytest.fixture
async def cast(seeder: Seeder, portal: Portal) -> Cast:
    return await make_cast(seeder, alpha=_known(portal), beta=_known(portal))


def _known(portal: Portal) -> dict[str, str]:
    shop = portal.new_shop()
    return {"token": portal.new_bot().token, "shop_id": shop.shop_id, "secret_key": shop.secret_key}


async def _send(
    client: AsgiClient, operation: Operation, own: Mapping[str, UUID], body: dict[str, Any] | None,
    put: Mapping[Slot, object],
) -> Answer:  # fmt: skip
    """Send the operation with one's own ids, except where `put` says otherwise; filters only where it does."""
    by_name = {(slot.where, slot.name): value for slot, value in put.items()}
    path = operation.path
    for name in operation.path_names:
        assert name in own or name in PATH_VALUES, f"the suite has no value for {{{name}}} of {operation.id}: add one"
        path = path.replace(f"{{{name}}}", str(by_name.get(("path", name), PATH_VALUES.get(name) or own[name])))
    query = [(name, value) for (where, name), value in by_name.items() if where == "query"]
    if body is not None:
        for slot, value in put.items():
            body = slot.put_into(body, value) if slot.where == "body" else body
    return await client.request(operation.method, path, json=body, query=query)


async def _fingerprint(superuser: asyncpg.Connection[Any], tenant_id: UUID) -> dict[str, str]:
    return {
        table: await superuser.fetchval(
            f'SELECT md5(string_agg(t::text, chr(10) ORDER BY t::text)) FROM "{table}" t WHERE tenant_id = $1',
            tenant_id,
        )
        for table in await list_owned_tables(superuser)
    }


def _attacks(operation: Operation, cast: Cast) -> list[tuple[dict[Slot, object], dict[Slot, object]]]:
    """Return pairs of what is put where: the neighbour's id, and one that nobody has. One place at a time, then all."""
    for slot in operation.slots:
        assert slot.noun in cast.beta.ids, f"the cast has no {slot.noun} for {operation.id}: add one"
    chosen: list[tuple[Slot, ...]] = [(slot,) for slot in operation.slots]
    if len(chosen) > 1:
        chosen.append(operation.slots)
    return [({s: cast.beta.ids[s.noun] for s in slots}, {s: uuid4() for s in slots}) for slots in chosen]


@pytest.mark.parametrize("name", sorted(name for name in OPERATIONS if not _only_reads(name)))
async def test_a_foreign_id_is_answered_like_one_that_nobody_has_a6_a7(
    name: str, portal: Portal, cast: Cast, superuser: asyncpg.Connection[Any]
) -> None:
    await _is_told_nothing(name, portal, cast, superuser)


async def test_whoever_reads_is_told_nothing_by_a_foreign_id_a6_a7(
    portal: Portal, cast: Cast, superuser: asyncpg.Connection[Any]
) -> None:
    # What changes nothing leaves the cast as it was for the next one.
    for name in filter(_only_reads, OPERATIONS):
        await _is_told_nothing(name, portal, cast, superuser)


def _told(answer: Answer) -> list[tuple[bytes, bytes]]:
    # What is left of the caller's own calls goes down by one with each of them, whatever it asks for.
    own = (b"ratelimit-remaining", b"ratelimit-reset")
    return [(name, value) for name, value in answer.headers if name not in own]


async def _is_told_nothing(name: str, portal: Portal, cast: Cast, superuser: asyncpg.Connection[Any]) -> None:
    operation = OPERATIONS[name]
    assert not operation.has_body or name in BODIES, f"the suite has no body for {name}: add one"
    client = portal.browser(cast.alpha.owner.token)
    own = cast.alpha.ids
    body = BODIES[name](portal, cast.alpha) if operation.has_body else None
    for slot in operation.slots:
        assert slot.where != "body" or body is None or slot.name.partition(".")[0] in body, (
            f"the body of {name} lacks {slot.name}"
        )
    before = await _fingerprint(superuser, cast.beta.tenant_id)
    for foreign, random in _attacks(operation, cast):
        places = [(slot.where, slot.name) for slot in foreign]
        refused = await _send(client, operation, own, body, foreign)
        unknown = await _send(client, operation, own, body, random)
        seen, usual = ((answer.status, _told(answer), answer.body) for answer in (refused, unknown))
        assert seen == usual, (name, places)
        if {where for where, _ in places} == {"query"}:
            assert (refused.status, refused.json()["items"], refused.json().get("total", 0)) == (200, [], 0), (
                name,
                places,
            )
        else:
            assert refused.status in (404, 422), (name, places, refused.body)
        _has_nothing_of(cast, refused)
    assert await _fingerprint(superuser, cast.beta.tenant_id) == before
    # The same request with one's own ids succeeds: what was refused above was refused for the id's sake.
    if name in PREPARATIONS:
        client, prepared = await PREPARATIONS[name](portal, cast.alpha, client)
        body = prepared or body
    filters = {slot: own[slot.noun] for slot in operation.slots if slot.where == "query"}
    allowed = await _send(client, operation, own, body, filters)
    if name in GOES_FURTHER:
        assert (allowed.status, allowed.json()["code"]) == GOES_FURTHER[name]
        return
    assert allowed.status < 300, (name, allowed.status, allowed.body)
    if filters:
        assert allowed.json().get("total", len(allowed.json()["items"])) == 1
    _has_nothing_of(cast, allowed)
    assert await _fingerprint(superuser, cast.beta.tenant_id) == before


def _has_nothing_of(cast: Cast, answer: Answer) -> None:
    seen = answer.body + b"".join(value for _, value in answer.headers)
    assert cast.beta.mark.encode() not in seen.lower()
    for noun, row_id in cast.beta.ids.items():
        assert str(row_id).encode() not in seen, noun


async def test_no_reading_shows_anything_of_the_neighbour_a15(portal: Portal, cast: Cast) -> None:
    client = portal.browser(cast.alpha.owner.token)
    shown = 0
    for operation in OPERATIONS.values():
        if operation.method != "GET":
            continue
        answer = await _send(client, operation, cast.alpha.ids, None, {})
        assert answer.status == 200, (operation.id, answer.body)
        _has_nothing_of(cast, answer)
        shown += cast.alpha.mark.encode() in answer.body.lower()
    assert shown > 15, "the canary would not be seen: one's own mark is not either"


def _gives_a_file(described: dict[str, Any]) -> bool:
    kinds = described["responses"].get("200", {}).get("content", {})
    return bool(kinds.keys() - {"application/json", "text/event-stream"})


async def test_no_file_of_a_neighbour_is_handed_out_a17(portal: Portal, cast: Cast) -> None:
    document = describe_api()["paths"]
    files = {
        described["operationId"] for methods in document.values() for described in methods.values()
        if _gives_a_file(described)
    }  # fmt: skip
    assert files == {
        "exports-get_file", "exports-get_whole", "promo_codes-get_csv", "promo_codes-get_qr", "analytics-export",
        "imports-get_report", "campaigns-get_qr",
    }  # fmt: skip
    client, guess = portal.browser(cast.alpha.owner.token), dict.fromkeys(cast.alpha.ids, uuid4())
    for name in files:
        operation, own, foreign = OPERATIONS[name], cast.alpha.ids, cast.beta.ids
        inside = {**foreign, "tenant_id": own["tenant_id"]}
        for ids in (foreign, guess, *([inside] if len(operation.path_names) > 1 else ())):
            refused = await _send(client, operation, ids, None, {})
            assert (refused.status, refused.header("content-type")) == (404, "application/json"), (name, refused.body)
        given = await _send(client, operation, own, None, {})
        assert given.status == 200, (name, given.body)
        assert given.header("content-type") != "application/json"


async def test_the_same_values_may_stand_in_two_tenants(portal: Portal, cast: Cast) -> None:
    # A9: a key over the platform would tell Alice what Charlie has. Chat, code and person are equal in both casts.
    for side in (cast.alpha, cast.beta):
        client, base = portal.browser(side.owner.token), f"/api/v1/tenants/{side.tenant_id}"
        assert (await client.request("GET", f"{base}/promo-codes")).json()["items"][0]["code"] == "SPRING"
        assert (await client.request("GET", f"{base}/users")).json()["items"][0]["telegram_id"] == 4242
        assert (await client.request("GET", f"{base}/channels")).json()["items"][0]["chat_id"] == -1_001_234_567


async def test_a_tenant_is_not_listed_for_a_stranger(portal: Portal, cast: Cast) -> None:
    found = await portal.browser(cast.beta.owner.token).request("GET", "/api/v1/tenants")
    assert [tenant["id"] for tenant in found.json()["items"]] == [str(cast.beta.tenant_id)]
