"""The market that these tests stand on, with a stall whose shop must send receipts."""

from __future__ import annotations

import pytest

from tests.integration.fiscal_receipts.register import Register, open_register
from tests.support.desk import desk
from tests.support.market import Market, market

__all__ = ["desk", "market"]


@pytest.fixture
async def register(market: Market) -> Register:
    return await open_register(market)
