"""Makes requests of the API's own description, good ones and bad ones, and reads whether the answers keep to it.

No answer is a failure (no 5xx), and every status, content type, header and body is one that the description promises.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

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
from sqlalchemy import update

from lumenpay.admins.service import open_session
from lumenpay.db.session import Database
from lumenpay.db.unscoped import unscoped_session
from lumenpay.models.admins import AdminSession
from tests.isolation.cast import Person, Side
from tests.isolation.requests import PATH_VALUES
from tests.support.asgi import Answer, AsgiClient
from tests.support.portal import ORIGIN, Portal

SEED = int(os.environ.get("LUMENPAY_FAULT_SEED", "20261124"))
STRANGE_SHARE = 0.25
"""Of the ids in a request so many stay as they were made up; the others become the asker's own."""
CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance,
    response_headers_conformance,
]  # fmt: skip
Modes = tuple[GenerationMode, ...]
MODES: Modes = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
"""Good requests and bad ones."""
_CONSOLE = "/api/v1/staff/"
_IN_TENANT = "/api/v1/tenants/{tenant_id}"


@dataclass
class Asker:
    """Somebody who asks about the rows of one side; nobody when there is no person."""

    name: str
    side: Side
    person: Person | None = None
    is_staff: bool = False
    statuses: Counter[int] = field(default_factory=Counter)

    @property
    def asked(self) -> int:
        """How many requests were sent."""
        return sum(self.statuses.values())

    @property
    def succeeded(self) -> int:
        """How many of them did what they were for."""
        return sum(count for status, count in self.statuses.items() if status < 300)


@dataclass
class Questioning:
    """Asks operation by operation, and keeps what was wrong with the answers."""

    portal: Portal
    database: Database
    chance: random.Random = field(default_factory=lambda: random.Random(SEED))
    faults: list[str] = field(default_factory=list)

    async def ask(
        self, operation: APIOperation, *askers: Asker, examples: int, modes: Modes = MODES, number: int = 0
    ) -> None:  # fmt: skip
        """Send so many requests of each mode as each of these people; another number makes other requests."""
        cases = make_cases(operation, examples, modes=modes, number=number)
        for asker in askers:
            token = await self._open_session(asker, operation)
            for case in cases:
                own = put_own_ids(case, asker.side, self.chance)
                request = requests.Request(**own.as_transport_kwargs(base_url=ORIGIN)).prepare()
                # Each from an address of its own, or the limits of attempts would answer for the operations.
                answer = await send(self.portal.browser(token), request)
                asker.statuses[answer.status] += 1
                self.faults += [f"{asker.name}: {fault}" for fault in find_faults(own, request, answer)]

    async def _open_session(self, asker: Asker, operation: APIOperation) -> str | None:
        # An operation may end the session that it is asked with: each gets a new one.
        if asker.person is None:
            return None
        admin_id, now = asker.person.admin_id, self.portal.clock.now()
        token = (await open_session(self.database, admin_id, user_agent="x", now=now)).reveal()
        if asker.is_staff:
            async with unscoped_session(self.database) as session:
                mine = update(AdminSession).where(AdminSession.admin_id == admin_id)
                await session.execute(mine.values(mfa_at=now))
            if operation.path.startswith(_IN_TENANT):
                path = f"{_CONSOLE}tenants/{asker.side.tenant_id}/impersonate"
                body = {"reason": "reads as its owner does"}
                await self.portal.browser(token).request("POST", path, json=body)
        return token


def is_of_console(operation: APIOperation) -> bool:
    """Tell whether an operation is there for staff only."""
    return operation.path.startswith(_CONSOLE)


def in_order(document: dict[str, Any]) -> list[APIOperation]:
    """Return every operation; those that take things away come last, and last of all the end of the tenant itself."""
    schema = schemathesis.openapi.from_dict(document)
    found = [result.ok() for result in schema.get_all_operations()]
    return sorted(
        found, key=lambda operation: (operation.path == f"{_IN_TENANT}/close", operation.method.upper() == "DELETE")
    )


def make_cases(operation: APIOperation, examples: int, *, modes: Modes, number: int) -> list[Case]:
    """Return so many requests of each mode, the same for the same seed and number."""
    cases: list[Case] = []
    takes_something = any(operation.iter_parameters()) or len(operation.body)
    # Of a request without any part there is no bad version.
    for mode in modes if takes_something else (GenerationMode.POSITIVE,):

        @seed(SEED + number)
        @settings(
            max_examples=examples, database=None, deadline=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(operation.as_strategy(generation_mode=mode))
        def collect(case: Case) -> None:
            cases.append(case)

        with suppress(Unsatisfiable):  # what takes any text has no bad version
            collect()
    return cases


def put_own_ids(case: Case, side: Side, chance: random.Random) -> Case:
    """Return the request with most of its ids replaced by the side's own."""
    own = {name: str(row_id) for name, row_id in side.ids.items()} | PATH_VALUES
    parts = {"path_parameters": case.path_parameters, "query": case.query, "body": case.body}
    for where, part in parts.items():
        if not isinstance(part, dict):
            continue
        parts[where] = changed = dict(part)
        for name, value in part.items():
            singular = name.removesuffix("s")
            if chance.random() < STRANGE_SHARE:
                continue
            if name in own:
                changed[name] = own[name]
            elif singular in own and isinstance(value, list):
                changed[name] = [own[singular]]
    return case.operation.Case(
        **parts, headers=case.headers, cookies=case.cookies, media_type=case.media_type, method=case.method
    )


async def send(browser: AsgiClient, request: requests.PreparedRequest) -> Answer:
    """Send what a program would send over the network."""
    address = urlsplit(str(request.url))
    body = request.body.encode() if isinstance(request.body, str) else request.body
    kept = {name: value for name, value in request.headers.items() if name.lower() == "content-type"}
    return await browser.request(
        str(request.method), unquote(address.path), content=body or b"", query=address.query.encode(), headers=kept
    )


def find_faults(case: Case, request: requests.PreparedRequest, answer: Answer) -> list[str]:
    """Return what of an answer the description does not promise."""
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
