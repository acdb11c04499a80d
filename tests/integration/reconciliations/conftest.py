"""The market with one stall, a desk of the portal beside it, and a hand that can make rows disappear."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from tests.support.desk import desk
from tests.support.market import Market, market
from tests.support.stall import Stall, open_stall

__all__ = ["desk", "market", "stall", "superuser"]


@pytest.fixture
async def stall(market: Market) -> Stall:
    return await open_stall(market)


@pytest.fixture
async def superuser(superuser_url: str) -> AsyncIterator["asyncpg.Connection[Any]"]:
    connection = await asyncpg.connect(superuser_url, timeout=10)
    yield connection
    await connection.close()
