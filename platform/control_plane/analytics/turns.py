"""Analytics are computed a few at a time for each tenant (K5)."""

from __future__ import annotations

from collections.abc import AsyncIterator

from control_plane.dependencies import TenantDep


async def take_turn(access: TenantDep) -> AsyncIterator[None]:
    """Have a costly operation wait until few others of its tenant are at work."""
    async with access.services.turnstile.turn(access.tenant_id):
        yield
