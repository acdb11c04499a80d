"""People of the portal: one who starts from nothing, and a tenant in which everything exists already."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from lumenpay.db.session import Database
from lumenpay.kit.crypto import KeyRing
from lumenpay.models.tenants import Role
from tests.isolation.cast import Seeder, Side
from tests.support.asgi import AsgiClient
from tests.support.portal import PASSWORD, Portal, portal

__all__ = ["PASSWORD", "portal"]

COOKIE = "lp_session"


@pytest.fixture(autouse=True)
async def fresh_start(portal: Portal, redis_url: str) -> AsyncIterator[None]:
    """No attempt is counted yet, and the portal's time is put back afterwards."""
    now = portal.clock.now()
    yield
    portal.clock.set(now)


@dataclass(frozen=True)
class Owner:
    """A person's browser and tenant."""

    browser: AsgiClient
    token: str
    tenant_id: str

    def path(self, rest: str = "") -> str:
        return f"/api/v1/tenants/{self.tenant_id}{rest}"


@pytest.fixture
async def owner(database: Database, portal: Portal) -> Owner:
    signed_up = await portal.sign_up("Alice@Example.org", name="Alice")
    assert signed_up.status == 200
    token = signed_up.cookie(COOKIE)
    assert token
    browser = portal.browser(token)
    tenant = await browser.request("POST", "/api/v1/tenants", json={"name": "Alpha"})
    assert tenant.status == 201
    return Owner(browser, token, tenant.json()["id"])


@pytest.fixture
async def seeder(database: Database, ring: KeyRing, portal: Portal) -> AsyncIterator[Seeder]:
    """Seeds tenants at the portal's time, which is put back afterwards."""
    now = portal.clock.now()
    yield Seeder(database, ring, now)
    portal.clock.set(now)


@pytest.fixture
async def alpha(seeder: Seeder, portal: Portal) -> Side:
    """A tenant with a person of each role, in which everything exists."""
    people = {Role.OWNER: "Alice", Role.MANAGER: "Mary", Role.SUPPORT: "Bob", Role.ANALYST: "Ann"}
    return await seeder.side("alpha", people, token=portal.new_bot().token)
