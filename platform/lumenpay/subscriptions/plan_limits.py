"""What a granted order does to the limits of its plan: the trial is used up, and a place too many is shown."""

from __future__ import annotations

from datetime import datetime

from lumenpay.audit.service import SYSTEM, record
from lumenpay.db.session import TenantSession
from lumenpay.models.payments import Payment
from lumenpay.payments.terms import GIFT, IMPORT, MANUAL
from lumenpay.plans.facts import count_places
from lumenpay.plans.repository import get_plan
from lumenpay.plans.trials import use_trial


async def note_plan_taken(session: TenantSession, payment: Payment, *, now: datetime) -> None:
    """Store what an order that has just been granted used of its plan. Nothing that is given uses a trial.

    Money that came after its place was let go is honoured all the same: the event says by how many the plan is over.
    """
    plan = await get_plan(session, payment.plan_id)
    if payment.provider not in (MANUAL, IMPORT, GIFT) and not payment.is_gift:
        await use_trial(session, payment, plan, now=now)
    if plan.capacity is None:
        return
    await session.flush()
    taken = (await count_places(session, [plan.id], now=now)).get(plan.id, 0)
    if taken > plan.capacity:
        details = {"capacity": plan.capacity, "taken": taken, "payment_id": str(payment.id)}
        record(session, actor=SYSTEM, action="plan.overbooked", subject_id=plan.id, now=now, details=details)
