"""What a paid order for somebody else does: a gift waits for whoever takes it."""

from __future__ import annotations

from datetime import datetime

from lumenpay.audit.service import SYSTEM, record
from lumenpay.db.session import TenantSession
from lumenpay.gifts.service import open_gift
from lumenpay.models.payments import Payment
from lumenpay.payments import ledger
from lumenpay.payments.links import close_link
from lumenpay.subscriptions.plan_limits import note_plan_taken


async def put_aside_gift(session: TenantSession, payment: Payment, *, now: datetime) -> None:
    """Book the money; the period waits for whoever takes it, and keeps its place of the plan. Safe to repeat."""
    if not await open_gift(session, payment, now=now):
        return
    await note_plan_taken(session, payment, now=now)
    await ledger.post_payment(session, payment, now=now)
    record(session, actor=SYSTEM, action="payment.succeeded", subject_id=payment.id, now=now)
    await close_link(session, payment, now=now)
    await session.flush()
