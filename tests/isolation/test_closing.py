"""A tenant that left: nothing of it stays in any table, and nothing of its neighbour goes (fault O3)."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest

from lumenpay.db.purging import remove_closed_tenant
from lumenpay.db.session import Database
from tests.isolation.catalogue import list_owned_tables
from tests.isolation.conftest import Cast


async def rows_of(connection: asyncpg.Connection[Any], tenant_id: object) -> dict[str, int]:
    """How many rows of each table are a tenant's."""
    counts = {
        table: await connection.fetchval(f'SELECT count(*) FROM "{table}" WHERE tenant_id = $1', tenant_id)
        for table in await list_owned_tables(connection)
    }
    return counts | {"tenants": await connection.fetchval("SELECT count(*) FROM tenants WHERE id = $1", tenant_id)}


async def remove(database: Database, tenant_id: Any, *, limit: int) -> list[int]:
    """Return how many rows went each time, until there were none."""
    removed = []
    while part := await remove_closed_tenant(database, tenant_id=tenant_id, limit=limit):
        removed.append(part)
    return removed


async def test_of_a_tenant_that_left_nothing_stays_and_the_neighbour_has_everything_o3(
    cast: Cast, database: Database, superuser_url: str
) -> None:
    superuser = await asyncpg.connect(superuser_url, timeout=10)
    try:
        alpha, beta = cast.alpha.tenant_id, cast.beta.tenant_id
        before = await rows_of(superuser, beta)
        assert all((await rows_of(superuser, alpha)).values())
        await superuser.execute(
            "UPDATE tenants SET removal_at = clock_timestamp() - interval '1 second' WHERE id = $1", alpha
        )
        removed = await remove(database, alpha, limit=10)
        assert len(removed) > 3
        assert max(removed) <= 10
        assert not any((await rows_of(superuser, alpha)).values())
        assert await rows_of(superuser, beta) == before
    finally:
        await superuser.close()


@pytest.mark.parametrize("when", ["NULL", "clock_timestamp() + interval '1 minute'"], ids=["stays", "waits"])
async def test_before_its_time_nothing_of_a_tenant_can_be_removed_o3(
    cast: Cast, database: Database, superuser_url: str, when: str
) -> None:
    superuser = await asyncpg.connect(superuser_url, timeout=10)
    try:
        alpha = cast.alpha.tenant_id
        await superuser.execute(f"UPDATE tenants SET removal_at = {when} WHERE id = $1", alpha)
        before = await rows_of(superuser, alpha)
        assert await remove(database, alpha, limit=1000) == []
        async with superuser.transaction():
            # Whatever a function says: the wall itself shows this role no row of such a tenant.
            await superuser.execute("SET LOCAL ROLE lumenpay_remover")
            assert await superuser.fetchval("SELECT count(*) FROM payments") == 0
            assert await superuser.execute("DELETE FROM payments") == "DELETE 0"
        assert await rows_of(superuser, alpha) == before
    finally:
        await superuser.close()
