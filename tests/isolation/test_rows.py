"""The walls as a session meets them: rows of nobody, of oneself and of the neighbour (faults A3, A5, A8, A9)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from tests.isolation.catalogue import REFERENCES, list_owned_tables
from tests.isolation.conftest import Cast

ENTER = "SELECT set_config('app.tenant_id', $1, true)"
WRITTEN = """
    SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
    WHERE attrelid = $1::text::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
"""
"""The columns of a table except those that the database computes."""


@pytest.fixture
async def superuser(superuser_url: str) -> AsyncIterator[asyncpg.Connection[Any]]:
    connection = await asyncpg.connect(superuser_url, timeout=10)
    yield connection
    await connection.close()


@pytest.fixture
async def application(postgres_urls: Any) -> AsyncIterator[asyncpg.Connection[Any]]:
    connection = await asyncpg.connect(postgres_urls.app.replace("+asyncpg", ""), timeout=10)
    yield connection
    await connection.close()


async def _count(connection: asyncpg.Connection[Any], table: str, tenant_id: object) -> tuple[int, int]:
    row = await connection.fetchrow(
        f'SELECT count(*) FILTER (WHERE tenant_id = $1), count(*) FROM "{table}"', tenant_id
    )
    return row[0], row[1]


async def test_the_cast_has_rows_in_every_table(cast: Cast, superuser: asyncpg.Connection[Any]) -> None:
    for table in await list_owned_tables(superuser):
        for side in (cast.alpha, cast.beta):
            assert (await _count(superuser, table, side.tenant_id))[0], f"the cast has no row in {table}: add one"


async def test_without_a_tenant_there_is_no_row(
    cast: Cast, superuser: asyncpg.Connection[Any], application: asyncpg.Connection[Any]
) -> None:
    for table in await list_owned_tables(superuser):
        assert await _count(application, table, cast.alpha.tenant_id) == (0, 0), table
    assert await application.fetchval("SELECT count(*) FROM tenants") == 0


async def test_inside_a_tenant_there_are_its_own_rows_only(
    cast: Cast, superuser: asyncpg.Connection[Any], application: asyncpg.Connection[Any]
) -> None:
    for table in await list_owned_tables(superuser):
        own, everything = await _count(superuser, table, cast.alpha.tenant_id)
        async with application.transaction():
            await application.execute(ENTER, str(cast.alpha.tenant_id))
            assert await _count(application, table, cast.alpha.tenant_id) == (own, own), table
        assert everything > own, table


async def test_a_connection_keeps_nothing_of_the_tenant_that_used_it_before(
    cast: Cast, application: asyncpg.Connection[Any]
) -> None:
    async with application.transaction():
        await application.execute(ENTER, str(cast.alpha.tenant_id))
        assert await application.fetchval("SELECT count(*) FROM plans") == 1
    assert await application.fetchval("SELECT current_setting('app.tenant_id', true)") == ""
    assert await application.fetchval("SELECT count(*) FROM plans") == 0


async def _act(connection: asyncpg.Connection[Any], tenant_id: object, statement: str, *values: object) -> str:
    """Return what became of a statement inside a tenant; nothing of it stays."""
    attempt = connection.transaction()
    await attempt.start()
    try:
        await connection.execute(ENTER, str(tenant_id))
        return str(await connection.execute(statement, *values))
    except asyncpg.InsufficientPrivilegeError as error:
        return "stopped by the wall" if "row-level security" in str(error) else str(error)
    finally:
        await attempt.rollback()


async def _may(connection: asyncpg.Connection[Any], privilege: str, table: str) -> bool:
    return bool(await connection.fetchval("SELECT has_table_privilege($1, $2)", table, privilege))


async def test_a_row_of_another_tenant_cannot_be_inserted(
    cast: Cast, superuser: asyncpg.Connection[Any], application: asyncpg.Connection[Any]
) -> None:
    alpha, beta = cast.alpha.tenant_id, cast.beta.tenant_id
    for table in [name for name in await list_owned_tables(superuser) if await _may(application, "INSERT", name)]:
        read = f'SELECT row_to_json(t)::text FROM "{table}" t WHERE tenant_id = $1 LIMIT 1'
        own, foreign = await superuser.fetchval(read, alpha), await superuser.fetchval(read, beta)
        columns = await superuser.fetchval(WRITTEN, table)
        insert = (
            f'INSERT INTO "{table}" ({columns}) SELECT {columns} FROM json_populate_record(NULL::"{table}", $1::json)'
        )
        insert += " ON CONFLICT DO NOTHING"
        # The same statement with one's own row passes the wall, and only then finds the row there already.
        assert await _act(application, alpha, insert, own) == "INSERT 0 0", table
        assert await _act(application, alpha, insert, foreign) == "stopped by the wall", table
        assert await _act(application, "", insert, own) == "stopped by the wall", table


async def test_a_row_can_neither_be_moved_to_another_tenant_nor_touched_there(
    cast: Cast, superuser: asyncpg.Connection[Any], application: asyncpg.Connection[Any]
) -> None:
    alpha, beta = cast.alpha.tenant_id, cast.beta.tenant_id
    for table in await list_owned_tables(superuser):
        if await _may(application, "UPDATE", table):
            change = f'UPDATE "{table}" SET tenant_id = tenant_id WHERE tenant_id = $1'
            assert await _act(application, alpha, change, alpha) != "UPDATE 0", table
            assert await _act(application, alpha, change, beta) == "UPDATE 0", table
            move = f'UPDATE "{table}" SET tenant_id = $1'
            assert await _act(application, alpha, move, beta) == "stopped by the wall", table
        if await _may(application, "DELETE", table):
            assert await _act(application, alpha, f'DELETE FROM "{table}" WHERE tenant_id = $1', beta) == "DELETE 0"


async def test_no_reference_can_point_at_a_row_of_another_tenant(
    cast: Cast, superuser: asyncpg.Connection[Any]
) -> None:
    owned = await list_owned_tables(superuser)
    tried = 0
    for reference in await superuser.fetch(REFERENCES):
        table, target = reference["table"], reference["target"]
        if table not in owned or target not in owned:
            continue
        column = next(name for name in reference["columns"] if name != "tenant_id")
        foreign_id = await superuser.fetchval(f'SELECT id FROM "{target}" WHERE tenant_id = $1', cast.beta.tenant_id)
        # Not even the superuser, whom no policy stops, can do it: the key carries the tenant.
        change = f'UPDATE "{table}" SET "{column}" = $1 WHERE tenant_id = $2'
        with pytest.raises(asyncpg.ForeignKeyViolationError):
            await superuser.execute(change, foreign_id, cast.alpha.tenant_id)
        tried += 1
    assert tried > 20
