"""What happened to a person's account, for the person: written in the transaction of the change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from lumenpay.db.session import Database
from lumenpay.db.unscoped import unscoped_session
from lumenpay.kit.ids import new_uuid7
from lumenpay.kit.paging import Page, PageRequest
from lumenpay.models.accounts import AccountEvent
from lumenpay.models.ids import AdminId


@dataclass(frozen=True, slots=True)
class Visitor:
    """Where a request comes from."""

    address: str = ""
    user_agent: str = ""


NOBODY = Visitor()


def record_event(
    session: AsyncSession, admin_id: AdminId, action: str, *, visitor: Visitor = NOBODY, now: datetime
) -> None:
    """Add an event to the caller's transaction; `action` is noun and past participle."""
    session.add(
        AccountEvent(id=new_uuid7(), admin_id=admin_id, action=action, address=visitor.address[:64], created_at=now)
    )


async def list_events(database: Database, admin_id: AdminId, *, page: PageRequest) -> Page[AccountEvent]:
    """Return what happened to a person's account, newest first."""
    mine = AccountEvent.admin_id == admin_id
    async with unscoped_session(database) as session:
        total = (await session.execute(select(func.count()).select_from(AccountEvent).where(mine))).scalar_one()
        newest = select(AccountEvent).where(mine).order_by(AccountEvent.created_at.desc(), AccountEvent.id.desc())
        rows = await session.execute(newest.limit(page.size).offset(page.offset))
        return Page(list(rows.scalars()), total)
