"""Stars that went back: told by Telegram in the chat or in the answer to our call, whichever comes first."""

from __future__ import annotations

from datetime import datetime

from lumenpay.db.session import TenantSession
from lumenpay.models.payments import Payment
from lumenpay.models.refunds import OPEN_REFUNDS
from lumenpay.payments.providers.stars.facts import STARS_SHOP, as_gateway_refund
from lumenpay.refunds import repository
from lumenpay.refunds.settlement import RefundOutcome, lock_payment_and_payer, settle_refund


async def settle_star_refund(session: TenantSession, payment: Payment, *, now: datetime) -> RefundOutcome:
    """Record that a charge went back. Safe to repeat: one that we asked for is not noted as somebody else's."""
    locked = await lock_payment_and_payer(session, payment.id)
    asked = next((row for row in await repository.list_of_payment(session, locked.id) if _waits(row.status)), None)
    observed = as_gateway_refund(locked, refund_id="" if asked is None else str(asked.id))
    return await settle_refund(session, payment_id=locked.id, observed=observed, asked_shop_id=STARS_SHOP, now=now)


def _waits(status: str) -> bool:
    return status in OPEN_REFUNDS
