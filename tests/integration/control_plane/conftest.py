"""The portal with tenants in it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from lumenpay.db.session import Database
from lumenpay.kit.crypto import KeyRing
from lumenpay.models.tenants import Role
from tests.isolation.cast import Seeder, Side
from tests.support.portal import Portal, portal

__all__ = ["portal"]


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
