"""Asks the database whether what must always be true is, and keeps the latest answers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError

from lumenpay.db import dispatch
from lumenpay.db.session import Database
from lumenpay.db.unscoped import unscoped_session
from lumenpay.kit.redaction import describe_error
from lumenpay.models.invariants import InvariantResult
from lumenpay.staff.rules import INVARIANTS

SAMPLES = 100


async def check_invariants(database: Database, *, now: datetime) -> list[InvariantResult]:
    """Run every check and store what it found; one that fails says so and stops no other."""
    for name in INVARIANTS:
        values = {"checked_at": now, "error": ""}
        try:
            rows = await dispatch.list_broken_rows(database, check=name, now=now, limit=SAMPLES)
            samples = [{"tenant_id": str(row.tenant_id), "id": str(row.id)} for row in rows]
            values |= {"violations": len(rows), "samples": samples}
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            values |= {"violations": 0, "samples": [], "error": describe_error(error)}
        async with unscoped_session(database) as session:
            statement = insert(InvariantResult).values(name=name, **values)
            await session.execute(statement.on_conflict_do_update(index_elements=["name"], set_=values))
    return await list_invariants(database)


async def list_invariants(database: Database) -> list[InvariantResult]:
    """Return the latest result of each check, in the order of their names."""
    async with unscoped_session(database) as session:
        return list((await session.execute(select(InvariantResult).order_by(InvariantResult.name))).scalars())
