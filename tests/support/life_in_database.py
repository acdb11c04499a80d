"""The world of `tests.support.life` as it is: the product's services on a real database, one tenant for each life."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from lumenpay.access.repository import has_right_to_be_inside
from lumenpay.audit.service import SYSTEM
from lumenpay.db import dispatch
from lumenpay.db.session import Database, TenantSession
from lumenpay.kit.ids import new_uuid7
from lumenpay.kit.money import Money
from lumenpay.models.access import AccessAction, AccessLog
from lumenpay.models.jobs import Job
from lumenpay.models.ledger import LedgerEntry
from lumenpay.models.pauses import PausedBy
from lumenpay.models.payments import Payment, PaymentStatus
from lumenpay.models.plans import Plan
from lumenpay.models.promo_codes import DiscountKind, PromoCode
from lumenpay.models.subscriptions import Subscription, SubscriptionReminder, SubscriptionStatus
from lumenpay.models.users import User
from lumenpay.payments.checkout import start_checkout
from lumenpay.payments.providers.protocol import GatewayPayment
from lumenpay.staff.rules import INVARIANTS
from lumenpay.subscriptions.errors import PauseRefusedError
from lumenpay.subscriptions.expiry import expire_subscription
from lumenpay.subscriptions.manual import GivenTime, extend_by_hand, grant_by_hand
from lumenpay.subscriptions.pausing import pause_for, resume, take_due_pause_step
from lumenpay.subscriptions.reminders import claim_reminder, replan_reminders
from lumenpay.subscriptions.repository import find_of_plan
from lumenpay.subscriptions.revocation import revoke_subscription
from lumenpay.subscriptions.settlement import SettlementOutcome, settle_payment
from lumenpay.tenants.service import TenantSettings, change_tenant
from tests.factories.tenants import Factory
from tests.support.clock import MovableClock
from tests.support.life import GRACES, OFFSETS, Order, View
from tests.support.owed import Terms

SHOP_ID, FREE_DAYS = "100500", 7
WAITING_FOR_WORKERS = {"job_stuck"}
"""No worker runs beside the machine: what it enqueues stays where it is."""
_numbers = count(1)


class LivingDatabase:
    """Runs what is asynchronous on a loop of its own, each in a transaction of one tenant."""

    def __init__(self, url: str, ring: Any) -> None:
        self.runner = asyncio.Runner()
        self.database = Database(url, pool_size=2, application_name="lumenpay-tests-life")
        self.ring = ring

    def run(self, work: Awaitable[Any]) -> Any:
        async def wait() -> Any:
            return await work

        return self.runner.run(wait())

    def within(self, tenant_id: Any, act: Callable[[TenantSession], Awaitable[Any]]) -> Any:
        async def work() -> Any:
            async with self.database.tenant(tenant_id) as session:
                return await act(session)

        return self.run(work())

    def close(self) -> None:
        self.run(self.database.close())
        self.runner.close()


@contextmanager
def living_database(url: str, ring: Any) -> Iterator[LivingDatabase]:
    """Yield the database for as many lives as there are."""
    living = LivingDatabase(url, ring)
    try:
        yield living
    finally:
        living.close()


class Product:
    """One person and one plan of a tenant of their own."""

    def __init__(self, living: LivingDatabase) -> None:
        self.living = living
        self.known: set[tuple[datetime, int]] = set()
        self.ended = self.told = 0
        self.moment = datetime.min.replace(tzinfo=UTC)
        living.run(self._open())

    async def _open(self) -> None:
        factory = Factory(self.living.database, self.living.ring, MovableClock())
        settings = {"grace_seconds": round(GRACES[0].total_seconds()), "reminder_offsets_seconds": list(OFFSETS[0])}
        self.tenant_id = await factory.tenant(**settings)
        bot = await factory.bot(self.tenant_id, shop=(SHOP_ID, f"live_{next(_numbers)}"))
        self.channel_id = await factory.channel(bot)
        self.plan_id = await factory.plan(bot, self.channel_id)
        self.user_id = await factory.user(bot)
        async with self.living.database.tenant(self.tenant_id) as session:
            session.add(
                PromoCode(
                    tenant_id=self.tenant_id, id=new_uuid7(), bot_id=bot.id, code="WEEK", discount_value=FREE_DAYS,
                    discount_kind=DiscountKind.EXTRA_DAYS, created_at=datetime(2020, 1, 1, tzinfo=UTC),
                )
            )  # fmt: skip

    def open_order(self, terms: Terms, now: datetime) -> UUID:
        async def act(session: TenantSession) -> UUID:
            plan = await session.get_one(Plan, (self.tenant_id, self.plan_id))
            plan.period_unit, plan.period_count = terms.unit, terms.count
            await session.flush()
            user = await session.get_one(User, (self.tenant_id, self.user_id))
            payment = await start_checkout(
                session, user=user, plan_id=self.plan_id, promo_code="WEEK" if terms.extra_days else None,
                chat_message_id=None, now=now,
            )  # fmt: skip
            return payment.id

        payment_id = self._do(act, now)
        self._settle(payment_id, PaymentStatus.PENDING, now)
        return payment_id

    def pay(self, order: Order, now: datetime) -> bool:
        return self._settle(order.key, PaymentStatus.SUCCEEDED, now) is SettlementOutcome.GRANTED and not self._do(
            lambda session: self._needs_a_human(session, order.key), now
        )

    def cancel(self, order: Order, now: datetime) -> None:
        self._settle(order.key, PaymentStatus.CANCELED, now)

    def give(self, days: int, now: datetime, *, is_added: bool) -> bool:
        key = str(new_uuid7())

        async def act(session: TenantSession) -> bool:
            present = await self._find(session)
            if present is not None and is_added:
                await extend_by_hand(session, subscription_id=present.id, days=days, key=key, actor=SYSTEM, now=now)
            else:
                await grant_by_hand(
                    session, user_id=self.user_id, plan_id=self.plan_id, given=GivenTime(days=days), key=key,
                    actor=SYSTEM, now=now,
                )  # fmt: skip
            return True

        return self._do(act, now)

    def pause(self, days: int, now: datetime) -> bool:
        async def act(session: TenantSession) -> bool:
            present = await self._find(session)
            if present is None or present.status == SubscriptionStatus.PAUSED:
                return False
            try:
                await pause_for(session, subscription_id=present.id, days=days, actor=SYSTEM, now=now)
            except PauseRefusedError:
                return False
            return True

        return self._do(act, now)

    def resume(self, now: datetime) -> bool:
        async def act(session: TenantSession) -> bool:
            present = await self._find(session)
            if present is None or present.status != SubscriptionStatus.PAUSED:
                return False
            await resume(session, subscription_id=present.id, by=PausedBy.TEAM, actor=SYSTEM, now=now)
            return True

        return self._do(act, now)

    def resume_in_time(self, now: datetime) -> bool:
        due = self.living.run(dispatch.list_due_pauses(self.living.database, now=now, limit=10_000))

        async def act(session: TenantSession) -> bool:
            present = await self._find(session)
            if present is None or present.status != SubscriptionStatus.PAUSED:
                return False
            await take_due_pause_step(session, subscription_id=present.id, now=now)
            return present.status != SubscriptionStatus.PAUSED

        return any(tenant_id == self.tenant_id for tenant_id, _ in due) and self._do(act, now)

    def revoke(self, now: datetime) -> None:
        async def act(session: TenantSession) -> None:
            present = await self._find(session)
            if present is not None:
                self.ended += present.status in (SubscriptionStatus.ACTIVE, SubscriptionStatus.PAUSED)
                await revoke_subscription(session, subscription_id=present.id, actor=SYSTEM, now=now)

        self._do(act, now)

    def expire(self, now: datetime) -> bool:
        due = self.living.run(dispatch.list_due_expiries(self.living.database, now=now, limit=10_000))
        [ended] = [
            self._do(lambda session, found=row_id: expire_subscription(session, subscription_id=found, now=now), now)
            for tenant_id, row_id in due if tenant_id == self.tenant_id
        ] or [False]  # fmt: skip
        self.ended += ended
        return ended

    def remind(self, now: datetime) -> int | None:
        due = self.living.run(dispatch.list_due_reminders(self.living.database, now=now, limit=10_000))
        [claimed] = [
            self._do(lambda session, found=row_id: claim_reminder(session, subscription_id=found, now=now), now)
            for tenant_id, row_id in due if tenant_id == self.tenant_id
        ] or [False]  # fmt: skip
        if not claimed:
            return None
        rows = self._do(lambda session: _all(session, SubscriptionReminder), now)
        [(ends_at, offset)] = {(row.ends_at, row.offset_seconds) for row in rows} - self.known
        self.known.add((ends_at, offset))
        self.told += ends_at > now
        return offset

    def change_settings(self, grace: timedelta, offsets: tuple[int, ...], zone: str, now: datetime) -> None:
        async def act(session: TenantSession) -> None:
            chosen = TenantSettings("Alpha", zone, "ru", offsets, round(grace.total_seconds()))
            await change_tenant(session, settings=chosen, actor=SYSTEM, now=now)
            await replan_reminders(session, after=UUID(int=0), limit=10, now=now)

        self._do(act, now)

    def look(self, now: datetime) -> View:
        async def act(session: TenantSession) -> View:
            present = await self._find(session)
            if present is None:
                return View(False, None, None, may_stay=False)
            may_stay = await has_right_to_be_inside(
                session, channel_id=self.channel_id, user_id=self.user_id, now=now
            )  # fmt: skip
            is_running = present.status == SubscriptionStatus.ACTIVE
            return View(is_running, present.ends_at, present.access_ends_at, may_stay=may_stay)

        return self._do(act, now)

    def close(self) -> None:
        """Whatever has happened: the books balance, every end and reminder had one effect, nothing is broken."""
        broken = {
            name: [row for row in found if row.tenant_id == self.tenant_id]
            for name in set(INVARIANTS) - WAITING_FOR_WORKERS
            if (found := self.living.run(
                dispatch.list_broken_rows(self.living.database, check=name, now=self.moment, limit=10_000)))
        }  # fmt: skip
        broken = {name: rows for name, rows in broken.items() if rows}
        # Between two sweeps both of these are as they should be.
        assert not set(broken) - {"subscription_not_expired", "reminder_overdue"}, broken
        ended, told, sum_minor, taken = self._do(self._count, self.moment)
        assert (ended, told, sum_minor) == (self.ended, self.told, 0)
        assert taken[0] == taken[1]

    async def _count(self, session: TenantSession) -> tuple[int, int, int, tuple[int, int]]:
        scalar = session.scalar
        ended = await scalar(select(func.count()).where(AccessLog.action == AccessAction.EXPIRED))
        told = await scalar(select(func.count()).where(Job.kind == "subscriptions.remind"))
        total = await scalar(select(func.coalesce(func.sum(LedgerEntry.amount_minor), 0)))
        booked = select(func.coalesce(func.sum(LedgerEntry.amount_minor), 0)).where(LedgerEntry.account == "gateway")
        paid = select(func.coalesce(func.sum(Payment.amount_minor), 0)).where(Payment.status == PaymentStatus.SUCCEEDED)
        return ended or 0, told or 0, int(total or 0), (int(await scalar(booked) or 0), int(await scalar(paid) or 0))

    def _settle(self, payment_id: UUID, status: PaymentStatus, now: datetime) -> SettlementOutcome:
        async def act(session: TenantSession) -> SettlementOutcome:
            payment = await session.get_one(Payment, (self.tenant_id, payment_id))
            observed = GatewayPayment(
                id=f"gateway-{payment_id}", status=status, amount=Money(payment.amount_minor, payment.currency),
                shop_id=SHOP_ID, metadata={"payment_id": str(payment_id)}, is_test=payment.is_test,
                confirmation_url="https://pay.example", cancellation_reason=None,
            )  # fmt: skip
            return await settle_payment(session, payment_id=payment_id, observed=observed, now=now)

        return self._do(act, now)

    async def _needs_a_human(self, session: TenantSession, payment_id: UUID) -> bool:
        return (await session.get_one(Payment, (self.tenant_id, payment_id))).quarantine_reason is not None

    async def _find(self, session: TenantSession) -> Subscription | None:
        return await find_of_plan(session, user_id=self.user_id, plan_id=self.plan_id)

    def _do(self, act: Callable[[TenantSession], Awaitable[Any]], now: datetime) -> Any:
        self.moment = max(self.moment, now)
        return self.living.within(self.tenant_id, act)


async def _all(session: TenantSession, model: Any) -> list[Any]:
    return list((await session.execute(select(model))).scalars())
