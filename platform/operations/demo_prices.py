"""What the demo's platform asks of its tenants: prices at the stand-in for Stripe, and the list of them here."""

from __future__ import annotations

from typing import Any, Final

import aiohttp

from lumenpay.billing.price_list import PricedPlan, store_price_list
from lumenpay.db.session import Database
from lumenpay.kit.clock import SystemClock
from lumenpay.models.billing import FREE_PLAN
from operations.stack import SANDBOX_STRIPE_KEYS

_CURRENCY: Final = "USD"
_FREE: Final = PricedPlan(
    code=FREE_PLAN, name="Start", currency=_CURRENCY, max_bots=2, max_channels=5, max_subscribers=1_000,
    max_broadcasts=5, max_members=3,
)  # fmt: skip
_PAID: Final[tuple[dict[str, Any], ...]] = (
    {"code": "pro", "name": "Pro", "price_minor": 1_900, "trial_days": 14, "max_bots": 5, "max_channels": 20,
     "max_subscribers": 10_000, "max_broadcasts": 50, "max_members": 10},
    # No more than what is a tenant's at the very most: a limit that is not said would be this one.
    {"code": "business", "name": "Business", "price_minor": 7_900, "max_bots": 50, "max_channels": 500},
)  # fmt: skip


async def sell_demo_plans(*, stripe_url: str, database_owner_url: str, free: PricedPlan = _FREE) -> list[PricedPlan]:
    """Make prices at Stripe's stand-in, which has forgotten those of the last start, and make them the price list."""
    timeout, headers = aiohttp.ClientTimeout(total=30), {"Authorization": f"Bearer {SANDBOX_STRIPE_KEYS[0]}"}
    async with aiohttp.ClientSession(timeout=timeout, headers=headers, raise_for_status=True) as http:
        plans = [free, *[await _price(http, stripe_url, values) for values in _PAID]]
    owner = Database(database_owner_url, pool_size=1, application_name="lumenpay-demo")
    try:
        await store_price_list(owner, plans, now=SystemClock().now())
    finally:
        await owner.close()
    return plans


async def _price(http: aiohttp.ClientSession, stripe_url: str, values: dict[str, Any]) -> PricedPlan:
    fields = {
        "currency": _CURRENCY.lower(), "unit_amount": str(values["price_minor"]), "recurring[interval]": "month",
        "product_data[name]": f"LumenPay {values['name']}",
    }  # fmt: skip
    async with http.post(f"{stripe_url}/v1/prices", data=fields) as answer:
        price_id = (await answer.json())["id"]
    return PricedPlan(**values, currency=_CURRENCY, stripe_price_id=price_id)
