"""C9: a bot's token is replaced while people pay; nobody pays in vain, and its webhook's address stays."""

from __future__ import annotations

import asyncio

import pytest

from lumenpay.audit.service import SYSTEM
from lumenpay.bots.secrets import open_token, open_webhook
from lumenpay.bots.service import mark_token_revoked, rotate_token
from lumenpay.jobs.errors import JobPostponed
from lumenpay.kit.crypto import Secret
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.bots import Bot, BotStatus
from lumenpay.models.ids import JobId
from lumenpay.models.payments import DeliveryState, PaymentStatus
from lumenpay.models.subscriptions import Grant
from lumenpay.telegram.facts import BotProfile
from tenants_worker.context import JobContext
from tenants_worker.tasks.telling import pausing_revoked
from tests.support.market import Market
from tests.support.stall import Stall

BUYERS = 24


async def test_a_token_that_is_replaced_while_payments_run_loses_none_of_them(market: Market, stall: Stall) -> None:
    known = market.world.bots[stall.telegram_bot_id]
    await stall.change(Bot, stall.bot_id, telegram_id=known.id)
    before = open_webhook(market.ring, await market.get(stall.tenant_id, Bot, stall.bot_id))
    buyers = [await stall.buyer() for _ in range(BUYERS)]
    orders = [await stall.order(buyer) for buyer in buyers]
    await market.work()
    half = [await stall.payment(order.id) for order in orders]
    for payment in half[::2]:
        await stall.pay(payment)
    refused = Secret(known.token).hint()
    market.world.revoke_token(known)

    async def replace_token() -> None:
        async with market.tenant(stall.tenant_id) as session:
            await mark_token_revoked(session, stall.bot_id, token_hint=refused, now=market.now())
        profile = BotProfile(known.id, "club_bot", "Club")
        async with market.tenant(stall.tenant_id) as session:
            await rotate_token(
                session, stall.bot_id, ring=market.ring, token=Secret(known.token), profile=profile, actor=SYSTEM,
                now=market.now(),
            )  # fmt: skip

    await asyncio.gather(stall.poll(), replace_token())
    for payment in half[1::2]:
        await stall.pay(payment)
    for _ in range(3):
        await stall.poll()
    bot = await market.get(stall.tenant_id, Bot, stall.bot_id)
    assert (bot.status, bot.health_code) == (BotStatus.ACTIVE, "")
    assert open_webhook(market.ring, bot) == before
    assert known.feed.settings.secret_token == before.secret.reveal()
    settled = [await stall.payment(order.id) for order in orders]
    assert {payment.status for payment in settled} == {PaymentStatus.SUCCEEDED}
    assert {payment.delivery_state for payment in settled} == {DeliveryState.LINK_SENT}
    assert await market.count(stall.tenant_id, Grant) == BUYERS


async def test_a_late_refusal_of_the_former_token_stops_nobody(market: Market, stall: Stall) -> None:
    """What was begun with the former token goes on with the newer one, and the bot stays in service."""
    known = market.world.bots[stall.telegram_bot_id]
    buyer = await stall.buyer()
    payment = await stall.ordered(buyer)
    await stall.pay(payment)
    bot = await market.get(stall.tenant_id, Bot, stall.bot_id)
    former = open_token(market.ring, bot)
    market.world.revoke_token(known)
    async with market.tenant(stall.tenant_id) as session:
        profile = BotProfile(stall.telegram_bot_id, "club_bot", "Club")
        await rotate_token(
            session, stall.bot_id, ring=market.ring, token=Secret(known.token), profile=profile, actor=SYSTEM,
            now=market.now(),
        )  # fmt: skip
    ctx = JobContext(market.worker, stall.tenant_id, JobId(new_uuid7()), 1)
    with pytest.raises(JobPostponed) as postponed:
        async with pausing_revoked(ctx, stall.bot_id, former):
            await market.worker.telegram.get_me(former)
    assert postponed.value.retry_after_seconds == 0
    await stall.poll()
    bot = await market.get(stall.tenant_id, Bot, stall.bot_id)
    assert (bot.status, bot.health_code) == (BotStatus.ACTIVE, "")
    assert (await stall.payment(payment.id)).delivery_state == DeliveryState.LINK_SENT
