"""The price list: what is no list is refused, and a new one replaces what is sold."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from lumenpay.billing.price_list import read_price_list, store_price_list
from lumenpay.billing.repository import find_plan, list_plans
from lumenpay.db.session import Database
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.ids import TenantId
from operations.embedded import DatabaseUrls
from tests.support.clock import MovableClock

FREE = {"code": "free", "name": "Free", "currency": "USD", "max_bots": 1}
PRO = {"code": "pro", "name": "Pro", "currency": "USD", "stripe_price_id": "price_1", "price_minor": 900}


def written(*plans: Any) -> bytes:
    return json.dumps(plans).encode()


@pytest.fixture
async def owner(database: Database, postgres_urls: DatabaseUrls) -> AsyncIterator[Database]:
    owner = Database(postgres_urls.owner, pool_size=1)
    yield owner
    await owner.close()


async def test_a_new_list_replaces_what_is_sold_and_takes_nothing_from_who_has_it(
    database: Database, owner: Database, clock: MovableClock
) -> None:
    for plans in (written(FREE, PRO), written({**PRO, "code": "max", "stripe_price_id": "price_2"}, FREE)):
        await store_price_list(owner, read_price_list(plans), now=clock.now())
    async with database.tenant(TenantId(new_uuid7())) as session:
        assert [plan.code for plan in await list_plans(session)] == ["max", "free"]
        old = await find_plan(session, "pro")
        assert old is not None
        assert (old.stripe_price_id, old.archived_at) == ("price_1", clock.now())
    await store_price_list(owner, read_price_list(written(FREE, {**PRO, "max_bots": 9})), now=clock.now())
    async with database.tenant(TenantId(new_uuid7())) as session:
        assert [(plan.code, plan.max_bots) for plan in await list_plans(session)] == [("free", 1), ("pro", 9)]


@pytest.mark.parametrize(
    "text",
    [
        b"", b"{}", written({"code": "pro"}), written({**PRO, "stripe_price_id": None}), written({**PRO, "max": 1}),
        written({**FREE, "price_minor": 5}), written({**FREE, "stripe_price_id": "price_1"}), written(PRO, PRO),
        written(PRO, {**PRO, "code": "max"}), written({**PRO, "max_bots": -1}), written({**PRO, "currency": "usd"}),
    ],
)  # fmt: skip
def test_what_is_no_price_list_is_refused(text: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_price_list(text)
