"""The cast, freshly seeded for each test."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from lumenpay.db.session import Database
from lumenpay.kit.crypto import KeyRing
from lumenpay.models.tenants import Role
from tests.isolation.cast import Seeder, Side
from tests.support.clock import MovableClock


@dataclass
class Cast:
    """Two tenants that must not see one another."""

    alpha: Side
    beta: Side


@pytest.fixture
def seeder(database: Database, ring: KeyRing, clock: MovableClock) -> Seeder:
    return Seeder(database, ring, clock.now())


@pytest.fixture
async def cast(seeder: Seeder) -> Cast:
    """Alpha with Alice and Bob, Beta with Charlie."""
    return Cast(
        alpha=await seeder.side("alpha", {Role.OWNER: "Alice", Role.SUPPORT: "Bob"}),
        beta=await seeder.side("betacanary", {Role.OWNER: "Charlie"}, shop_id="200"),
    )
