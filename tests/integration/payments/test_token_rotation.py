"""C9: a bot's token is replaced while people pay; nobody pays in vain, and its webhook's address stays."""

from __future__ import annotations

import asyncio

from lumenpay.audit.service import SYSTEM
from lumenpay.bots.secrets import open_webhook
from lumenpay.bots.service import mark_token_revoked, rotate_token
from lumenpay.kit.crypto import Secret
from lumenpay.models.bots import Bot, BotStatus
from lumenpay.models.payments import DeliveryState, PaymentStatus
from lumenpay.models.subscriptions import Grant
from lumenpay.telegram.facts import BotProfile
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
    market.world.revoke_token(known)

    async def replace_token() -> None:
        async with market.tenant(stall.tenant_id) as session:
            await mark_token_revoked(session, stall.bot_id, now=market.now())
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
