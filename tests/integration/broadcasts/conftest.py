"""The market with one stall, and broadcasts to its readers; time does not matter unless a test says so."""

import pytest

from tests.support.mailing import Mailing
from tests.support.market import Market, market
from tests.support.stall import Stall, open_stall

__all__ = ["market"]


@pytest.fixture
async def stall(market: Market) -> Stall:
    return await open_stall(market)


@pytest.fixture
def mailing(stall: Stall) -> Mailing:
    mailing = Mailing(stall)
    mailing.hurry()
    return mailing
