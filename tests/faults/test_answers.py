"""Thousands of requests to every operation, as an owner, as staff and as nobody: no failure, no undocumented answer.

Each operation is asked by all three. The owner reaches what a tenant can do; staff reaches the console, which is not
there for anybody else, and a tenant's operations through its view, where readings answer and changes are refused; who
is not logged in reaches the doors before the login. A member of another role or tenant would add refusals only.
"""

from __future__ import annotations

import os
import sys

import pytest

from control_plane.app import describe_api
from lumenpay.db.session import Database
from lumenpay.kit.crypto import KeyRing
from lumenpay.models.tenants import Role
from tests.isolation.cast import Seeder
from tests.support.asking import MODES, SEED, Asker, Questioning, in_order
from tests.support.portal import Portal, portal
from tests.support.staff import MakeStaff, make_staff

__all__ = ["make_staff", "portal"]

CASES = int(os.environ.get("LUMENPAY_SCHEMA_CASES", "6000"))
"""How many requests at least."""


@pytest.fixture
def seeder(database: Database, ring: KeyRing, portal: Portal, redis_url: str) -> Seeder:
    return Seeder(database, ring, portal.clock.now())


@pytest.mark.long
@pytest.mark.timeout(1800)
async def test_whoever_asks_whatever_is_answered_as_the_description_promises_j13(
    portal: Portal, database: Database, seeder: Seeder, make_staff: MakeStaff
) -> None:
    shop, bot = portal.new_shop(), portal.new_bot()
    keys = {"token": bot.token, "shop_id": shop.shop_id, "secret_key": shop.secret_key}
    alpha = await seeder.side("alpha", {Role.OWNER: "Alice"}, **keys)
    # What staff does to a tenant, to suspend it for example, would answer for what its owner asks.
    beta = await seeder.side("beta", {Role.OWNER: "Charlie"}, shop_id="200")
    askers = (
        Asker("owner", alpha, alpha.owner),
        Asker("staff", beta, await make_staff("Sam"), is_staff=True),
        Asker("nobody", alpha),
    )
    questioning, operations, rounds = Questioning(portal, database), in_order(describe_api()), 0
    while sum(asker.asked for asker in askers) < CASES:
        examples = max(1, -(-CASES // (len(operations) * len(MODES) * len(askers))))
        for operation in operations:
            await questioning.ask(operation, *askers, examples=examples, number=rounds)
        rounds += 1
    facts = f"seed {SEED}, {rounds} rounds: " + "; ".join(
        f"{asker.name} {asker.asked} requests {dict(sorted(asker.statuses.items()))}" for asker in askers
    )
    sys.stderr.write(facts + "\n")
    assert not questioning.faults, f"{facts}\n{len(questioning.faults)} faults:\n" + "\n".join(questioning.faults[:40])
    owner, staff, nobody = askers
    assert owner.succeeded > owner.asked // 5, facts
    assert staff.succeeded > staff.asked // 8, facts
    assert nobody.succeeded > 0, facts
