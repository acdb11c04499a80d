"""The market with one stall, a desk of the portal beside it, and a phone to talk to its bot."""

import pytest

from tests.support.chat import Phone, open_phone
from tests.support.desk import desk
from tests.support.market import Market, market
from tests.support.stall import Stall, open_stall

__all__ = ["desk", "market", "phone", "stall"]


@pytest.fixture
async def stall(market: Market) -> Stall:
    return await open_stall(market)


@pytest.fixture
async def phone(stall: Stall) -> Phone:
    return await open_phone(stall)
