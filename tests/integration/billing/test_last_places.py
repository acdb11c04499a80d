"""The last place of a subscriber, asked for by two real transactions at the same moment (fault D26)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from lumenpay.access.whitelist import change_whitelisting
from lumenpay.audit.service import SYSTEM
from lumenpay.db.session import TenantSession
from lumenpay.imports.giving import carry_out_some, claim_by_token
from lumenpay.imports.service import ImportFile, check_file, start_import
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.imports import ImportRow
from lumenpay.models.payments import OPEN_STATUSES, Payment
from lumenpay.models.subscriptions import Subscription, SubscriptionStatus
from lumenpay.models.users import User
from lumenpay.payments.checkout import start_checkout
from lumenpay.subscriptions.manual import GivenTime, extend_by_hand, grant_by_hand
from lumenpay.subscriptions.revocation import revoke_subscription
from lumenpay.tenants.errors import LimitReachedError
from lumenpay.users.service import Person, ensure_user
from tests.support.lines import allow, until_waiting
from tests.support.market import Market
from tests.support.stall import Stall


@dataclass
class Queue:
    """People who want a place, each in their own way; what that takes is made ready while there is no limit."""

    stall: Stall
    ready: dict[tuple[str, UUID], UUID | str] = field(default_factory=dict)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[TenantSession]:
        async with self.stall.market.tenant(self.stall.tenant_id) as session:
            yield session

    async def ask(self, session: TenantSession, way: str, user: User) -> bool:
        """Ask for a place, and tell whether it was given."""
        try:
            return await WAYS[way](self, session, user)
        except LimitReachedError:
            return False

    async def ask_alone(self, way: str, user: User) -> bool:
        async with self.transaction() as session:
            return await self.ask(session, way, user)

    async def enlist(self, column: str, value: object) -> UUID:
        now = self.stall.market.now()
        content = f"{column},ends_at\n{value},{(now + timedelta(days=9)).isoformat()}\n".encode()
        file = ImportFile("x.csv", content, self.stall.plan_id, 0, str(new_uuid7()))
        async with self.transaction() as session:
            found = await check_file(session, file, actor=SYSTEM, now=now)
            await start_import(session, found.id, actor=SYSTEM, now=now)
        return found.id

    async def make_ready(self, way: str, user: User) -> None:
        now = self.stall.market.now()
        if way == "line of a list":
            self.ready[way, user.id] = await self.enlist("telegram_id", user.telegram_id)
        elif way == "claim link":
            import_id = await self.enlist("username", f"stranger_{user.telegram_id}")
            async with self.transaction() as session:
                await carry_out_some(session, import_id, limit=5, now=now)
            [row] = await self.stall.market.rows(self.stall.tenant_id, ImportRow, ImportRow.import_id == import_id)
            self.ready[way, user.id] = row.claim_token
        elif way == "extension":
            async with self.transaction() as session:
                await grant(self, session, user)
            [had] = await self.stall.market.rows(self.stall.tenant_id, Subscription, Subscription.user_id == user.id)
            async with self.transaction() as session:
                await revoke_subscription(session, subscription_id=had.id, actor=SYSTEM, now=now)
            self.ready[way, user.id] = had.id

    async def count_places(self) -> int:
        """How many people have access, are let in free or have an order open."""
        market, tenant_id = self.stall.market, self.stall.tenant_id
        running = await market.rows(tenant_id, Subscription, Subscription.status == SubscriptionStatus.ACTIVE)
        ordered = await market.rows(tenant_id, Payment, Payment.status.in_(OPEN_STATUSES))
        free = await market.rows(tenant_id, User, User.is_whitelisted)
        return len({row.user_id for row in (*running, *ordered)} | {row.id for row in free})


async def grant(queue: Queue, session: TenantSession, user: User) -> bool:
    await grant_by_hand(
        session, user_id=user.id, plan_id=queue.stall.plan_id, given=GivenTime(days=5), key=str(new_uuid7()),
        actor=SYSTEM, now=queue.stall.market.now(),
    )  # fmt: skip
    return True


async def extend(queue: Queue, session: TenantSession, user: User) -> bool:
    subscription_id = UUID(str(queue.ready["extension", user.id]))
    await extend_by_hand(
        session, subscription_id=subscription_id, days=5, key=str(new_uuid7()), actor=SYSTEM,
        now=queue.stall.market.now(),
    )  # fmt: skip
    return True


async def order(queue: Queue, session: TenantSession, user: User) -> bool:
    await start_checkout(
        session, user=user, plan_id=queue.stall.plan_id, promo_code=None, chat_message_id=None,
        now=queue.stall.market.now(),
    )  # fmt: skip
    return True


async def whitelist(queue: Queue, session: TenantSession, user: User) -> bool:
    now = queue.stall.market.now()
    return (await change_whitelisting(session, user.id, is_whitelisted=True, actor=SYSTEM, now=now)).is_whitelisted


async def import_line(queue: Queue, session: TenantSession, user: User) -> bool:
    import_id = UUID(str(queue.ready["line of a list", user.id]))
    while await carry_out_some(session, import_id, limit=5, now=queue.stall.market.now()):
        pass
    [line] = await session.scalars(select(ImportRow).where(ImportRow.import_id == import_id))
    return line.outcome in ("created", "extended")


async def claim(queue: Queue, session: TenantSession, user: User) -> bool:
    found = await claim_by_token(session, user, str(queue.ready["claim link", user.id]), now=queue.stall.market.now())
    return found is not None and found.is_open


WAYS: dict[str, Callable[[Queue, TenantSession, User], Awaitable[bool]]] = {
    "grant": grant, "extension": extend, "order": order, "free of charge": whitelist, "line of a list": import_line,
    "claim link": claim,
}  # fmt: skip
PAIRS = [*((way, "grant") for way in WAYS), *(("grant", way) for way in WAYS if way != "grant"), ("order", "order")]


@pytest.fixture
def queue(stall: Stall) -> Queue:
    return Queue(stall)


@pytest.mark.parametrize(("one", "other"), PAIRS)
async def test_of_two_who_ask_for_the_last_place_at_one_moment_one_gets_it_d26(
    market: Market, stall: Stall, queue: Queue, one: str, other: str
) -> None:
    anna, ben = await stall.buyer(), await stall.buyer()
    await queue.make_ready(one, anna)
    await queue.make_ready(other, ben)
    await allow(market, stall, 1)
    async with queue.transaction() as first:
        assert await queue.ask(first, one, anna)
        second = asyncio.ensure_future(queue.ask_alone(other, ben))
        await until_waiting(stall, 1, second)
    assert not await second
    assert await queue.count_places() == 1


async def test_far_from_the_limit_nobody_waits_for_anybody(market: Market, stall: Stall, queue: Queue) -> None:
    people = [await stall.buyer() for _ in range(3)]
    await allow(market, stall, 1000)
    async with queue.transaction() as first:
        assert await queue.ask(first, "grant", people[0])
        # Each commits while the first one is open; whoever waited for it would wait for ever.
        assert await queue.ask_alone("order", people[1])
        assert await queue.ask_alone("free of charge", people[2])
    assert await queue.count_places() == 3


@pytest.mark.parametrize(
    ("one", "other"),
    [("line of a list", "grant"), *((way, "line of a list") for way in WAYS if way != "line of a list")],
)
async def test_two_in_line_for_one_person_do_not_wait_for_each_other(
    market: Market, stall: Stall, queue: Queue, one: str, other: str
) -> None:
    anna, ben = await stall.buyer(), await stall.buyer()
    await queue.make_ready(one, anna)
    await queue.make_ready(other, anna)
    await allow(market, stall, 2)
    async with queue.transaction() as first:
        assert await queue.ask(first, "grant", ben)
        asked = asyncio.ensure_future(queue.ask_alone(one, anna))
        await until_waiting(stall, 1, asked)
        asked_too = asyncio.ensure_future(queue.ask_alone(other, anna))
        await until_waiting(stall, 2, asked, asked_too)
    await asyncio.gather(asked, asked_too)
    assert await queue.count_places() == 2


async def test_a_list_and_a_stranger_of_it_who_writes_at_this_moment_do_not_wait_for_each_other(
    market: Market, stall: Stall, queue: Queue
) -> None:
    await allow(market, stall, 1)
    import_id = await queue.enlist("telegram_id", 7001)

    async def carry_out() -> None:
        async with queue.transaction() as session:
            await carry_out_some(session, import_id, limit=5, now=market.now())

    async with queue.transaction() as writing:
        who = Person(7001, "Vera", None, None, "ru")
        vera = await ensure_user(writing, bot_id=stall.bot_id, person=who, now=market.now())
        listed = asyncio.ensure_future(carry_out())
        await until_waiting(stall, 1, listed)
        assert await queue.ask(writing, "order", vera)
    await listed
    # The place that her order keeps is hers.
    [line] = await market.rows(stall.tenant_id, ImportRow)
    assert (line.outcome, line.user_id) == ("created", vera.id)
    assert await queue.count_places() == 1


async def test_an_open_order_keeps_its_place_for_an_hour(market: Market, stall: Stall, queue: Queue) -> None:
    anna, ben, carl = [await stall.buyer() for _ in range(3)]
    await allow(market, stall, 1)
    kept = await stall.ordered(anna)
    # Her own further taps find it.
    assert (await stall.order(anna)).id == kept.id
    for way in ("order", "grant", "free of charge"):
        assert not await queue.ask_alone(way, ben)
    await market.skip(minutes=61)
    assert await queue.ask_alone("grant", ben)
    assert not await queue.ask_alone("order", carl)
