"""Readers of broadcasts in their time zones, and the time that passes for them."""

from __future__ import annotations

from datetime import UTC, datetime

from lumenpay.models.users import User
from tenants_worker.tasks import broadcasts
from tests.support.mailing import Mailing
from tests.support.market import Market


def utc(*numbers: int) -> datetime:
    return datetime(*numbers, tzinfo=UTC)  # type: ignore[misc,arg-type] - the parts of a moment


async def pass_to(market: Market, mailing: Mailing, moment: datetime) -> None:
    """Let it be a second after a moment, and have the clock and the workers do what is due."""
    await market.skip(seconds=(moment - market.now()).total_seconds() + 1)
    for _ in range(2):
        await broadcasts.take_due_steps(market.worker, market.now())
        await mailing.work()


async def readers_in(mailing: Mailing, *zones: str | None) -> list[User]:
    return [(await mailing.readers(1, time_zone=zone))[0] for zone in zones]
