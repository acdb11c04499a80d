"""Everything that is known of a person, as they may have it: out of every table that the catalogue names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range

from lumenpay.audit.service import Actor, record
from lumenpay.db.session import TenantSession
from lumenpay.erasures.catalogue import PERSONAL, Person, PersonalTable
from lumenpay.erasures.erasing import read_person
from lumenpay.models.users import User
from lumenpay.users.repository import get_user

Told = dict[str, Any]
TOLD: Final = "user.data_told"
"""What stands on record of it."""


async def tell_person(
    session: TenantSession, *, user_id: UUID, actor: Actor, now: datetime
) -> Mapping[str, Sequence[Told]]:
    """Return the rows about a person by table, in JSON's own values, and put on record that they were asked for.

    Raises:
        UserNotFoundError: Unknown to this tenant.
    """
    user = await get_user(session, user_id)
    record(session, actor=actor, action=TOLD, subject_id=user.id, now=now)
    await session.flush()
    return await read_all(session, user)


async def read_all(session: TenantSession, user: User) -> Mapping[str, Sequence[Told]]:
    """Return the rows about a person by table, in JSON's own values."""
    person = read_person(user)
    told = {table.model.__tablename__: await _read_rows(session, table, person) for table in PERSONAL if table.is_told}
    return {name: rows for name, rows in told.items() if rows}


async def _read_rows(session: TenantSession, table: PersonalTable, person: Person) -> list[Told]:
    hidden = {"tenant_id", *table.withheld.split()}
    columns = [column for column in table.model.__table__.columns if column.name not in hidden]
    keys = list(table.model.__table__.primary_key.columns)
    rows = await session.execute(select(*columns).where(table.where(person)).order_by(*keys))
    return [{name: _plain(value) for name, value in row.items()} for row in rows.mappings()]


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever a column holds
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes):
        # What somebody else sent us, in their own words: JSON as a rule, and any bytes at all.
        return value.decode(errors="replace")
    if isinstance(value, Range):
        return [_plain(value.lower), _plain(value.upper)]
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value
