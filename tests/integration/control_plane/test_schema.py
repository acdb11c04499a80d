"""The API keeps to its own description: each operation is asked once or twice here, thousands of times in long runs."""

from __future__ import annotations

import copy
import sys
from collections.abc import Callable
from typing import Any

import pytest

from control_plane.app import describe_api
from lumenpay.db.session import Database
from lumenpay.models.tenants import Role
from tests.isolation.cast import Seeder, Side
from tests.support.asking import MODES, SEED, Asker, Questioning, in_order, is_of_console
from tests.support.portal import Portal
from tests.support.staff import MakeStaff, make_staff

__all__ = ["make_staff"]


@pytest.fixture
async def alpha(portal: Portal, seeder: Seeder) -> Side:
    shop, bot = portal.new_shop(), portal.new_bot()
    keys = {"token": bot.token, "shop_id": shop.shop_id, "secret_key": shop.secret_key}
    return await seeder.side("alpha", {Role.OWNER: "Alice"}, **keys)


async def test_every_answer_is_one_that_the_description_promises_j13(
    portal: Portal, alpha: Side, database: Database, seeder: Seeder, make_staff: MakeStaff
) -> None:
    beta = await seeder.side("beta", {Role.OWNER: "Charlie"}, shop_id="200")
    alice = Asker("owner", alpha, alpha.owner)
    sam = Asker("staff", beta, await make_staff("Sam"), is_staff=True)
    questioning, operations = Questioning(portal, database), in_order(describe_api())
    for operation in operations:
        asker = sam if is_of_console(operation) else alice
        # Bad paths and queries take the longest to make up, and have tables of their own in `test_hostile_input.py`.
        modes = MODES if len(operation.body) else MODES[:1]
        await questioning.ask(operation, asker, examples=1, modes=modes)
    facts = f"seed {SEED}: " + ", ".join(f"{who.name} {dict(sorted(who.statuses.items()))}" for who in (alice, sam))
    sys.stderr.write(facts + "\n")
    assert not questioning.faults, f"{facts}\n" + "\n".join(questioning.faults[:20])
    assert alice.asked + sam.asked >= len(operations)
    for asker in (alice, sam):
        assert asker.succeeded > asker.asked // 5, facts


@pytest.mark.parametrize(
    ("operation_id", "lie"),
    [
        ("users-list", lambda described: described["responses"].pop("200")),
        ("users-get", lambda described: described["responses"].pop("404")),
        ("plans-list", lambda described: promise(described, "200", {"required": ["magic"]})),
        ("bots-list", lambda described: described["responses"]["200"].update(content={"text/html": {}})),
    ],
)
async def test_an_answer_that_the_description_does_not_promise_is_found(
    portal: Portal, alpha: Side, database: Database, operation_id: str, lie: Callable[[dict[str, Any]], object]
) -> None:
    document = copy.deepcopy(describe_api())
    for methods in document["paths"].values():
        for described in methods.values():
            if described["operationId"] == operation_id:
                lie(described)
    questioning = Questioning(portal, database)
    for operation in in_order(document):
        if operation.definition.raw["operationId"] == operation_id:
            await questioning.ask(operation, Asker("owner", alpha, alpha.owner), examples=3)
    assert questioning.faults


def promise(described: dict[str, Any], status: str, schema: dict[str, Any]) -> None:
    described["responses"][status]["content"]["application/json"]["schema"] = schema
