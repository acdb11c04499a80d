"""What an API process does beside answering: it keeps the queues' figures fresh."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.exc import SQLAlchemyError

from control_plane.queue_figures import refresh_queue_figures
from lumenpay.db.session import Database
from lumenpay.kit.logs import get_logger

REFRESH_SECONDS = 15.0
_log = get_logger(__name__)


@asynccontextmanager
async def fresh_queue_figures(database: Database, *, every_seconds: float = REFRESH_SECONDS) -> AsyncIterator[None]:
    """Have the gauges follow the database until the block ends."""
    task = asyncio.create_task(_keep_fresh(database, every_seconds))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _keep_fresh(database: Database, every_seconds: float) -> None:
    while True:
        try:
            await refresh_queue_figures(database)
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            # The figures say when they were read.
            _log.warning("queue_figures_not_read", error=type(error).__name__)
        except Exception as error:  # noqa: BLE001 - the HTTP door: a defect here must not leave the figures frozen
            _log.error("queue_figures_not_read", exc_info=error)
        await asyncio.sleep(every_seconds)
