"""Ticks of the clock: the first to insert the row of a moment runs it, so many schedulers do no harm."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import Uuid, case, delete, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert

from lumenpay.db.session import Database
from lumenpay.db.unscoped import unscoped_session
from lumenpay.models.jobs import ScheduledTick


def last_due_at(now: datetime, *, every_seconds: int) -> datetime:
    """Return the latest moment of the rhythm that is not after `now`; missed ones collapse into it."""
    return datetime.fromtimestamp(int(now.timestamp()) // every_seconds * every_seconds, UTC)


async def take_tick(database: Database, *, job: str, due_at: datetime) -> bool:
    """Tell whether this call was the first for this moment of this job."""
    async with unscoped_session(database) as session:
        taken = await session.execute(
            insert(ScheduledTick).values(job=job, due_at=due_at).on_conflict_do_nothing().returning(ScheduledTick.job)
        )
        return taken.scalar_one_or_none() is not None


async def read_position(database: Database, *, job: str) -> UUID:
    """Return the last row that a run of the job dealt with before it had to stop; zero after one that came through."""
    async with unscoped_session(database) as session:
        known = select(ScheduledTick.position).where(ScheduledTick.job == job, ScheduledTick.position.is_not(None))
        return await session.scalar(known.order_by(ScheduledTick.due_at.desc()).limit(1)) or UUID(int=0)


async def store_position(database: Database, *, job: str, position: UUID | None) -> None:
    """Store how far the job has come, for whoever runs it next; nothing means that it came through."""
    async with unscoped_session(database) as session:
        latest = select(func.max(ScheduledTick.due_at)).where(ScheduledTick.job == job).scalar_subquery()
        await session.execute(
            update(ScheduledTick)
            .where(ScheduledTick.job == job)
            .values(position=case((ScheduledTick.due_at == latest, literal(position, Uuid())), else_=None))
        )


async def finish_tick(database: Database, *, job: str, due_at: datetime, now: datetime) -> None:
    """Store that the tick was run to its end, and forget the ones before it."""
    async with unscoped_session(database) as session:
        await session.execute(
            update(ScheduledTick)
            .where(ScheduledTick.job == job, ScheduledTick.due_at == due_at)
            .values(finished_at=now)
        )
        # Also those that were never finished: their worker died, and this run did their work.
        await session.execute(delete(ScheduledTick).where(ScheduledTick.job == job, ScheduledTick.due_at < due_at))
