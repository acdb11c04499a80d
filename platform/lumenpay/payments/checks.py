"""What came of asking the gateway about an order: kept with it, and the end of asking where nothing can be learnt."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from lumenpay.audit.service import SYSTEM, record
from lumenpay.db.session import TenantSession
from lumenpay.payments.repository import get_payment
from lumenpay.payments.rules import is_worth_asking

NOTHING_TO_ASK: Final = "nothing_to_ask"
"""Paid already, or free."""
UNKNOWN_TO_GATEWAY: Final = "unknown_to_the_gateway"
KEYS_REFUSED: Final = "keys_refused"
FORBIDDEN: Final = "forbidden"
"""The keys are right, and may not do this."""
KEYS_OF_FORMER_SHOP_REFUSED: Final = "keys_of_former_shop_refused"
KEYS_GONE: Final = "keys_gone"
KEYS_DO_NOT_OPEN: Final = "keys_do_not_open"
NEVER_CREATED: Final = "never_created"
"""The gateway does not know it, and it is too late to ask for it again: the order is closed."""
_HOPELESS = frozenset({KEYS_OF_FORMER_SHOP_REFUSED, KEYS_GONE})


async def record_check(session: TenantSession, payment_id: UUID, *, result: str, now: datetime) -> None:
    """Keep with the order what came of asking. Where nobody can ask any more, nobody does, and the audit says so."""
    payment = await get_payment(session, payment_id, is_locked=True)
    payment.checked_at, payment.check_result = now, result[:64]
    is_asked_for = payment.next_check_at is not None
    if is_asked_for and result in _HOPELESS and not is_worth_asking(created_at=payment.created_at, now=now):
        payment.next_check_at = None
        details = {"reason": result, "shop_id": payment.shop_id}
        record(session, actor=SYSTEM, action="payment.left_unchecked", subject_id=payment.id, now=now, details=details)
