"""How many people a bot has still to take out, and how long that takes at the rate that Telegram allows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import func, select

from lumenpay.db.session import TenantSession
from lumenpay.jobs.catalogue import RemoveMember
from lumenpay.models.jobs import Job, JobStatus
from lumenpay.telegram.rates import CALLS_PER_END, ENDS_PER_MINUTE, PER_BOT_RATE, count_minutes

COUNTED: Final = 100_000
"""Waiting people beyond these are not counted."""


@dataclass(frozen=True, slots=True)
class RemovalPace:
    """The minute budget of a bot, and what is before it."""

    calls_per_second: int
    calls_per_end: int
    ends_per_minute: int
    waiting: int
    minutes_left: int


async def read_removal_pace(session: TenantSession, bot_id: UUID) -> RemovalPace:
    """Return the pace of a bot: Telegram's limit is the bot's own, so no tenant uses another one's."""
    waiting = (
        select(Job.id)
        .where(
            Job.tenant_id == session.tenant_id, Job.queue == RemoveMember.queue.value, Job.status == JobStatus.READY,
            Job.kind == RemoveMember.kind, Job.bot_id == bot_id,
        )
        .limit(COUNTED)
        .subquery()
    )  # fmt: skip
    count = (await session.execute(select(func.count()).select_from(waiting))).scalar_one()
    return RemovalPace(int(PER_BOT_RATE), CALLS_PER_END, ENDS_PER_MINUTE, count, count_minutes(count))
