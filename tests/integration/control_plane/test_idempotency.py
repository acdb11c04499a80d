"""`Idempotency-Key`: what changes something is carried out once, and answered the same every time."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select, update

from control_plane.permissions import SHOWS_SECRETS
from lumenpay.db.purging import purge_idempotent_requests
from lumenpay.db.session import Database
from lumenpay.idempotence.service import KEPT, LEASE
from lumenpay.models.idempotence import IdempotentRequest
from lumenpay.models.plans import Plan
from lumenpay.models.tenants import Role
from tests.integration.control_plane.test_api_keys import make_key
from tests.isolation.cast import Side
from tests.isolation.requests import PLAN
from tests.support.asgi import Answer, AsgiClient
from tests.support.portal import Portal


def _path(side: Side, rest: str) -> str:
    return f"/api/v1/tenants/{side.tenant_id}{rest}"


async def _make_plan(client: AsgiClient, side: Side, key: str, **values: Any) -> Answer:
    body = {**PLAN, "bot_id": str(side.ids["bot_id"]), "channel_ids": [str(side.ids["channel_id"])], **values}
    return await client.request("POST", _path(side, "/plans"), json=body, headers={"idempotency-key": key})


async def _count_plans(database: Database, side: Side) -> int:
    async with database.tenant(side.tenant_id) as session:
        return (await session.execute(select(func.count()).select_from(Plan))).scalar_one()


async def _lose_answer(database: Database, side: Side, key: str, **values: Any) -> None:
    async with database.tenant(side.tenant_id) as session:
        of_key = update(IdempotentRequest).where(IdempotentRequest.key == key)
        await session.execute(of_key.values(status=None, body=None, **values))


async def test_the_same_request_has_its_effect_once_and_the_same_answer(
    portal: Portal, alpha: Side, database: Database
):
    before, key = await _count_plans(database, alpha), str(uuid4())
    _, program = await make_key(portal, alpha, "plans:write")
    first, second = [await _make_plan(program, alpha, key) for _ in range(2)]
    assert (first.status, first.header("idempotency-replayed")) == (201, None)
    assert (second.status, second.body, second.header("idempotency-replayed")) == (201, first.body, "true")
    assert await _count_plans(database, alpha) == before + 1


async def test_of_many_at_once_one_is_carried_out(portal: Portal, alpha: Side, database: Database):
    before, key = await _count_plans(database, alpha), str(uuid4())
    client = portal.browser(alpha.owner.token)
    answers = await asyncio.gather(*(_make_plan(client, alpha, key) for _ in range(8)))
    assert {answer.status for answer in answers} <= {201, 409}
    assert {answer.json()["code"] for answer in answers if answer.status == 409} <= {"request_running"}
    assert await _count_plans(database, alpha) == before + 1
    assert (await _make_plan(client, alpha, key)).status == 201


async def test_another_request_with_the_key_is_refused(portal: Portal, alpha: Side, database: Database):
    client, key = portal.browser(alpha.owner.token), str(uuid4())
    assert (await _make_plan(client, alpha, key)).status == 201
    before = await _count_plans(database, alpha)
    other = await _make_plan(client, alpha, key, title="Month")
    assert (other.status, other.json()["code"]) == (409, "idempotence_key_reused")
    assert await _count_plans(database, alpha) == before


async def test_nobody_is_given_what_somebody_else_was_answered(portal: Portal, alpha: Side, database: Database):
    key, before = str(uuid4()), await _count_plans(database, alpha)
    for role in (Role.OWNER, Role.MANAGER):
        answer = await _make_plan(portal.browser(alpha.people[role].token), alpha, key)
        assert (answer.status, answer.header("idempotency-replayed")) == (201, None)
    assert await _count_plans(database, alpha) == before + 2
    assert (await _make_plan(portal.browser(alpha.people[Role.ANALYST].token), alpha, key)).status == 403


async def test_a_refused_request_can_be_put_right_under_its_key(portal: Portal, alpha: Side):
    client, key = portal.browser(alpha.owner.token), str(uuid4())
    assert (await _make_plan(client, alpha, key, title="")).status == 422
    assert (await _make_plan(client, alpha, key)).status == 201


async def test_one_that_died_with_its_effect_is_never_carried_out_again(
    portal: Portal, alpha: Side, database: Database
):
    client, key = portal.browser(alpha.owner.token), str(uuid4())
    assert (await _make_plan(client, alpha, key)).status == 201
    before = await _count_plans(database, alpha)
    await _lose_answer(database, alpha, key)
    assert (await _make_plan(client, alpha, key)).json()["code"] == "request_running"
    portal.clock.set(portal.clock.now() + LEASE)
    assert (await _make_plan(client, alpha, key)).json()["code"] == "answer_not_kept"
    assert await _count_plans(database, alpha) == before


async def test_one_that_died_without_a_trace_is_carried_out(portal: Portal, alpha: Side, database: Database):
    client, key = portal.browser(alpha.owner.token), str(uuid4())
    assert (await _make_plan(client, alpha, key)).status == 201
    await _lose_answer(database, alpha, key, has_effect=False)
    portal.clock.set(portal.clock.now() + LEASE)
    again = await _make_plan(client, alpha, key)
    assert (again.status, again.header("idempotency-replayed")) == (201, None)


async def test_a_secret_that_is_shown_once_is_not_kept_with_its_answer(portal: Portal, alpha: Side, database: Database):
    assert {"api_keys-create", "api_keys-rotate"} <= SHOWS_SECRETS
    client, headers = portal.browser(alpha.owner.token), {"idempotency-key": str(uuid4())}
    body = {"name": "Mine", "scopes": ["payments:read"]}
    first, second = [
        await client.request("POST", _path(alpha, "/api-keys"), json=body, headers=headers) for _ in range(2)
    ]
    assert (first.status, second.status, second.json()["code"]) == (201, 409, "answer_not_kept")
    async with database.tenant(alpha.tenant_id) as session:
        known = select(IdempotentRequest.body).where(IdempotentRequest.key == headers["idempotency-key"])
        assert (await session.execute(known)).scalar_one() is None


@pytest.mark.parametrize("key", ["", " ", "a b", "k" * 256, "ключ"])
async def test_what_is_no_key_is_refused(key: str, portal: Portal, alpha: Side):
    client = portal.browser(alpha.owner.token)
    headers = {"idempotency-key": key.encode().decode("latin-1")}
    answer = await client.request("DELETE", _path(alpha, f"/api-keys/{uuid4()}"), headers=headers)
    assert (answer.status, answer.json()["code"]) == (422, "idempotency_key_invalid")


async def test_a_key_is_forgotten_after_a_day(portal: Portal, alpha: Side, database: Database):
    client, key = portal.browser(alpha.owner.token), str(uuid4())
    assert (await _make_plan(client, alpha, key)).status == 201
    assert await purge_idempotent_requests(database, older_than=portal.clock.now(), limit=1000) == 0
    assert (await _make_plan(client, alpha, key)).header("idempotency-replayed") == "true"
    portal.clock.set(portal.clock.now() + KEPT)
    assert await purge_idempotent_requests(database, older_than=portal.clock.now(), limit=1000) >= 1
    async with database.tenant(alpha.tenant_id) as session:
        known = select(IdempotentRequest.key).where(IdempotentRequest.key == key)
        assert (await session.execute(known)).first() is None
