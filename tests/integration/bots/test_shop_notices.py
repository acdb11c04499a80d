"""Owners hear once of a shop that can sell nothing, and once when it sells again (D20)."""

from __future__ import annotations

import pytest

from lumenpay.models.audit import AuditEvent
from lumenpay.models.bots import Bot, ShopStatus
from lumenpay.models.payments import PaymentStatus
from lumenpay.models.tenants import Role
from lumenpay.payments.shops import disconnect_shop
from tenants_worker.tasks import shops
from tests.integration.refunds.counter import ALICE
from tests.support.market import Market, market
from tests.support.owners import Owners, owners
from tests.support.stall import Stall, open_stall

__all__ = ["market", "owners"]
SALES = {"method": "POST", "path": "/v3/payments"}


@pytest.fixture
async def stall(market: Market) -> Stall:
    return await open_stall(market)


async def refuse(market: Market, status: int, **match: str) -> None:
    await market.yookassa("POST", "/faults", match=match, effect={"kind": "status", "status": status})


async def status(stall: Stall) -> ShopStatus:
    bot: Bot = await stall.market.get(stall.tenant_id, Bot, stall.bot_id)
    return bot.shop_status


async def wait(stall: Stall, *, minutes: int) -> None:
    """Minutes pass, and the tick looks which shops are to be tried again."""
    await stall.market.skip(minutes=minutes)
    await shops.check_due(stall.market.worker, stall.market.now())
    await stall.market.work()


def told(owners: Owners) -> list[str]:
    return [subject.partition(" ")[2] for _, subject, _ in owners.letters()]


async def test_refused_keys_are_told_once_and_tried_again_until_they_work_d20(
    market: Market, stall: Stall, owners: Owners
) -> None:
    await owners.add(Role.OWNER, locale="en")
    await owners.add(Role.MANAGER)
    await refuse(market, 401)
    for buyer in (await stall.buyer(), await stall.buyer()):
        await stall.order(buyer)
    await market.work()
    assert await status(stall) == ShopStatus.REJECTED
    for _ in range(3):
        await wait(stall, minutes=31)
    assert told(owners) == ["YooKassa no longer accepts the shop’s key"]
    assert await status(stall) == ShopStatus.REJECTED
    await market.yookassa("DELETE", "/faults")
    await wait(stall, minutes=5)
    assert await status(stall) == ShopStatus.REJECTED
    await wait(stall, minutes=26)
    assert await status(stall) == ShopStatus.ACTIVE
    assert len(told(owners)) == 2
    assert owners.letters()[1][1].startswith("The shop of @")
    assert (await stall.ordered(await stall.buyer())).status == PaymentStatus.PENDING
    events = await market.rows(stall.tenant_id, AuditEvent, AuditEvent.action.startswith("shop."))
    assert [event.action for event in events] == ["shop.rejected", "shop.checked"]


async def test_a_shop_that_may_make_no_payments_is_told_of_and_waits_for_its_owner_d20(
    market: Market, stall: Stall, owners: Owners
) -> None:
    await owners.add(Role.OWNER, locale="en")
    await refuse(market, 403, **SALES)
    await stall.ordered(await stall.buyer())
    for _ in range(2):
        await wait(stall, minutes=31)
    # Its keys work, so that trying them again would only let the next buyer meet the same refusal.
    assert await status(stall) == ShopStatus.REJECTED
    assert told(owners) == ["YooKassa doesn’t let the shop take payments"]


async def test_nobody_hears_of_a_shop_that_its_owner_disconnected(market: Market, stall: Stall, owners: Owners) -> None:
    await owners.add(Role.OWNER)
    await refuse(market, 401)
    await stall.ordered(await stall.buyer())
    await market.yookassa("DELETE", "/faults")
    async with market.tenant(stall.tenant_id) as session:
        await disconnect_shop(session, stall.bot_id, ring=market.ring, actor=ALICE, now=market.now())
    await wait(stall, minutes=31)
    assert len(told(owners)) == 1
    assert await status(stall) == ShopStatus.NOT_CONNECTED
