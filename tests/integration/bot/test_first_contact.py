"""The first contact of a person, seen by two workers at the same moment."""

from __future__ import annotations

import asyncio

from lumenpay.db.session import Database
from lumenpay.models.ids import TenantId
from lumenpay.users.service import Person, ensure_user
from tests.factories.tenants import Factory
from tests.support.clock import MovableClock


async def test_two_first_contacts_at_once_make_one_subscriber_e1(
    database: Database, factory: Factory, clock: MovableClock
) -> None:
    bot = await factory.bot()
    person = Person(700, "Анна", None, "anna", "ru")
    is_inserted, may_commit = asyncio.Event(), asyncio.Event()

    async def come_first() -> object:
        async with database.tenant(TenantId(bot.tenant_id)) as session:
            user = await ensure_user(session, bot_id=bot.id, person=person, now=clock.now(), source="first")
            is_inserted.set()
            await may_commit.wait()
            return user.id

    async def come_second() -> object:
        async with database.tenant(TenantId(bot.tenant_id)) as session:
            return (await ensure_user(session, bot_id=bot.id, person=person, now=clock.now(), source="second")).id

    first = asyncio.ensure_future(come_first())
    await is_inserted.wait()
    second = asyncio.ensure_future(come_second())
    # The second one's statement began before the first one's commit: it waits for the row or sees no row at all.
    await asyncio.wait([second], timeout=0.3)
    assert not second.done()
    may_commit.set()
    assert await first == await second
