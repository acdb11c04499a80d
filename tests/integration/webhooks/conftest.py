"""A stall whose tenant has its events told, and a program that takes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from standardwebhooks import Webhook

from lumenpay.webhooks.sending import Outcome
from tests.support.desk import Desk, desk
from tests.support.market import Market
from tests.support.market import market as bare_market
from tests.support.stall import Stall, open_stall

__all__ = ["bare_market", "desk"]
URL = "https://hooks.example.com/lumenpay"
TAKEN = Outcome(204)


@dataclass(frozen=True)
class Told:
    """One call of an endpoint."""

    url: str
    body: bytes
    headers: Mapping[str, str]

    def json(self) -> dict[str, Any]:
        return dict(orjson.loads(self.body))

    @property
    def message_id(self) -> str:
        return self.headers["webhook-id"]

    def is_signed_with(self, secret: str) -> bool:
        """Whether a signature is that of the secret, at the moment that the header names."""
        at = datetime.fromtimestamp(int(self.headers["webhook-timestamp"]), UTC)
        expected = Webhook(secret).sign(self.message_id, at, self.body.decode())
        return expected in self.headers["webhook-signature"].split(" ")


@dataclass
class Program:
    """Whoever listens at the tenant's address; answers as the test says, and takes everything else."""

    answers: list[Outcome | BaseException] = field(default_factory=list)
    usual: Outcome = TAKEN
    told: list[Told] = field(default_factory=list)

    async def post(self, url: str, *, body: bytes, headers: Mapping[str, str]) -> Outcome:
        answer = self.answers.pop(0) if self.answers else self.usual
        if isinstance(answer, BaseException):
            raise answer
        self.told.append(Told(url, body, headers))
        return answer

    async def close(self) -> None:
        return

    def types(self) -> list[str]:
        return [told.json()["type"] for told in self.told]


@pytest.fixture
def program() -> Program:
    return Program()


@pytest.fixture
def market(bare_market: Market, program: Program) -> Market:
    return replace(bare_market, worker=replace(bare_market.worker, webhooks=program))


@pytest.fixture
async def stall(market: Market) -> Stall:
    return await open_stall(market)


ALL_EVENTS = (
    "payment.succeeded", "access.granted", "access.expired", "member.joined", "member.left", "refund.succeeded",
)  # fmt: skip


async def listen(desk: Desk, *event_types: str, url: str = URL) -> dict[str, Any]:
    """Return an endpoint as it is shown when it is made."""
    return dict(await desk.post("/webhooks", url=url, event_types=list(event_types or ALL_EVENTS)))
