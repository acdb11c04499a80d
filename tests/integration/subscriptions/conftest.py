"""The market that these tests stand on, with one stall."""

import pytest

from tests.support.market import Market, market, market_database_url
from tests.support.stall import Stall, open_stall

__all__ = ["market", "market_database_url", "stall"]


@pytest.fixture
async def stall(market: Market) -> Stall:
    return await open_stall(market)
