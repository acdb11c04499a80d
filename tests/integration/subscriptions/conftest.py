"""The market that these tests stand on, with one stall."""

import pytest

from tests.support.market import Market, market
from tests.support.stall import Stall, open_stall

__all__ = ["market", "stall"]


@pytest.fixture
async def stall(market: Market) -> Stall:
    return await open_stall(market)
