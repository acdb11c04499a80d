"""The market that faults strike."""

from tests.support.market import market

__all__ = ["market"]
