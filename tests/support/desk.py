"""A desk of the portal beside the stall: the API over the market's own database, servers and clock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest

from control_plane.app import ControlPlane
from control_plane.dependencies import PLAIN_COOKIE
from control_plane.events.hub import ChangeHub
from control_plane.services import Services
from lumenpay.admins.limits import AttemptLimiter
from lumenpay.admins.oidc import IdentityProviders
from lumenpay.admins.service import open_session
from lumenpay.config import Environment, Settings
from lumenpay.models.ids import AdminId
from lumenpay.models.tenants import Role, TenantMember
from tests.isolation.cast import Seeder
from tests.support.asgi import Answer, AsgiClient
from tests.support.market import Market
from tests.support.portal import ORIGIN
from tests.support.stall import Stall


@dataclass(frozen=True)
class Desk:
    """Somebody who works for the stall's tenant."""

    stall: Stall
    app: ControlPlane
    people: dict[Role, AdminId]

    async def ask(self, method: str, path: str, *, role: Role = Role.OWNER, **request: Any) -> Answer:
        address = f"/api/v1/tenants/{self.stall.tenant_id}{path}"
        market = self.stall.market
        # Logged in at the market's time, which a test moves by months.
        token = await open_session(
            market.worker.database, self.people[role], user_agent="desk", now=market.now()
        )  # fmt: skip
        headers = {
            "origin": ORIGIN, "sec-fetch-site": "same-origin", "cookie": f"{PLAIN_COOKIE}={token.reveal()}"
        }  # fmt: skip
        return await AsgiClient(self.app, headers).request(method, address, **request)

    async def get(self, path: str, **query: Any) -> Any:
        answer = await self.ask("GET", path, query=query)
        assert answer.status == 200, answer.body
        return answer.json()

    async def post(self, path: str, **body: Any) -> Any:
        answer = await self.ask("POST", path, json=body or None)
        assert answer.status < 300, answer.body
        return answer.json()

    async def refused(self, path: str, *, method: str = "POST", **body: Any) -> tuple[int, str]:
        answer = await self.ask(method, path, json=body or None)
        return answer.status, answer.json()["code"]


def new_key() -> str:
    return str(uuid4())


@pytest.fixture
async def desk(market: Market, stall: Stall, secret_key: str) -> Desk:
    worker = market.worker
    settings = Settings(
        _env_file=None, environment=Environment.TEST, secret_keys=[secret_key], public_url=ORIGIN,
        telegram_api_url=market.telegram_url,
    )  # fmt: skip
    app = ControlPlane(
        Services(
            settings=settings, database=worker.database, doorbell=worker.doorbell, ring=worker.ring,
            telegram=worker.telegram, yookassa=worker.yookassa, clock=market.clock,
            attempts=AttemptLimiter(""), providers=IdentityProviders(settings), changes=ChangeHub(""),
        )
    )  # fmt: skip
    seeder = Seeder(worker.database, worker.ring, market.now())
    people = {role: await seeder.person(role.value) for role in Role}
    async with market.tenant(stall.tenant_id) as session:
        session.add_all(
            TenantMember(tenant_id=stall.tenant_id, admin_id=person.admin_id, role=role, created_at=market.now())
            for role, person in people.items()
        )
    return Desk(stall, app, {role: person.admin_id for role, person in people.items()})
