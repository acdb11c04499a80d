"""Members of the platform's staff, as the command line makes them, with or without a second factor."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from sqlalchemy import update

from lumenpay.admins.staff import add_staff
from lumenpay.db.session import Database
from lumenpay.db.unscoped import unscoped_session
from lumenpay.models.admins import AdminSession
from operations.embedded import DatabaseUrls
from tests.isolation.cast import Person, Seeder

MakeStaff = Callable[..., Awaitable[Person]]


@pytest.fixture
async def make_staff(seeder: Seeder, postgres_urls: DatabaseUrls) -> AsyncIterator[MakeStaff]:
    """Make a person staff; a session with a second factor unless told otherwise."""
    owner = Database(postgres_urls.owner, pool_size=1)

    async def make(name: str = "Sam", *, has_second_factor: bool = True) -> Person:
        person = await seeder.person(name)
        await add_staff(owner, email=person.email, now=seeder.now)
        if has_second_factor:
            async with unscoped_session(seeder.database) as session:
                shown = update(AdminSession).where(AdminSession.id == person.session_id).values(mfa_at=seeder.now)
                await session.execute(shown)
        return person

    yield make
    await owner.close()
