"""What the owners are written when their tenant leaves: of the wish, of its being called off, and of the end."""

from __future__ import annotations

from datetime import timedelta

import asyncpg

from lumenpay.closings.letters import prepare_last_letters
from lumenpay.messages.formatting import format_moment
from lumenpay.models.tenants import Role, Tenant
from tenants_worker.tasks import closings, letters
from tests.support.desk import Desk
from tests.support.market import Market
from tests.support.owners import Owners, owners
from tests.support.stall import Stall

__all__ = ["owners"]
GONE = timedelta(minutes=31)


async def post(market: Market) -> None:
    """Send the letters whose moment has come, twice over."""
    for _ in range(2):
        await letters.send_due(market.worker, market.now())


def to(owners: Owners, address: str | None) -> list[tuple[str, str]]:
    return [(subject, text) for receiver, subject, text in owners.letters() if receiver == address]


async def test_every_owner_is_told_once_in_their_language_that_it_closes_and_when_o3(
    market: Market, stall: Stall, desk: Desk, owners: Owners
) -> None:
    anna, john = await owners.add(Role.OWNER), await owners.add(Role.OWNER, locale="en")
    manager = await owners.add(Role.MANAGER)
    for _ in range(2):
        await desk.post("/close", name="Alpha")
    await post(market)
    async with market.tenant(stall.tenant_id) as session:
        removal_at = (await session.get_one(Tenant, stall.tenant_id)).removal_at
    assert removal_at is not None
    [(subject, text)] = to(owners, anna.email)
    assert subject == "Проект «Alpha» закрывается"
    assert format_moment(removal_at, time_zone="Europe/Moscow", locale="ru") in text
    assert f"/t/{stall.tenant_id}/settings/closing" in text
    [(subject, text)] = to(owners, john.email)
    assert subject == "“Alpha” is being closed"
    assert format_moment(removal_at, time_zone="Europe/Moscow", locale="en") in text
    assert to(owners, manager.email) == []


async def test_that_it_was_called_off_is_told_once_and_a_refused_wish_is_not_told_o3(
    market: Market, desk: Desk, owners: Owners
) -> None:
    anna = await owners.add(Role.OWNER)
    assert (await desk.ask("POST", "/close", json={"name": "Alfa"})).status == 422
    await desk.post("/keep")
    await post(market)
    assert owners.letters() == []
    await desk.post("/close", name="Alpha")
    for _ in range(2):
        await desk.post("/keep")
    await post(market)
    assert sorted(subject for subject, _ in to(owners, anna.email)) == [
        "Проект «Alpha» закрывается", "Проект «Alpha» остаётся"
    ]  # fmt: skip


async def test_when_everything_is_gone_its_owners_are_told_once_though_nobody_knows_any_more_who_they_were_o3(
    market: Market, stall: Stall, desk: Desk, owners: Owners, superuser_url: str
) -> None:
    anna, john = await owners.add(Role.OWNER), await owners.add(Role.OWNER, locale="en")
    await desk.post("/close", name="Alpha")
    await post(market)
    superuser = await asyncpg.connect(superuser_url, timeout=10)
    try:
        await superuser.execute("UPDATE tenants SET removal_at = '2000-01-01' WHERE id = $1", stall.tenant_id)
        # A worker that ended before it removed anything has told nobody.
        async with market.tenant(stall.tenant_id) as session:
            await prepare_last_letters(session, now=market.now())
        await market.skip(minutes=29)
        await closings.remove_due(market.worker, market.now())
        assert await superuser.fetchval("SELECT count(*) FROM tenants WHERE id = $1", stall.tenant_id) == 0
    finally:
        await superuser.close()
    await market.skip(minutes=5)
    await post(market)
    assert len(owners.letters()) == len({receiver for receiver, _, _ in owners.letters()})
    await market.skip(seconds=GONE.total_seconds())
    await closings.remove_due(market.worker, market.now())
    await post(market)
    assert [subject for subject, _ in to(owners, anna.email)][1:] == ["Проект «Alpha» удалён"]
    assert [subject for subject, _ in to(owners, john.email)][1:] == ["“Alpha” is gone"]


async def test_what_waits_to_tell_of_the_end_is_called_off_with_it_o3(
    market: Market, stall: Stall, desk: Desk, owners: Owners
) -> None:
    anna = await owners.add(Role.OWNER)
    await desk.post("/close", name="Alpha")
    for _ in range(2):
        # The clock that removes is ahead of the one that lets people think better of it.
        async with market.tenant(stall.tenant_id) as session:
            await prepare_last_letters(session, now=market.now())
    await desk.post("/keep")
    await market.skip(days=1)
    await post(market)
    assert sorted(subject for subject, _ in to(owners, anna.email)) == [
        "Проект «Alpha» закрывается", "Проект «Alpha» остаётся"
    ]  # fmt: skip
