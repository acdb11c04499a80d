"""The API keeps to its own description: schemathesis makes requests of it, good and bad, and reads the answers.

None fails (no 5xx), and every status, content type, header and body is one that the description promises.
"""

from __future__ import annotations

import copy
import os
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from control_plane.app import describe_api
from lumenpay.admins.service import open_session
from lumenpay.db.session import Database
from lumenpay.models.tenants import Role
from tests.isolation.cast import Seeder, Side
from tests.isolation.requests import PATH_VALUES
from tests.support.asgi import Answer, AsgiClient
from tests.support.portal import ORIGIN, Portal

SEED = int(os.environ.get("LUMENPAY_FAULT_SEED", "20261124"))
EXAMPLES = int(os.environ.get("LUMENPAY_SCHEMA_EXAMPLES", "3"))
"""Good requests of each operation, and as many bad ones."""
STRANGE_SHARE = 0.25
"""Of the ids in a request so many stay as they were made up; the others become the tenant's own."""
CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance,
    response_headers_conformance,
]  # fmt: skip


@pytest.fixture
async def alpha(portal: Portal, seeder: Seeder) -> Side:
    shop, bot = portal.new_shop(), portal.new_bot()
    keys = {"token": bot.token, "shop_id": shop.shop_id, "secret_key": shop.secret_key}
    return await seeder.side("alpha", {Role.OWNER: "Alice"}, **keys)


async def test_every_answer_is_one_that_the_description_promises_j13(
    portal: Portal, alpha: Side, database: Database
) -> None:
    asked = Asked(portal, alpha, database)
    for operation in in_order(describe_api()):
        await asked.ask(operation)
    facts = f"seed {SEED}: {sum(asked.statuses.values())} requests, {dict(sorted(asked.statuses.items()))}"
    sys.stderr.write(facts + "\n")
    assert not asked.faults, f"{facts}\n" + "\n".join(asked.faults[:20])
    good = sum(count for status, count in asked.statuses.items() if status < 300)
    assert good > sum(asked.statuses.values()) // 5, facts


@pytest.mark.parametrize(
    ("operation_id", "lie"),
    [
        ("users-list", lambda described: described["responses"].pop("200")),
        ("users-get", lambda described: described["responses"].pop("404")),
        ("plans-list", lambda described: promise(described, "200", {"required": ["magic"]})),
        ("bots-list", lambda described: described["responses"]["200"].update(content={"text/html": {}})),
    ],
)
async def test_an_answer_that_the_description_does_not_promise_is_found(
    portal: Portal, alpha: Side, database: Database, operation_id: str, lie: Callable[[dict[str, Any]], object]
) -> None:
    document = copy.deepcopy(describe_api())
    for methods in document["paths"].values():
        for described in methods.values():
            if described["operationId"] == operation_id:
                lie(described)
    asked = Asked(portal, alpha, database)
    for operation in in_order(document):
        if operation.definition.raw["operationId"] == operation_id:
            await asked.ask(operation)
    assert asked.faults


def promise(described: dict[str, Any], status: str, schema: dict[str, Any]) -> None:
    described["responses"][status]["content"]["application/json"]["schema"] = schema


@dataclass
class Asked:
    """What was asked so far, how it was answered, and what was wrong with the answers."""

    portal: Portal
    side: Side
    database: Database
    chance: random.Random = field(default_factory=lambda: random.Random(SEED))
    statuses: Counter[int] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    async def ask(self, operation: APIOperation) -> None:
        # An operation may end the session that it is asked with.
        token = await open_session(self.database, self.side.owner.admin_id, user_agent="x", now=self.portal.clock.now())
        browser = self.portal.browser(token.reveal())
        for case in make_cases(operation):
            put_own_ids(case, self.side, self.chance)
            request = requests.Request(**case.as_transport_kwargs(base_url=ORIGIN)).prepare()
            answer = await send(browser, request)
            self.statuses[answer.status] += 1
            self.faults += find_faults(case, request, answer)


def in_order(document: dict[str, Any]) -> Iterator[APIOperation]:
    """Return every operation; those that take things away come last."""
    schema = schemathesis.openapi.from_dict(document)
    found = [result.ok() for result in schema.get_all_operations()]
    yield from sorted(found, key=lambda operation: operation.method.upper() == "DELETE")


def make_cases(operation: APIOperation) -> list[Case]:
    cases: list[Case] = []
    takes_something = any(operation.iter_parameters()) or len(operation.body)
    # Of a request without any part there is no bad version.
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE) if takes_something else (GenerationMode.POSITIVE,):

        @seed(SEED)
        @settings(
            max_examples=EXAMPLES, database=None, deadline=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(operation.as_strategy(generation_mode=mode))
        def collect(case: Case) -> None:
            cases.append(case)

        with suppress(Unsatisfiable):  # what takes any text has no bad version
            collect()
    return cases


def put_own_ids(case: Case, side: Side, chance: random.Random) -> None:
    own = {name: str(row_id) for name, row_id in side.ids.items()} | PATH_VALUES
    for part in (case.path_parameters, case.query, case.body):
        for name in part if isinstance(part, dict) else ():
            singular = name.removesuffix("s")
            if chance.random() < STRANGE_SHARE:
                continue
            if name in own:
                part[name] = own[name]
            elif singular in own and isinstance(part[name], list):
                part[name] = [own[singular]]


async def send(browser: AsgiClient, request: requests.PreparedRequest) -> Answer:
    address = urlsplit(str(request.url))
    body = request.body.encode() if isinstance(request.body, str) else request.body
    kept = {name: value for name, value in request.headers.items() if name.lower() == "content-type"}
    return await browser.request(
        str(request.method), unquote(address.path), content=body or b"", query=address.query.encode(), headers=kept
    )


def find_faults(case: Case, request: requests.PreparedRequest, answer: Answer) -> list[str]:
    headers: dict[str, list[str]] = {}
    for name, value in answer.headers:
        headers.setdefault(name.decode().lower(), []).append(value.decode("latin-1"))
    response = schemathesis.Response(answer.status, headers, answer.body, request, 0.0, verify=False)
    try:
        case.validate_response(response, checks=CHECKS)
    except AssertionError as error:
        return [f"{request.method} {request.url} {request.body!r}: {answer.status} {answer.body[:300]!r}: {error!r}"]
    except BaseExceptionGroup as group:
        return [
            f"{request.method} {request.url} {request.body!r}: {answer.status}: {error}" for error in group.exceptions
        ]
    return []
