"""The market that these tests stand on, with one stall whose buyers want their money back."""

from __future__ import annotations

import pytest

from tests.integration.refunds.counter import Counter
from tests.support.desk import desk
from tests.support.market import Market, market
from tests.support.stall import Stall, open_stall

__all__ = ["desk", "market"]


@pytest.fixture
async def stall(market: Market) -> Stall:
    return await open_stall(market)


@pytest.fixture
async def counter(market: Market, stall: Stall) -> Counter:
    return Counter(market, stall)
