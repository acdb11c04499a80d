"""What holds for every operation of the API's own description, so for each new one too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import asyncpg
import pytest

from control_plane.app import describe_api
from lumenpay.models import Base
from tests.isolation.cast import Side
from tests.isolation.catalogue import list_owned_tables
from tests.isolation.operations import Operation, list_operations
from tests.isolation.requests import BODIES, PATH_VALUES
from tests.support.asgi import AsgiClient
from tests.support.portal import Portal

OPERATIONS = list_operations()
UNSAFE = [operation for operation in OPERATIONS.values() if operation.method != "GET"]
READING = [operation for operation in OPERATIONS.values() if operation.method == "GET" and not operation.is_of_staff]
ELSEWHERE = (
    {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"},
    {"origin": "null"}, {},
)  # fmt: skip


def path_of(operation: Operation, side: Side) -> str:
    values = {name: PATH_VALUES.get(name) or side.ids[name] for name in operation.path_names}
    return operation.path.format(**values)


async def snapshot(superuser_url: str) -> dict[str, str]:
    connection = await asyncpg.connect(superuser_url, timeout=10)
    try:
        tables = [*await list_owned_tables(connection), "tenants", "admins"]
        return {
            table: await connection.fetchval(
                f'SELECT md5(string_agg(t::text, chr(10) ORDER BY t::text)) FROM "{table}" t'
            )
            for table in tables
        }
    finally:
        await connection.close()


async def test_reading_changes_nothing_and_nothing_of_it_is_kept_by_caches_j2_j11(
    portal: Portal, alpha: Side, superuser_url: str
) -> None:
    browser, before = portal.browser(alpha.owner.token), await snapshot(superuser_url)
    assert len(READING) > 30
    for operation in READING:
        answer = await browser.request("GET", path_of(operation, alpha))
        assert answer.status == 200, (operation.id, answer.body)
        is_stream = (answer.header("content-type") or "").startswith("text/event-stream")
        assert is_stream or "no-store" in (answer.header("cache-control") or ""), operation.id
    assert await snapshot(superuser_url) == before


async def test_no_operation_does_anything_for_another_site_j1(
    portal: Portal, alpha: Side, superuser_url: str
) -> None:  # fmt: skip
    before = await snapshot(superuser_url)
    for operation in UNSAFE:
        path = path_of(operation, alpha)
        for headers in ELSEWHERE:
            stranger = AsgiClient(portal.app, {"cookie": f"lp_session={alpha.owner.token}", **headers})
            answer = await stranger.request(operation.method, path, json={"name": "x"})
            assert (answer.status, answer.json()["code"]) == (403, "cross_site_request"), (operation.id, headers)
        form = {"content-type": "text/plain"}
        answer = await portal.browser(alpha.owner.token).request(operation.method, path, content=b"{}", headers=form)
        assert answer.status == 415, operation.id
    assert await snapshot(superuser_url) == before


def columns() -> Iterator[str]:
    for table in Base.metadata.tables.values():
        yield from table.columns.keys()


@pytest.mark.parametrize("name", sorted(name for name in BODIES if OPERATIONS[name].is_in_tenant))
async def test_no_body_takes_a_column_that_is_not_its_business_j7(portal: Portal, alpha: Side, name: str) -> None:
    operation, browser = OPERATIONS[name], portal.browser(alpha.owner.token)
    described: dict[str, Any] = describe_api()
    known = set()
    for methods in described["paths"].values():
        for method in methods.values():
            if method["operationId"] == name:
                schema = method["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
                known = set(described["components"]["schemas"][schema]["properties"])
    more = {column: "1" for column in columns() if column not in known}
    assert {"tenant_id", "status", "role"} & more.keys()
    answer = await browser.request(
        operation.method, path_of(operation, alpha), json={**BODIES[name](portal, alpha), **more}
    )
    assert answer.status == 422
    assert more.keys() <= answer.json()["fields"].keys()
