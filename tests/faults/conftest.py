"""The market that faults strike, and inboxes for the workers that are killed."""

from tests.support.inbox import deliver, sql
from tests.support.market import market

__all__ = ["deliver", "market", "sql"]
