"""The market that these tests stand on, with one stall whose shop takes real money and whose buyers invite others."""

from __future__ import annotations

import pytest

from tests.integration.referrals.circle import Circle, take_real_money
from tests.support.market import Market, market
from tests.support.stall import open_stall

__all__ = ["market"]


@pytest.fixture
async def circle(market: Market) -> Circle:
    stall = await open_stall(market)
    await take_real_money(stall)
    return Circle(market, stall)
