"""The market with one stall, and a desk of the portal beside it."""

import pytest

from tests.support.desk import desk
from tests.support.inbox import sql
from tests.support.market import Market, market
from tests.support.stall import Stall, open_stall

__all__ = ["desk", "market", "sql", "stall"]


@pytest.fixture
async def stall(market: Market) -> Stall:
    return await open_stall(market)
