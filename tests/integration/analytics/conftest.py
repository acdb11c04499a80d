"""A tenant whose whole past is known: who started, saw, ordered, paid, came in and went, and when."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import Range

from lumenpay.analytics.closing import close_days
from lumenpay.db.session import Database
from lumenpay.kit.crypto import KeyRing
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.access import AccessAction, AccessLog
from lumenpay.models.payments import DeliveryState, Payment, PaymentStatus
from lumenpay.models.plans import PeriodUnit, Plan
from lumenpay.models.promo_codes import DiscountKind, PromoCode
from lumenpay.models.refunds import Refund, RefundOrigin, RefundStatus
from lumenpay.models.subscriptions import Subscription, SubscriptionPeriod, SubscriptionStatus
from lumenpay.models.tenants import Role, Tenant, TenantMember
from lumenpay.models.users import User
from lumenpay.plans.rules import end_of_period
from tests.factories.tenants import Factory, MadeBot
from tests.isolation.cast import Seeder
from tests.support.asgi import Answer, AsgiClient
from tests.support.portal import Portal, portal

__all__ = ["portal"]

MOSCOW = ZoneInfo("Europe/Moscow")
NOW = datetime(2026, 3, 15, 12, 0, tzinfo=MOSCOW).astimezone(UTC)


def at(text: str) -> datetime:
    """Return a moment by the wall clock of Moscow, as in `2026-03-15 12:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=MOSCOW).astimezone(UTC)


@dataclass
class Books:
    """A tenant's books: whatever happened is written as the product would have left it."""

    database: Database
    bot: MadeBot
    browser: AsgiClient
    people: dict[str, UUID] = field(default_factory=dict)
    plans: dict[str, UUID] = field(default_factory=dict)

    async def ask(self, what: str, **query: Any) -> Any:
        """Return a figure by HTTP."""
        answer = await self.get(what, **query)
        assert answer.status == 200, answer.body
        return answer.json()

    async def get(self, what: str, **query: Any) -> Answer:
        path = f"/api/v1/tenants/{self.bot.tenant_id}/analytics/{what}"
        return await self.browser.request("GET", path, query=query)

    async def close(self, *, now: datetime = NOW) -> None:
        """Add up every day that is over."""
        is_more = True
        while is_more:
            async with self.database.tenant(self.bot.tenant_id) as session:
                is_more = await close_days(session, now=now)

    async def plan(self, name: str, price_minor: int, unit: PeriodUnit, count: int = 1, currency: str = "RUB") -> None:
        self.plans[name] = new_uuid7()
        await self._add(
            Plan(
                tenant_id=self.bot.tenant_id, id=self.plans[name], bot_id=self.bot.id, title=name,
                price_minor=price_minor, currency=currency, period_unit=unit, period_count=count, created_at=NOW,
            )
        )  # fmt: skip

    async def start(self, name: str, when: str, *, source: str = "", saw_plan: str | None = None) -> None:
        """Have a person start the bot."""
        self.people[name] = new_uuid7()
        await self._add(
            User(
                tenant_id=self.bot.tenant_id, id=self.people[name], bot_id=self.bot.id,
                telegram_id=9_000_000 + len(self.people), first_name=name, source=source, created_at=at(when),
                last_seen_at=at(when), plan_seen_at=at(saw_plan) if saw_plan else None,
            )
        )  # fmt: skip

    async def pay(
        self, name: str, plan: str, when: str, *, amount_minor: int | None = None, code: UUID | None = None,
        is_test: bool = False,
    ) -> None:  # fmt: skip
        """Have a person pay, which begins a period or adds one to what is left."""
        async with self.database.tenant(self.bot.tenant_id) as session:
            row = await session.get_one(Plan, (self.bot.tenant_id, self.plans[plan]))
            payment = self._payment(name, row, at(when), amount_minor, code)
            payment.status, payment.delivery_state = PaymentStatus.SUCCEEDED, DeliveryState.GRANTED
            payment.settled_at, payment.is_test = at(when), is_test
            session.add(payment)
            await session.flush()
            owned = (Subscription.user_id == self.people[name]) & (Subscription.plan_id == row.id)
            subscription = (await session.execute(select(Subscription).where(owned))).scalar_one_or_none()
            begins_at = at(when)
            if subscription is None:
                subscription = Subscription(
                    tenant_id=self.bot.tenant_id, id=new_uuid7(), bot_id=self.bot.id, user_id=self.people[name],
                    plan_id=row.id, starts_at=begins_at, created_at=begins_at,
                )  # fmt: skip
                session.add(subscription)
            elif subscription.ends_at is not None:
                begins_at = max(begins_at, subscription.ends_at)
            ends_at = end_of_period(begins_at, PeriodUnit(row.period_unit), row.period_count)
            subscription.ends_at = subscription.access_ends_at = ends_at
            is_over = ends_at is not None and ends_at <= NOW
            subscription.status = SubscriptionStatus.EXPIRED if is_over else SubscriptionStatus.ACTIVE
            subscription.expired_at = ends_at + timedelta(seconds=1) if is_over and ends_at else None
            await session.flush()
            session.add(
                SubscriptionPeriod(
                    tenant_id=self.bot.tenant_id, id=new_uuid7(), subscription_id=subscription.id,
                    payment_id=payment.id, during=Range(begins_at, ends_at, bounds="[)"), created_at=at(when),
                )
            )  # fmt: skip

    async def refund(self, name: str, paid: str, when: str, amount_minor: int) -> None:
        """Have some of what a person paid at a moment go back at another; what it bought stays theirs."""
        async with self.database.tenant(self.bot.tenant_id) as session:
            query = select(Payment).where(Payment.user_id == self.people[name], Payment.settled_at == at(paid))
            payment = (await session.execute(query)).scalar_one()
            payment.refunded_minor += amount_minor
            session.add(
                Refund(
                    tenant_id=self.bot.tenant_id, id=new_uuid7(), payment_id=payment.id, origin=RefundOrigin.GATEWAY,
                    status=RefundStatus.SUCCEEDED, amount_minor=amount_minor, currency=payment.currency,
                    created_at=at(when), settled_at=at(when),
                )
            )  # fmt: skip

    async def decline(self, name: str, plan: str, when: str) -> None:
        """Have the bank decline an order."""
        async with self.database.tenant(self.bot.tenant_id) as session:
            row = await session.get_one(Plan, (self.bot.tenant_id, self.plans[plan]))
            payment = self._payment(name, row, at(when), None, None)
            payment.status, payment.cancellation_reason = PaymentStatus.CANCELED, "insufficient_funds"
            payment.settled_at = at(when)
            session.add(payment)

    async def log(self, name: str, action: AccessAction, when: str) -> None:
        """Write what happened at the door."""
        await self._add(
            AccessLog(
                tenant_id=self.bot.tenant_id, id=new_uuid7(), action=action, user_id=self.people[name],
                created_at=at(when),
            )
        )  # fmt: skip

    async def block(self, name: str, when: str) -> None:
        async with self.database.tenant(self.bot.tenant_id) as session:
            await session.execute(update(User).where(User.id == self.people[name]).values(blocked_bot_at=at(when)))

    async def move_to(self, time_zone: str) -> None:
        """Have the tenant live in another zone."""
        async with self.database.tenant(self.bot.tenant_id) as session:
            await session.execute(update(Tenant).values(time_zone=time_zone))

    async def code(self, word: str, *, of: str | None = None) -> UUID:
        code_id: UUID = new_uuid7()
        await self._add(
            PromoCode(
                tenant_id=self.bot.tenant_id, id=code_id, bot_id=self.bot.id, code=word, discount_value=50,
                user_id=self.people.get(of or ""), discount_kind=DiscountKind.PERCENT, created_at=NOW,
            )
        )  # fmt: skip
        return code_id

    def _payment(self, name: str, plan: Plan, when: datetime, amount: int | None, code: UUID | None) -> Payment:
        return Payment(
            tenant_id=self.bot.tenant_id, id=new_uuid7(), bot_id=self.bot.id, user_id=self.people[name],
            plan_id=plan.id, promo_code_id=code, provider="yookassa", list_price_minor=plan.price_minor,
            amount_minor=plan.price_minor if amount is None else amount, currency=plan.currency,
            period_unit=plan.period_unit, period_count=plan.period_count, description=plan.title,
            idempotence_key=str(new_uuid7()), created_at=when,
        )  # fmt: skip

    async def _add(self, row: Any) -> None:
        async with self.database.tenant(self.bot.tenant_id) as session:
            session.add(row)


@pytest.fixture
async def books(database: Database, factory: Factory, ring: KeyRing, portal: Portal) -> AsyncIterator[Books]:
    """Empty books on the day of the story, with their owner at a browser."""
    before = portal.clock.now()
    portal.clock.set(NOW)
    bot = await factory.bot()
    person = await Seeder(database, ring, NOW).person("Alice")
    async with database.tenant(bot.tenant_id) as session:
        session.add(TenantMember(tenant_id=bot.tenant_id, admin_id=person.admin_id, role=Role.OWNER, created_at=NOW))
    yield Books(database, bot, portal.browser(person.token))
    portal.clock.set(before)
