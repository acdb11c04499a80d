"""The platform's price list, as the command line writes it, with prices that Stripe's stand-in knows."""

from __future__ import annotations

from typing import Any

import aiohttp
import asyncpg

from tests.support.portal import STRIPE_KEY, Portal

_PUT = """
    INSERT INTO platform_plans (code, name, stripe_price_id, price_minor, currency, trial_days, max_bots, max_channels,
                                max_subscribers, max_broadcasts, max_members, created_at)
    VALUES ($1, $1, $2, $3, 'USD', $4, $5, $5, $5, $5, $5, now())
"""


async def put_on_sale(portal: Portal, code: str, *, limit: int | None = 5, trial_days: int = 0) -> None:
    """Put a paid plan on the list; `limit` is each of its limits."""
    product = await ask_stripe(portal, "/products", name="LumenPay")
    fields = {"currency": "usd", "unit_amount": "1000", "recurring[interval]": "month"}
    price = await ask_stripe(portal, "/prices", product=product["id"], **fields)
    await _put(portal, code, price["id"], 1000, trial_days, limit)


async def put_free(portal: Portal, *, limit: int | None) -> None:
    """Put the free plan on the list."""
    await _put(portal, "free", None, 0, 0, limit)


async def ask_stripe(portal: Portal, path: str, **fields: str) -> Any:
    """Change something at Stripe, as whoever runs the platform does in the dashboard."""
    headers = {"Authorization": f"Bearer {STRIPE_KEY}"}
    async with (
        aiohttp.ClientSession() as http,
        http.post(f"{portal.stripe_url}/v1{path}", data=fields, headers=headers) as answer,
    ):
        assert answer.status == 200, await answer.text()
        return await answer.json()


async def _put(portal: Portal, *values: object) -> None:
    connection = await asyncpg.connect(portal.owner_url.replace("+asyncpg", ""), timeout=10)
    try:
        await connection.execute(_PUT, *values)
    finally:
        await connection.close()
