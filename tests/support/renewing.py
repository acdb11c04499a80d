"""A subscriber who agreed to autopay, and what the tests ask about the charges."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from lumenpay.models.autopays import Autopay, SubscriptionCharge
from lumenpay.models.payments import Payment
from lumenpay.models.subscriptions import Subscription
from lumenpay.models.users import User
from tests.support.stall import Stall

CONSENT = "I agree to be charged every 30 days."


async def renewing(stall: Stall) -> User:
    """Return a person whose subscription renews by itself."""
    anna = await stall.buyer()
    await stall.bought(anna, consent=CONSENT)
    return anna


async def autopay_of(stall: Stall) -> Autopay:
    [row] = await stall.market.rows(stall.tenant_id, Autopay)
    return row


async def subscription_of(stall: Stall) -> Subscription:
    [row] = await stall.market.rows(stall.tenant_id, Subscription)
    return row


async def charge_of(stall: Stall) -> SubscriptionCharge:
    [row] = await stall.market.rows(stall.tenant_id, SubscriptionCharge)
    return row


async def automatic(stall: Stall) -> list[Payment]:
    """Return the payments that nobody pressed a button for."""
    rows = await stall.market.rows(stall.tenant_id, Payment, Payment.is_autopay)
    return sorted(rows, key=lambda row: row.created_at)


async def charged(stall: Stall) -> list[str]:
    """Return what the gateway took, whoever asked for it."""
    found = await stall.market.yookassa("GET", f"/payments?status=succeeded&shop_id={stall.shop['shop_id']}")
    return [payment["amount"]["value"] for payment in found["payments"]]


async def skip_to_end(stall: Stall, **before: float) -> None:
    """Move time to so long before the end of the subscription."""
    ends_at = (await subscription_of(stall)).ends_at
    assert ends_at is not None
    left = ends_at - timedelta(**before) - stall.market.now()
    await stall.market.skip(seconds=left.total_seconds() + 1)


async def come_to_charge(stall: Stall) -> None:
    """Have the person told a day before the end, and stop a second after the charge is due."""
    await skip_to_end(stall, days=1)
    await stall.sweep()
    await skip_to_end(stall, hours=1)


async def next_charges_end(stall: Stall, reason: str | None, **more: Any) -> None:
    """Decide how further charges of the saved method end."""
    ref = (await autopay_of(stall)).method_ref
    await stall.market.yookassa("PUT", f"/payment-methods/{ref}", reason=reason, **more)
