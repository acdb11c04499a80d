"""Nobody is charged for a bot that was deleted: what renews in Stars is ended at Telegram before the token goes."""

from __future__ import annotations

from typing import Any

import pytest

from lumenpay.audit.service import SYSTEM, Actor
from lumenpay.bots.service import connect_bot, delete_bot
from lumenpay.closings.service import close_tenant
from lumenpay.jobs.catalogue import ClearWebhook, Queue
from lumenpay.jobs.errors import JobPostponed
from lumenpay.kit.crypto import Secret
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.audit import AuditEvent
from lumenpay.models.autopays import Autopay, AutopayStatus
from lumenpay.models.bots import Bot
from lumenpay.models.payments import Payment
from lumenpay.models.subscriptions import SubscriptionStatus
from lumenpay.models.tenants import Role
from lumenpay.subscriptions.autopay import BY_TEAM, turn_off
from lumenpay.telegram.facts import BotProfile
from tenants_worker.tasks import bot_ends, letters
from tests.support.chat import Phone, open_phone
from tests.support.market import Market
from tests.support.owners import Owners, owners
from tests.support.renewing import autopay_of, charged, come_to_charge, renewing, subscription_of
from tests.support.stall import Stall, open_stall
from tests.support.stars import STARS_PRICE, bought_with_stars, wallet

__all__ = ["owners"]


@pytest.fixture
async def stall(market: Market) -> Stall:
    return await open_stall(market, stars=STARS_PRICE, is_recurring=True)


async def delete(stall: Stall) -> None:
    async with stall.market.tenant(stall.tenant_id) as session:
        await delete_bot(session, stall.bot_id, actor=SYSTEM, now=stall.market.now())


async def states(phone: Phone) -> list[str]:
    return [one["state"] for one in (await wallet(phone))["subscriptions"]]


async def row(stall: Stall) -> Bot:
    found: Bot = await stall.market.get(stall.tenant_id, Bot, stall.bot_id)
    return found


async def left(stall: Stall) -> list[dict[str, Any]]:
    events = await stall.market.rows(stall.tenant_id, AuditEvent, AuditEvent.action == "bot.renewals_left")
    return [event.details for event in events]


@pytest.mark.parametrize("is_closed", [False, True])
async def test_telegram_charges_nobody_for_a_bot_that_is_gone(
    market: Market, stall: Stall, phone: Phone, is_closed: bool
) -> None:
    await bought_with_stars(phone)
    if is_closed:
        async with market.tenant(stall.tenant_id) as session:
            await close_tenant(session, name="Alpha", actor=SYSTEM, now=market.now())
    else:
        await delete(stall)
    await market.work()
    assert await states(phone) == ["canceled"]
    bot, autopay, subscription = await row(stall), await autopay_of(stall), await subscription_of(stall)
    assert (bot.token_sealed, bot.telegram_id) == (None, None)
    assert (autopay.status, autopay.off_reason) == (AutopayStatus.OFF, "bot_deleted")
    assert subscription.status == SubscriptionStatus.ACTIVE
    await market.skip(days=31)
    assert (await wallet(phone))["stars"] == 10_000 - STARS_PRICE
    assert not await left(stall)


async def test_the_token_stays_until_the_last_subscription_is_ended(
    market: Market, stall: Stall, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    phones = [phone, await open_phone(stall), await open_phone(stall)]
    for one in phones:
        await bought_with_stars(one)
    await delete(stall)
    monkeypatch.setattr(bot_ends, "PAGE", 2)
    monkeypatch.setattr(bot_ends, "SLICE_SECONDS", -1)
    for count in (1, 2, 3):
        # Each try is stopped after one: what was done is done, and the next try goes on with the rest.
        with pytest.raises(JobPostponed):
            await market.run(stall.tenant_id, ClearWebhook(stall.bot_id))
        assert [state for one in phones for state in await states(one)].count("canceled") == count
        assert (await row(stall)).token_sealed
        assert (await row(stall)).telegram_id
    await market.work()
    assert (await row(stall)).token_sealed is None


async def test_what_telegram_does_not_answer_is_ended_later(market: Market, stall: Stall, phone: Phone) -> None:
    await bought_with_stars(phone)
    match, effect = {"method": "editUserStarSubscription", "count": 1}, {"kind": "status", "status": 500}
    await market.telegram("POST", "/faults", match=match, effect=effect)
    await delete(stall)
    await market.work()
    assert await states(phone) == ["active"]
    assert (await row(stall)).token_sealed
    await market.skip(minutes=5)
    await market.work()
    assert (await states(phone), (await row(stall)).token_sealed) == (["canceled"], None)


async def test_an_end_that_was_asked_for_before_still_reaches_telegram(
    market: Market, stall: Stall, phone: Phone
) -> None:
    await bought_with_stars(phone)
    async with market.tenant(stall.tenant_id) as session:
        actor = Actor("admin", new_uuid7())
        await turn_off(session, (await subscription_of(stall)).id, reason=BY_TEAM, actor=actor, now=market.now())
        await delete_bot(session, stall.bot_id, actor=actor, now=market.now())
    await market.work(Queue.HOUSEKEEPING)
    assert (await row(stall)).token_sealed
    for _ in range(2):
        await market.work()
        await market.skip(seconds=31)
    assert (await states(phone), (await row(stall)).token_sealed) == (["canceled"], None)


async def test_a_token_that_telegram_refuses_is_not_waited_for_and_the_owner_hears_of_it(
    market: Market, stall: Stall, phone: Phone, owners: Owners
) -> None:
    await owners.add(Role.OWNER)
    await owners.add(Role.OWNER, locale="en")
    await bought_with_stars(phone)
    known = market.world.bots[stall.telegram_bot_id]
    market.world.revoke_token(known)
    await delete(stall)
    for _ in range(2):
        await market.work()
    assert (await row(stall)).token_sealed is None
    assert [(one["count"], one["bot"]) for one in await left(stall)] == [(1, (await row(stall)).username)]
    await letters.send_due(market.worker, market.now())
    name = f"@{(await row(stall)).username}"
    # Letters go side by side: whose is the first is nobody's promise.
    assert {(subject, "1" in text, "BotFather" in text) for _, subject, text in owners.letters()} == {
        (f"{name}: звёзды могут списываться дальше", True, True), (f"{name}: Stars may still be charged", True, True)
    }  # fmt: skip
    assert len(owners.letters()) == 2
    # Telegram goes on, and so it is written here.
    assert (await states(phone), (await autopay_of(stall)).status) == (["active"], AutopayStatus.ON)
    # Connected anew and deleted once more, as the letter says, it ends.
    async with market.tenant(stall.tenant_id) as session:
        profile = BotProfile(known.id, "alpha_bot", "Alpha")
        await connect_bot(
            session, ring=market.ring, token=Secret(known.token), profile=profile, actor=SYSTEM, now=market.now()
        )
    await market.work()
    await delete(stall)
    await market.work()
    assert (await states(phone), (await autopay_of(stall)).status) == (["canceled"], AutopayStatus.OFF)
    assert len(await left(stall)) == 1


async def test_saved_cards_are_forgotten_with_the_bot(market: Market, stall: Stall) -> None:
    await renewing(stall)
    before = await charged(stall)
    await delete(stall)
    await market.work()
    autopay = await autopay_of(stall)
    assert (autopay.status, autopay.off_reason, autopay.method_ref) == (AutopayStatus.OFF, "bot_deleted", None)
    await come_to_charge(stall)
    await stall.sweep()
    assert await charged(stall) == before
    assert await market.count(stall.tenant_id, Payment) == 1
    assert await market.count(stall.tenant_id, Autopay) == 1
