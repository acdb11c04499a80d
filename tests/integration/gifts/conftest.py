"""A stall whose plan can be given, and the person who buys it for somebody else."""

from __future__ import annotations

import pytest

from tests.integration.gifts.giving import Giving
from tests.integration.refunds.counter import Counter
from tests.support.chat import open_phone
from tests.support.desk import desk
from tests.support.market import Market, market
from tests.support.stall import Stall, open_stall

__all__ = ["desk", "market"]


@pytest.fixture
async def stall(market: Market) -> Stall:
    return await open_stall(market, is_giftable=True)


@pytest.fixture
async def giving(stall: Stall) -> Giving:
    return Giving(stall, await open_phone(stall, first_name="Пётр"))


@pytest.fixture
async def counter(market: Market, stall: Stall) -> Counter:
    return Counter(market, stall)
