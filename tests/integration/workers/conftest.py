"""A drain of the inbox with a handler that tells what it was given."""

from __future__ import annotations

import pytest

from tests.support.inbox import deliver, sql
from tests.support.recording_handler import Handler

__all__ = ["deliver", "sql"]


@pytest.fixture
def handler() -> Handler:
    return Handler()


@pytest.fixture
def drain(worker_context, handler):
    from tenants_worker.inbox_drain import InboxDrain

    return InboxDrain(worker_context, handler)


@pytest.fixture
def statuses(sql):
    async def read() -> dict[int, str]:
        return {row[0]: row[1] for row in await sql.fetch("SELECT update_id, status FROM telegram_updates")}

    return read
