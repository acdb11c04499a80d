"""People at the end of their time, and eight hands that reach for one of them at the same instant."""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from lumenpay.audit.service import SYSTEM
from lumenpay.db import dispatch
from lumenpay.db.session import Database, TenantSession
from lumenpay.kit.money import Money
from lumenpay.models.access import AccessAction, AccessLog, ActualPlace, Membership, WantedPlace
from lumenpay.models.ids import ChannelId, PlanId, TenantId
from lumenpay.models.jobs import Job
from lumenpay.models.payments import Payment, PaymentStatus
from lumenpay.models.plans import PeriodUnit
from lumenpay.models.subscriptions import Grant, Subscription, SubscriptionPeriod, SubscriptionReminder
from lumenpay.models.users import User
from lumenpay.payments.checkout import start_checkout
from lumenpay.payments.providers.protocol import GatewayPayment
from lumenpay.staff.rules import INVARIANTS
from lumenpay.subscriptions.expiry import expire_subscription
from lumenpay.subscriptions.manual import GivenTime, grant_by_hand
from lumenpay.subscriptions.reminders import claim_reminder
from lumenpay.subscriptions.settlement import SettlementOutcome, settle_payment
from tests.factories.tenants import Factory, MadeBot
from tests.support.clock import MovableClock

ACTORS, SHOP_ID = 8, "100500"
PLAN = timedelta(days=30)
Act = Callable[[TenantSession], Awaitable[Any]]


def choose_order(seed: int | None = None) -> random.Random:
    """Return what shuffles the hands; `LUMENPAY_FAULT_SEED` repeats a run."""
    chosen = seed or int(os.environ.get("LUMENPAY_FAULT_SEED") or random.SystemRandom().randrange(10**6))
    print(f"\nseed {chosen}")
    return random.Random(chosen)


@dataclass(frozen=True)
class Contested:
    """Somebody with a running subscription, and the order by which they renew it."""

    user_id: UUID
    subscription_id: UUID
    membership_id: UUID
    payment_id: UUID
    ends_at: datetime


@dataclass
class Effects:
    """How often a person's story had each effect."""

    grants: int
    periods: int
    ends: int
    told: int
    removals: int
    reminders: int
    reminded: int


@dataclass
class Arena:
    """One tenant with a bot, a channel and a plan of thirty days."""

    database: Database
    clock: MovableClock
    tenant_id: TenantId
    bot: MadeBot
    channel_id: ChannelId
    plan_id: PlanId
    factory: Factory

    async def person(self, *, days: int = 1) -> Contested:
        """Make somebody who is inside for so many days, with an open order that is not paid."""
        user_id, now = await self.factory.user(self.bot), self.clock.now()
        async with self.database.tenant(self.tenant_id) as session:
            given = await grant_by_hand(
                session, user_id=user_id, plan_id=self.plan_id, given=GivenTime(days=days), key=str(user_id),
                actor=SYSTEM, now=now,
            )  # fmt: skip
            user = await session.get_one(User, (self.tenant_id, user_id))
            membership = Membership(
                tenant_id=self.tenant_id, id=user_id, channel_id=self.channel_id, telegram_id=user.telegram_id,
                user_id=user_id, wanted=WantedPlace.INSIDE, actual=ActualPlace.INSIDE, actual_seen_at=now,
                joined_at=now, created_at=now,
            )  # fmt: skip
            session.add(membership)
            order = await start_checkout(
                session, user=user, plan_id=self.plan_id, promo_code=None, chat_message_id=None, now=now
            )
        assert given.ends_at is not None
        return Contested(user_id, given.id, membership.id, order.id, given.ends_at)

    async def settle(self, session: TenantSession, payment_id: UUID) -> SettlementOutcome:
        """Hear from the gateway that the order was paid."""
        payment = await session.get_one(Payment, (self.tenant_id, payment_id))
        observed = GatewayPayment(
            id=f"gateway-{payment_id}", status=PaymentStatus.SUCCEEDED, shop_id=SHOP_ID, is_test=payment.is_test,
            amount=Money(payment.amount_minor, payment.currency), metadata={"payment_id": str(payment_id)},
            confirmation_url=None, cancellation_reason=None,
        )  # fmt: skip
        return await settle_payment(session, payment_id=payment_id, observed=observed, now=self.clock.now())

    async def at_once(self, acts: Sequence[Act], order: random.Random) -> list[Any]:
        """Do everything in transactions of their own that are all open before the first one acts, none of them soonest.

        An act that locks late would never come first: each looks at the database a few times before it begins.
        """
        barrier = asyncio.Barrier(len(acts))

        async def act(what: Act, looks: int) -> Any:
            async with self.database.tenant(self.tenant_id) as session:
                await session.execute(select(1))
                await barrier.wait()
                for _ in range(looks):
                    await session.execute(select(1))
                return await what(session)

        looks = [order.choice((0, 6, 20)) for _ in acts]
        return list(await asyncio.gather(*(act(what, count) for what, count in zip(acts, looks, strict=True))))

    async def effects(self, person: Contested) -> Effects:
        """Count what happened."""
        of_subscription = {model: model.subscription_id == person.subscription_id for model in (
            Grant, SubscriptionPeriod, SubscriptionReminder
        )}  # fmt: skip
        ended = (AccessLog.subscription_id == person.subscription_id) & (AccessLog.action == AccessAction.EXPIRED)
        subject, membership = str(person.subscription_id), str(person.membership_id)
        async with self.database.tenant(self.tenant_id) as session:

            async def count(model: Any, *where: Any) -> int:
                return await session.scalar(select(func.count()).select_from(model).where(*where)) or 0

            return Effects(
                grants=await count(Grant, of_subscription[Grant]),
                periods=await count(SubscriptionPeriod, of_subscription[SubscriptionPeriod]),
                ends=await count(AccessLog, ended),
                told=await count(Job, Job.kind == "subscriptions.tell_expired", Job.dedupe_key == subject),
                removals=await count(Job, Job.kind == "access.remove", Job.dedupe_key == membership),
                reminders=await count(SubscriptionReminder, of_subscription[SubscriptionReminder]),
                reminded=await count(
                    Job, Job.kind == "subscriptions.remind", Job.payload["subscription_id"].astext == subject
                ),
            )

    async def subscription(self, person: Contested) -> Subscription:
        """Return the row as it is now."""
        async with self.database.tenant(self.tenant_id) as session:
            return await session.get_one(Subscription, (self.tenant_id, person.subscription_id))

    async def broken(self) -> dict[str, int]:
        """Return which invariants do not hold once everything that is due by now was done, as schedulers do it.

        No worker runs here, so that jobs wait and nobody is taken out.
        """
        now = self.clock.now()
        for listing, act in (
            (dispatch.list_due_expiries, expire_subscription), (dispatch.list_due_reminders, claim_reminder)
        ):  # fmt: skip
            while due := await listing(self.database, now=now, limit=500):
                for tenant_id, subscription_id in due:
                    async with self.database.tenant(tenant_id) as session:
                        await act(session, subscription_id=subscription_id, now=now)
        found = {
            name: len(await dispatch.list_broken_rows(self.database, check=name, now=self.clock.now(), limit=100))
            for name in INVARIANTS if name not in {"job_stuck", "member_without_right"}
        }  # fmt: skip
        return {name: rows for name, rows in found.items() if rows}


async def open_arena(database: Database, factory: Factory, clock: MovableClock) -> Arena:
    """Make the tenant."""
    tenant_id = await factory.tenant(reminder_offsets_seconds=[3_600])
    bot = await factory.bot(tenant_id, shop=(SHOP_ID, f"live_{tenant_id}"))
    channel_id = await factory.channel(bot)
    plan_id = await factory.plan(bot, channel_id, period_unit=PeriodUnit.DAY, period_count=PLAN.days)
    return Arena(database, clock, tenant_id, bot, channel_id, plan_id, factory)
