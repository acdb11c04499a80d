"""The cast, freshly seeded for each test."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from lumenpay.db.session import Database
from lumenpay.kit.crypto import KeyRing
from lumenpay.models.tenants import Role
from tests.isolation.cast import Seeder, Side
from tests.support.clock import MovableClock
from tests.support.portal import portal

__all__ = ["portal"]


@dataclass
class Cast:
    """Two tenants that must not see one another."""

    alpha: Side
    beta: Side


@pytest.fixture
def seeder(database: Database, ring: KeyRing, clock: MovableClock) -> Seeder:
    return Seeder(database, ring, clock.now())


async def make_cast(seeder: Seeder, *, alpha_token: str = "", beta_token: str = "") -> Cast:
    """Seed both tenants; their bots are known to Telegram where tokens are given."""
    return Cast(
        alpha=await seeder.side("alpha", {Role.OWNER: "Alice", Role.SUPPORT: "Bob"}, token=alpha_token),
        beta=await seeder.side("betacanary", {Role.OWNER: "Charlie"}, token=beta_token, shop_id="200"),
    )


@pytest.fixture
async def cast(seeder: Seeder) -> Cast:
    """Alpha with Alice and Bob, Beta with Charlie."""
    return await make_cast(seeder)
