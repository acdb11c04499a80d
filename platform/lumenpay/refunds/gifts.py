"""A gift whose money goes back: closed while nobody took it, taken back from whoever did."""

from __future__ import annotations

from datetime import datetime

from lumenpay.db.session import TenantSession
from lumenpay.gifts.repository import find_of_payment
from lumenpay.gifts.service import close_refunded
from lumenpay.models.payments import Payment
from lumenpay.payments.repository import get_payment
from lumenpay.refunds.taking_back import take_back_access


async def take_back_gift(
    session: TenantSession, payment: Payment, *, is_all: bool, is_revoked: bool, now: datetime
) -> None:
    """Do to a gift what a refund of its locked order says. Safe to repeat.

    A gift that nobody took is closed with the last of its money, whatever was said of the access: there is none yet.
    From whoever took it, what is left of it is taken back where the refund takes the access along.
    """
    gift = await find_of_payment(session, payment.id, is_locked=True)
    if gift is None:
        return
    if is_revoked and gift.claim_payment_id is not None:
        await take_back_access(session, await get_payment(session, gift.claim_payment_id), now=now, is_told=True)
    if is_revoked or (is_all and gift.claim_payment_id is None):
        await close_refunded(session, gift, now=now)
