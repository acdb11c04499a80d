"""The market with one stall whose shop charges by itself, and the platform's office beside it."""

import pytest

from tests.support.market import Market, market
from tests.support.office import Office, office
from tests.support.stall import Stall, open_stall

__all__ = ["market", "office", "stall"]


@pytest.fixture
async def stall(office: Office, market: Market) -> Stall:
    return await open_stall(market, is_recurring=True)
