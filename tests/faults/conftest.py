"""The market that faults strike."""

from tests.support.market import market, market_database_url

__all__ = ["market", "market_database_url"]
