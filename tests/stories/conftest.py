"""The market that the stories are played on."""

from __future__ import annotations

from tests.support.market import market

__all__ = ["market"]
