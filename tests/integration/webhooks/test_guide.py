"""The receiver that `docs/api.md` gives to programmers, over what is really sent."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from lumenpay.models.webhooks import TEST_EVENT, WebhookEventType
from tests.integration.webhooks.conftest import Program, listen
from tests.support.desk import Desk
from tests.support.market import Market

GUIDE = Path("docs/api.md").read_text(encoding="utf-8")


def _receiver(monkeypatch: pytest.MonkeyPatch, secret: str) -> dict[str, Any]:
    (code,) = re.findall(r"^```python\n(.+?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
    monkeypatch.setenv("WEBHOOK_SECRET", secret)
    names: dict[str, Any] = {"__name__": "receiver"}
    exec(compile(code, "receiver.py", "exec"), names)
    return names


async def test_the_receiver_of_the_guide_takes_what_is_ours_once_and_nothing_else(
    market: Market, desk: Desk, program: Program, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = await listen(desk)
    await desk.post(f"/webhooks/{shown['webhook']['id']}/rotate", overlap_hours=1)
    await desk.post(f"/webhooks/{shown['webhook']['id']}/test")
    await market.work()
    (told,) = program.told
    receive = _receiver(monkeypatch, shown["secret"])["receive"]
    capsys.readouterr()
    assert [receive(told.body, dict(told.headers)) for _ in range(2)] == [204, 204]
    assert capsys.readouterr().out.split() == [TEST_EVENT, "{'webhook_endpoint_id':", f"'{shown['webhook']['id']}'}}"]
    assert receive(told.body + b" ", dict(told.headers)) == 401
    assert receive(told.body, {**told.headers, "webhook-id": "evt_other"}) == 401


def test_the_guide_names_every_event() -> None:
    assert {name for name in (*WebhookEventType, TEST_EVENT) if f"`{name}`" not in GUIDE} == set()
