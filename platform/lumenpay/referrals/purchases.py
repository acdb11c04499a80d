"""Which purchases of invited people count: the first that costs money, once; and what its refund sets off."""

from __future__ import annotations

from datetime import datetime

from lumenpay.db.session import TenantSession
from lumenpay.jobs.catalogue import SettleReferral
from lumenpay.jobs.outbox import enqueue
from lumenpay.models.ids import BotId
from lumenpay.models.payments import Payment
from lumenpay.models.referrals import ReferralState
from lumenpay.referrals.repository import is_of_referral, move_referral


async def note_purchase(session: TenantSession, payment: Payment, *, now: datetime) -> None:
    """Keep that an invited person's first purchase was paid, and have the reward decided. Safe to repeat.

    What costs nothing is no purchase, and a test payment moves no money: both leave the invitation open.
    """
    if payment.amount_minor <= 0 or payment.is_test:
        return
    is_first = await move_referral(
        session, payment.user_id, ReferralState.INVITED, ReferralState.BOUGHT, payment_id=payment.id, bought_at=now
    )
    if is_first:
        await _settle(session, payment, now=now)


async def note_refund(session: TenantSession, payment: Payment, *, now: datetime) -> None:
    """Have the reward looked at again once all of an invited person's first purchase went back; a part leaves it."""
    if payment.refunded_minor >= payment.amount_minor and await is_of_referral(session, payment.id):
        await _settle(session, payment, now=now)


async def _settle(session: TenantSession, payment: Payment, *, now: datetime) -> None:
    job = SettleReferral(payment.user_id)
    await enqueue(session, job, now=now, bot_id=BotId(payment.bot_id), dedupe_key=str(payment.user_id))
