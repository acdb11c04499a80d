"""A subscriber who changes plans, as the bot lets them, and what the tests ask about it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from lumenpay.models.ledger import LedgerEntry
from lumenpay.models.payments import Payment
from lumenpay.models.plan_changes import PlanChange
from lumenpay.models.plans import Plan
from lumenpay.models.subscriptions import Subscription
from lumenpay.models.users import User
from lumenpay.subscriptions.changing import Change, Pressed, quote_change, start_change
from tests.support.stall import Stall

DAY = timedelta(days=1)
SLIP = timedelta(minutes=3)
"""What the clock of a test moves by while it works."""


async def add_dearer(stall: Stall, price_minor: int = 198_000, **values: Any) -> Plan:
    """A plan that opens the stall's channel, among which people may change by themselves."""
    plan = await stall.add_plan(stall.channel_id, price_minor=price_minor, allows_changes=True, **values)
    await stall.change(Plan, plan.id, title="Club Plus")
    return plan


async def of_plan(stall: Stall, plan_id: UUID) -> Subscription:
    [row] = await stall.market.rows(stall.tenant_id, Subscription, Subscription.plan_id == plan_id)
    return row


async def quoted(stall: Stall, user: User, plan_id: UUID, *, from_plan_id: UUID | None = None) -> Change:
    """What the bot shows now."""
    old, now = await of_plan(stall, from_plan_id or stall.plan_id), stall.market.now()
    async with stall.market.tenant(stall.tenant_id) as session:
        return await quote_change(
            session, user, subscription_id=old.id, plan_id=plan_id, at=now.replace(microsecond=0), now=now
        )


async def pressed(stall: Stall, user: User, change: Change, *, consent: str = "") -> Payment:
    """The order that pressing the button of a quote opens; the gateway has it where there is something to pay."""
    async with stall.market.tenant(stall.tenant_id) as session:
        payment = await start_change(
            session, user=user, subscription_id=change.old.id, plan_id=change.plan.id,
            pressed=Pressed(change.at, change.tag, consent), chat_message_id=None, now=stall.market.now(),
        )  # fmt: skip
    await stall.market.work()
    return await stall.payment(payment.id)


async def changed(
    stall: Stall, user: User, plan_id: UUID, *, from_plan_id: UUID | None = None, consent: str = ""
) -> Payment:  # fmt: skip
    """A change that was shown, pressed, paid where it costs something, and granted."""
    change = await quoted(stall, user, plan_id, from_plan_id=from_plan_id)
    payment = await pressed(stall, user, change, consent=consent)
    if payment.amount_minor:
        await stall.pay(payment)
        await stall.poll()
    return await stall.payment(payment.id)


async def change_of(stall: Stall, payment: Payment) -> PlanChange:
    [row] = await stall.market.rows(stall.tenant_id, PlanChange, PlanChange.payment_id == payment.id)
    return row


async def days_left(stall: Stall, plan_id: UUID) -> float:
    """How many days of a plan are left; 0 where there are none."""
    rows = await stall.market.rows(stall.tenant_id, Subscription, Subscription.plan_id == plan_id)
    if not rows or rows[0].ends_at is None:
        return 0
    return max(0.0, (rows[0].ends_at - stall.market.now()) / DAY)


async def books(stall: Stall) -> int:
    """What the ledger sums to."""
    return sum(entry.amount_minor for entry in await stall.market.rows(stall.tenant_id, LedgerEntry))
