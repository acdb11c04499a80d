"""The walls as a session meets them: rows of nobody, of oneself and of the neighbour (faults A3, A5, A8, A9)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from tests.isolation.catalogue import REFERENCES, list_owned_tables
from tests.isolation.conftest import Cast

ENTER = "SELECT set_config('app.tenant_id', $1, true)"


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
        f'SELECT count(*) FILTER (WHERE tenant_id = $1), count(*) FROM "{table}"', tenant_id  # noqa: S608 - from pg_class
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
        assert await application.fetchval("SELECT count(*) FROM users") == 1
    assert await application.fetchval("SELECT current_setting('app.tenant_id', true)") == ""
    assert await application.fetchval("SELECT count(*) FROM users") == 0


async def test_a_row_of_another_tenant_cannot_be_inserted(
    cast: Cast, superuser: asyncpg.Connection[Any], application: asyncpg.Connection[Any]
) -> None:
    refused = set()
    for table in await list_owned_tables(superuser):
        if not await application.fetchval("SELECT has_table_privilege($1, 'INSERT')", table):
            continue
        statement = (
            f'INSERT INTO "{table}" SELECT * FROM json_populate_record(NULL::"{table}", $1::json) '  # noqa: S608
            "ON CONFLICT DO NOTHING"
        )
        for entered, side, is_legal in (
            (cast.alpha.tenant_id, cast.alpha, True),
            (cast.alpha.tenant_id, cast.beta, False),
            ("", cast.alpha, False),
        ):
            raw = await superuser.fetchval(
                f'SELECT row_to_json(t)::text FROM "{table}" t WHERE tenant_id = $1 LIMIT 1',  # noqa: S608
                side.tenant_id,
            )
            attempt = application.transaction()
            await attempt.start()
            await application.execute(ENTER, str(entered))
            try:
                assert await application.execute(statement, raw) == "INSERT 0 0", table
                assert is_legal, f"{table} took a row of another tenant"
            except asyncpg.InsufficientPrivilegeError as error:
                assert not is_legal, f"{table} refuses its own row: {error}"
                assert "row-level security" in str(error), table
                refused.add(table)
            finally:
                await attempt.rollback()
    assert {"bots", "users", "payments", "subscriptions", "promo_codes", "ledger_entries"} <= refused


async def test_a_row_can_neither_be_moved_to_another_tenant_nor_touched_there(
    cast: Cast, superuser: asyncpg.Connection[Any], application: asyncpg.Connection[Any]
) -> None:
    for table in await list_owned_tables(superuser):
        for privilege, statement in (
            ("UPDATE", f'UPDATE "{table}" SET tenant_id = tenant_id WHERE tenant_id = $1'),  # noqa: S608
            ("DELETE", f'DELETE FROM "{table}" WHERE tenant_id = $1'),  # noqa: S608
        ):
            if await application.fetchval("SELECT has_table_privilege($1, $2)", table, privilege):
                async with application.transaction():
                    await application.execute(ENTER, str(cast.alpha.tenant_id))
                    done = await application.execute(statement, cast.beta.tenant_id)
                    assert done == f"{privilege} 0", table
        if await application.fetchval("SELECT has_table_privilege($1, 'UPDATE')", table):
            with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
                async with application.transaction():
                    await application.execute(ENTER, str(cast.alpha.tenant_id))
                    await application.execute(f'UPDATE "{table}" SET tenant_id = $1', cast.beta.tenant_id)  # noqa: S608


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
        foreign_id = await superuser.fetchval(
            f'SELECT id FROM "{target}" WHERE tenant_id = $1', cast.beta.tenant_id  # noqa: S608
        )
        # Not even the superuser, whom no policy stops, can do it: the key carries the tenant.
        with pytest.raises(asyncpg.ForeignKeyViolationError):
            async with superuser.transaction():
                await superuser.execute(
                    f'UPDATE "{table}" SET "{column}" = $1 WHERE tenant_id = $2', foreign_id, cast.alpha.tenant_id  # noqa: S608
                )
        tried += 1
    assert tried > 20
