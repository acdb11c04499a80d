"""Costly readings of one tenant take turns, so that they never have all of a process's connections (K5)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from lumenpay.errors import ErrorKind, UnavailableError
from lumenpay.models.ids import TenantId

AT_ONCE = 4
"""Of the ten connections of a process; a page of the portal asks for about as much."""
WAIT_SECONDS = 10.0


class TooManyReadingsError(UnavailableError):
    """Several costly readings of the tenant are at work already, and none came to its end for a while."""

    code = "too_many_readings"
    kind = ErrorKind.TOO_MANY


@dataclass(slots=True)
class _Gate:
    room: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    people: int = 0


class Turnstile:
    """Lets a few at a time through for each tenant; the others wait, and not for ever."""

    def __init__(self, *, wait_seconds: float = WAIT_SECONDS) -> None:
        """Take how long somebody waits for a turn."""
        self._wait_seconds = wait_seconds
        self._gates: dict[TenantId, _Gate] = {}

    @asynccontextmanager
    async def turn(self, tenant_id: TenantId) -> AsyncIterator[None]:
        """Wait for a turn and have it until the end of the block.

        Raises:
            TooManyReadingsError: None came in time.
        """
        gate = self._gates.setdefault(tenant_id, _Gate())
        gate.people += 1
        try:
            try:
                await asyncio.wait_for(gate.room.acquire(), self._wait_seconds)
            except TimeoutError:
                raise TooManyReadingsError(retry_after_seconds=self._wait_seconds) from None
            try:
                yield
            finally:
                gate.room.release()
        finally:
            gate.people -= 1
            if not gate.people:
                del self._gates[tenant_id]
