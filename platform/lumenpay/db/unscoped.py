"""Sessions without a tenant. Only the modules listed in `pyproject.toml` may import this one, each with a reason.

Such a session sees no tenant-owned row: the policies compare with an empty setting. It reaches the tables that no
tenant owns (people, their sessions, ticks) and the narrow functions of `lumenpay.db.dispatch`.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from sqlalchemy.ext.asyncio import AsyncSession

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
