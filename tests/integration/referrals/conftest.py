"""The market that these tests stand on, with one stall whose shop takes real money and whose buyers invite others."""

from __future__ import annotations

import pytest

from lumenpay.models.bots import Bot
from tests.integration.referrals.circle import Circle
from tests.support.market import Market, market
from tests.support.stall import open_stall

__all__ = ["market"]


@pytest.fixture
async def circle(market: Market) -> Circle:
    stall = await open_stall(market)
    market.gateway.store.shops[stall.shop["shop_id"]].test = False
    await stall.change(Bot, stall.bot_id, shop_is_test=False)
    return Circle(market, stall)
