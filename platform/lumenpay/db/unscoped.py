"""Sessions without a tenant. Only the modules listed in `pyproject.toml` may import this one, each with a reason.

Such a session sees no tenant-owned row: the policies compare with an empty setting. It reaches the tables that no
tenant owns (people, their sessions, ticks) and the narrow functions of `lumenpay.db.dispatch`.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import asyncpg
from sqlalchemy.ext.asyncio import AsyncSession

from lumenpay.db.session import PLAIN_SECONDS

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence
    from typing import Any

    from sqlalchemy import Row, TextClause

    from lumenpay.db.session import Database


@asynccontextmanager
async def unscoped_session(database: Database) -> AsyncIterator[AsyncSession]:
    """Open one transaction outside every tenant; committed at the end, rolled back on an error."""
    async with AsyncSession(database.engine, expire_on_commit=False) as session, session.begin():
        yield session


async def call_function(
    database: Database, statement: TextClause, values: Mapping[str, Any]
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Run one statement as a transaction of its own, in one round trip, outside of every tenant.

    For functions of the database that look across tenants, or that enter one for as long as they run.
    """
    async with database.engine_of_single_statements.connect() as connection:
        return (await connection.execute(statement, values)).all()


async def call_often(database: Database, query: str, *values: object) -> Sequence[asyncpg.Record]:
    """As `call_function`, at a quarter of its cost, for the few that are called hundreds of times a second.

    Raises:
        asyncpg.PostgresError: What the database says, as asyncpg says it; `InterfaceError` and `OSError` where the
            connection is lost, `TimeoutError` where none is free for ten seconds.
    """
    pool = await database.plain_pool()
    async with pool.acquire(timeout=PLAIN_SECONDS) as connection:
        try:
            rows: Sequence[asyncpg.Record] = await connection.fetch(query, *values)
        except asyncpg.DataError as error:
            # Its text shows the values, which are about people.
            raise TypeError(f"a value that the statement cannot take ({error.sqlstate})") from None
        return rows
