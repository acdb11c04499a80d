"""What a connection of the pool remembers of the tenant that used it before: nothing (faults A4, A5)."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from lumenpay.db.session import Database
from lumenpay.db.unscoped import unscoped_session
from lumenpay.models.ids import TenantId
from operations.embedded import DatabaseUrls
from tests.isolation.conftest import Cast

ROUNDS = 1500
_SETTING = text("SELECT current_setting('app.tenant_id', true)")
_COUNT = text("SELECT count(*) FROM plans")


@pytest.fixture
async def narrow(cast: Cast, postgres_urls: DatabaseUrls) -> AsyncIterator[Database]:
    """Two connections for everybody, on the seeded database."""
    database = Database(postgres_urls.app, pool_size=2, application_name="lumenpay-narrow")
    yield database
    await database.close()


async def _outside(database: Database) -> tuple[str, int]:
    async with unscoped_session(database) as session:
        return str((await session.execute(_SETTING)).scalar() or ""), (await session.execute(_COUNT)).scalar_one()


async def test_a_transaction_begins_inside_its_tenant(cast: Cast, narrow: Database) -> None:
    for tenant_id in (cast.alpha.tenant_id, cast.beta.tenant_id):
        async with narrow.tenant(TenantId(tenant_id)) as session:
            assert (await session.execute(_SETTING)).scalar() == str(tenant_id)
            assert (await session.execute(_COUNT)).scalar_one() == 1


async def test_a_session_that_says_nothing_leaves_no_tenant_behind(cast: Cast, narrow: Database) -> None:
    for _ in range(4):
        async with narrow.tenant(TenantId(cast.alpha.tenant_id)) as session:
            # Takes a connection, but sends no statement that would begin the transaction.
            await session.connection()
        assert await _outside(narrow) == ("", 0)


async def test_savepoints_and_failures_stay_inside_the_tenant(cast: Cast, narrow: Database) -> None:
    async with narrow.tenant(TenantId(cast.alpha.tenant_id)) as session:
        with pytest.raises(DBAPIError):
            async with session.begin_nested():
                await session.execute(text("SELECT 1 / 0"))
        assert (await session.execute(_SETTING)).scalar() == str(cast.alpha.tenant_id)
    assert await _outside(narrow) == ("", 0)


async def test_cancelled_and_failed_transactions_leak_no_tenant_to_the_next_one(cast: Cast, narrow: Database) -> None:
    dice = random.Random(7)
    sides = (TenantId(cast.alpha.tenant_id), TenantId(cast.beta.tenant_id))
    wrong: list[str] = []

    async def stay_inside(tenant_id: TenantId, *, fails: bool) -> None:
        async with narrow.tenant(tenant_id) as session:
            found = str((await session.execute(_SETTING)).scalar() or "")
            if found != str(tenant_id):
                wrong.append(f"inside {tenant_id} it says {found}")
            await session.execute(text("SELECT pg_sleep(0.002)"))
            if fails:
                raise LookupError

    async def look_outside() -> None:
        seen = await _outside(narrow)
        if seen != ("", 0):
            wrong.append(f"outside it says {seen}")

    async def one_round() -> None:
        fate = dice.random()
        if fate < 0.15:
            await look_outside()
            return
        task = asyncio.ensure_future(stay_inside(dice.choice(sides), fails=fate > 0.9))
        if fate < 0.3:
            # In the middle of something: the connection, the first message, the statement or the commit.
            await asyncio.wait([task], timeout=dice.random() * 0.004)
            task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    for _ in range(ROUNDS // 6):
        await asyncio.gather(*(one_round() for _ in range(6)))
    assert not wrong
    await look_outside()
    assert not wrong
