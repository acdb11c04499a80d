"""Two tenants, staff at the console, and people who only think that they are."""

from __future__ import annotations

import pytest

from lumenpay.db.session import Database
from lumenpay.kit.crypto import KeyRing
from lumenpay.models.tenants import Role
from tests.isolation.cast import Seeder, Side
from tests.support.asgi import AsgiClient
from tests.support.portal import Portal, portal
from tests.support.staff import MakeStaff, make_staff

__all__ = ["make_staff", "portal"]


@pytest.fixture
def seeder(database: Database, ring: KeyRing, portal: Portal) -> Seeder:
    return Seeder(database, ring, portal.clock.now())


@pytest.fixture
async def alpha(seeder: Seeder) -> Side:
    return await seeder.side("alpha", {Role.OWNER: "Alice", Role.SUPPORT: "Bob"})


@pytest.fixture
async def owner(portal: Portal, alpha: Side) -> AsgiClient:
    """Alice's browser."""
    return portal.browser(alpha.owner.token)


@pytest.fixture
async def sam(portal: Portal, make_staff: MakeStaff) -> AsgiClient:
    """The browser of Sam, who is staff."""
    return portal.browser((await make_staff("Sam")).token)
