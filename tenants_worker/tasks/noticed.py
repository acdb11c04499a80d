"""What the gateway said of a payment, brought to the order that it is about."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from lumenpay.db.session import TenantSession
from lumenpay.payments import repository
from lumenpay.payments.providers.protocol import GatewayPayment
from lumenpay.payments.terms import YOOKASSA
from lumenpay.subscriptions.settlement import settle_payment

NOT_OURS: Final = "not_an_order_of_ours"


async def settle_noticed(session: TenantSession, observed: GatewayPayment, *, now: datetime) -> str:
    """Settle a payment that somebody told us of; return what came of it."""
    payment = await repository.find_by_provider_id(session, provider=YOOKASSA, provider_payment_id=observed.id)
    payment_id = payment.id if payment is not None else _read_uuid(observed.metadata.get("payment_id", ""))
    if payment_id is None:
        return NOT_OURS
    found = payment or await repository.find_payment(session, payment_id)
    if found is None:
        return NOT_OURS
    return str(await settle_payment(session, payment_id=found.id, observed=observed, now=now))


def write_moment(moment: datetime) -> str:
    """Return a moment as the gateway's lists are asked for it."""
    return moment.isoformat().replace("+00:00", "Z")


def _read_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
