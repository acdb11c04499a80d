"""The cast, freshly seeded for each test."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from lumenpay.db.session import Database
from lumenpay.kit.crypto import KeyRing
from lumenpay.models.tenants import Role
from tests.isolation.cast import Seeder, Side
from tests.support.clock import MovableClock
from tests.support.portal import portal

__all__ = ["portal"]

NOTHING: Mapping[str, str] = {}


@dataclass
class Cast:
    """Two tenants that must not see one another."""

    alpha: Side
    beta: Side


@pytest.fixture
def seeder(database: Database, ring: KeyRing, clock: MovableClock) -> Seeder:
    return Seeder(database, ring, clock.now())


async def make_cast(seeder: Seeder, *, alpha: Mapping[str, str] = NOTHING, beta: Mapping[str, str] = NOTHING) -> Cast:
    """Seed both tenants; Telegram and the gateway know their bots and shops where secrets are given."""
    return Cast(
        alpha=await seeder.side("alpha", {Role.OWNER: "Alice", Role.SUPPORT: "Bob"}, **alpha),
        beta=await seeder.side("betacanary", {Role.OWNER: "Charlie"}, **{"shop_id": "200", **beta}),
    )


@pytest.fixture
async def cast(seeder: Seeder) -> Cast:
    """Alpha with Alice and Bob, Beta with Charlie."""
    return await make_cast(seeder)
