"""A program with a key tests a broadcast with a subscriber whom it names, and then sends it: without a person."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest

from control_plane.app import ControlPlane
from lumenpay.admins.limits import AttemptLimiter
from lumenpay.models.audit import AuditEvent
from lumenpay.models.users import User
from tests.integration.broadcasts.test_desk import written
from tests.support.asgi import Answer, AsgiClient
from tests.support.desk import Desk, desk
from tests.support.mailing import Mailing
from tests.support.market import Market
from tests.support.stall import Stall

__all__ = ["desk"]
GUIDE = Path("docs/api.md").read_text(encoding="utf-8")


class Program:
    """Calls the API of the stall's tenant with a key."""

    def __init__(self, desk: Desk, key: dict[str, Any], attempts: AttemptLimiter) -> None:
        self.key_id = key["key"]["id"]
        self._base = f"/api/v1/tenants/{desk.stall.tenant_id}"
        # Calls of keys are counted, and none that cannot be is answered.
        app = ControlPlane(replace(desk.app.services, attempts=attempts))
        self._client = AsgiClient(app, {"authorization": f"Bearer {key['secret']}"})

    async def ask(self, method: str, path: str, **body: Any) -> Answer:
        return await self._client.request(method, self._base + path, json=body)

    async def post(self, path: str, **body: Any) -> Any:
        answer = await self.ask("POST", path, **body)
        assert answer.status < 300, answer.body
        return answer.json()

    async def refused(self, path: str, **body: Any) -> tuple[int, str, dict[str, str]]:
        answer = await self.ask("POST", path, **body)
        return answer.status, answer.json()["code"], answer.json()["fields"]


MakeProgram = Callable[..., Awaitable[Program]]


@pytest.fixture
async def program(desk: Desk, redis_url: str) -> AsyncIterator[MakeProgram]:
    attempts = AttemptLimiter(redis_url)

    async def make(*scopes: str) -> Program:
        key = await desk.post("/api-keys", name="Newsletter", scopes=list(scopes))
        return Program(desk, key, attempts)

    yield make
    await attempts.close()


async def test_a_program_tests_with_a_subscriber_and_then_sends_to_everybody(
    market: Market, stall: Stall, desk: Desk, mailing: Mailing, program: MakeProgram
) -> None:
    anna, boris = await mailing.readers(2)
    news = await program("broadcasts:write")
    made = await news.post("/broadcasts", **written(stall))
    path = f"/broadcasts/{made['id']}"
    assert (await news.refused(f"{path}/send"))[:2] == (409, "broadcast_not_tested")
    tested = await news.post(f"{path}/test", user_id=str(anna.id))
    assert tested["tested_at"] is not None
    assert len(mailing.arrived(anna)) == 1
    assert mailing.arrived(boris) == []
    assert (await news.post(f"{path}/send", version=tested["version"]))["status"] == "running"
    await mailing.work()
    assert (await desk.get(path))["sent_count"] == 2
    events = await market.rows(stall.tenant_id, AuditEvent, AuditEvent.action == "broadcast.tested")
    assert [(event.actor_kind, str(event.actor_id)) for event in events] == [("api_key", news.key_id)]


async def test_a_program_plans_what_it_has_tested(
    stall: Stall, desk: Desk, mailing: Mailing, program: MakeProgram
) -> None:
    (anna,) = await mailing.readers(1)
    news = await program("broadcasts:write")
    path = f"/broadcasts/{(await news.post('/broadcasts', **written(stall)))['id']}"
    await news.post(f"{path}/test", user_id=str(anna.id))
    assert (await news.post(f"{path}/schedule", at="2099-01-01T09:00:00Z"))["status"] == "scheduled"


async def test_a_program_is_told_whom_it_can_test_with(
    market: Market, stall: Stall, desk: Desk, mailing: Mailing, program: MakeProgram
) -> None:
    anna, gone = await mailing.readers(2)
    news = await program("broadcasts:write")
    path = f"/broadcasts/{(await news.post('/broadcasts', **written(stall)))['id']}/test"
    for nobody in ({}, {"user_id": None}):
        assert await news.refused(path, **nobody) == (422, "broadcast_invalid", {"user_id": "required"})
    assert (await news.refused(path, user_id=str(stall.plan_id)))[:2] == (404, "user_not_found")
    market.world.private_chat(stall.telegram_bot_id, gone.telegram_id).is_blocked = True
    assert (await news.refused(path, user_id=str(gone.id)))[:2] == (409, "test_reader_unreachable")
    await stall.change(User, anna.id, erasure_asked_at=market.now())
    assert (await news.refused(path, user_id=str(anna.id)))[:2] == (409, "test_reader_unreachable")
    assert mailing.arrived(anna) == []
    reading = await program("broadcasts:read")
    assert await reading.refused(path, user_id=str(anna.id)) == (403, "scope_missing", {"scope": "broadcasts:write"})


async def test_the_requests_of_the_guide_are_taken(
    stall: Stall, desk: Desk, mailing: Mailing, program: MakeProgram
) -> None:
    (anna,) = await mailing.readers(1)
    news = await program("broadcasts:write", "users:read", "bots:read")
    (part,) = re.findall(r"^## \d\. A broadcast\n(.+?)^## ", GUIDE, re.MULTILINE | re.DOTALL)
    values = {"$BOT": str(stall.bot_id), "$READER": str(anna.id)}
    sent = re.findall(r"-d (?:\"(\{.+?\})\"|'(\{.*?\})').*?\"\$API(/broadcasts[^\"]*)\"", part, re.DOTALL)
    assert [path.rpartition("/")[2] for *_, path in sent] == ["broadcasts", "test", "send"]
    for escaped, plain, path in sent:
        body = escaped.replace('\\"', '"') or plain
        for name, value in values.items():
            body = body.replace(name, value)
        answer = await news.post(path.replace("$BROADCAST", values.get("$BROADCAST", "")), **orjson.loads(body))
        values["$BROADCAST"] = answer["id"]
    assert answer["status"] == "running"
