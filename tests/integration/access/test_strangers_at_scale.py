"""The check for strangers inside: who pays is not looked for among the payers of other tenants as well."""

from __future__ import annotations

from datetime import timedelta

import asyncpg

from lumenpay.models.access import Membership
from lumenpay.models.subscriptions import Subscription
from tests.support.crowds import admit
from tests.support.market import Market
from tests.support.stall import Stall

PAYERS = 30


async def test_only_who_has_no_right_here_is_looked_for_elsewhere(
    market: Market, stall: Stall, superuser_url: str
) -> None:
    await admit(stall, PAYERS + 1, ends_at=market.now() + timedelta(days=1))
    [stranger, *_] = await market.rows(stall.tenant_id, Membership)
    [over] = await market.rows(stall.tenant_id, Subscription, Subscription.user_id == stranger.user_id)
    await stall.change(Subscription, over.id, access_ends_at=market.now() - timedelta(hours=3))
    connection = await asyncpg.connect(superuser_url)
    try:
        await connection.execute("UPDATE memberships SET actual_seen_at = $1", market.now() - timedelta(hours=3))
        async with connection.transaction():
            await connection.execute("SET LOCAL track_functions = 'all'")
            found = await connection.fetch(
                "SELECT id FROM list_broken_rows('member_without_right', $1, 100)", market.now()
            )
            looked = await connection.fetchval(
                "SELECT calls FROM pg_stat_xact_user_functions WHERE funcname = 'has_place_elsewhere'"
            )
    finally:
        await connection.close()
    assert [row["id"] for row in found] == [stranger.id]
    assert looked == 1
