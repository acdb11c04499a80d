"""Orders outlive the shop and the bot that they were made with: money that comes is found and honoured."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from cryptography.fernet import Fernet

from lumenpay.audit.service import SYSTEM
from lumenpay.bots.secrets import inspect_seals, open_shop, open_shop_by_id, reseal
from lumenpay.bots.service import delete_bot
from lumenpay.jobs.catalogue import ForgetShops
from lumenpay.jobs.errors import JobPostponed
from lumenpay.kit.crypto import KeyRing, Secret
from lumenpay.models.audit import AuditEvent
from lumenpay.models.bots import Bot, BotStatus, ShopStatus
from lumenpay.models.jobs import Job, JobStatus
from lumenpay.models.payments import DeliveryState, Payment, PaymentStatus
from lumenpay.models.subscriptions import Grant
from lumenpay.payments.shops import connect_shop, disconnect_shop
from tenants_worker.tasks.payments import poll_due
from tests.support.market import Market
from tests.support.stall import Stall


async def connect(market: Market, stall: Stall, shop: dict[str, Any]) -> None:
    async with market.tenant(stall.tenant_id) as session:
        await connect_shop(
            session, stall.bot_id, ring=market.ring, shop_id=shop["shop_id"], secret_key=Secret(shop["secret_key"]),
            is_test=True, actor=SYSTEM, now=market.now(),
        )  # fmt: skip


async def disconnect(market: Market, stall: Stall) -> None:
    async with market.tenant(stall.tenant_id) as session:
        await disconnect_shop(session, stall.bot_id, ring=market.ring, actor=SYSTEM, now=market.now())


async def delete(market: Market, stall: Stall) -> None:
    async with market.tenant(stall.tenant_id) as session:
        await delete_bot(session, stall.bot_id, actor=SYSTEM, now=market.now())


async def new_shop(market: Market) -> dict[str, Any]:
    return dict(await market.yookassa("POST", "/shops", name="Second"))


async def bot_of(market: Market, stall: Stall) -> Bot:
    return await market.get(stall.tenant_id, Bot, stall.bot_id)


async def test_a_link_of_the_shop_before_is_honoured_and_its_keys_are_forgotten_afterwards_d14(
    market: Market, stall: Stall
) -> None:
    anna, ben = await stall.buyer(), await stall.buyer()
    old = await stall.ordered(anna)
    second = await new_shop(market)
    await connect(market, stall, second)
    new = await stall.ordered(ben)
    assert (old.shop_id, new.shop_id) == (stall.shop["shop_id"], second["shop_id"])
    with pytest.raises(JobPostponed):
        await market.run(stall.tenant_id, ForgetShops(stall.bot_id))
    await stall.pay(old)
    await stall.pay(new)
    await stall.poll()
    assert [(await stall.payment(p.id)).status for p in (old, new)] == [PaymentStatus.SUCCEEDED] * 2
    assert await market.count(stall.tenant_id, Grant) == 2
    await market.skip(hours=1, minutes=10)
    await market.work()
    assert not await market.jobs(stall.tenant_id, ForgetShops.kind, status=JobStatus.READY)
    sealed = (await bot_of(market, stall)).shop_sealed
    await market.run(stall.tenant_id, ForgetShops(stall.bot_id))
    bot = await bot_of(market, stall)
    assert (bot.shop_sealed, open_shop(market.ring, bot).shop_id) == (sealed, second["shop_id"])


async def test_a_notice_of_the_shop_before_is_looked_into_with_its_own_keys_d14(market: Market, stall: Stall) -> None:
    payment = await stall.ordered(await stall.buyer())
    await connect(market, stall, await new_shop(market))
    await stall.pay(payment)
    await stall.check(await stall.notice(payment.provider_payment_id or ""))
    assert (await stall.payment(payment.id)).status == PaymentStatus.SUCCEEDED


async def test_keys_rotated_in_the_same_shop_serve_the_orders_from_before_d20(market: Market, stall: Stall) -> None:
    anna = await stall.buyer()
    payment = await stall.ordered(anna)
    rotated = await market.yookassa("POST", f"/shops/{stall.shop['shop_id']}/rotate-key")
    await stall.poll()
    waiting = await stall.payment(payment.id)
    assert (waiting.status, waiting.check_result) == (PaymentStatus.PENDING, "keys_refused")
    assert (await bot_of(market, stall)).shop_status == ShopStatus.REJECTED
    await connect(market, stall, {"shop_id": stall.shop["shop_id"], "secret_key": rotated["secret_key"]})
    await stall.pay(payment)
    await stall.poll()
    assert (await stall.payment(payment.id)).status == PaymentStatus.SUCCEEDED
    assert (await stall.ordered(anna)).status == PaymentStatus.PENDING


async def test_refused_keys_of_the_shop_before_stop_nothing_of_the_one_now_d20(market: Market, stall: Stall) -> None:
    old = await stall.ordered(await stall.buyer())
    await connect(market, stall, await new_shop(market))
    await market.yookassa("POST", f"/shops/{stall.shop['shop_id']}/rotate-key")
    await stall.poll()
    assert (await bot_of(market, stall)).shop_status == ShopStatus.ACTIVE
    assert (await stall.bought(await stall.buyer())).status == PaymentStatus.SUCCEEDED
    await market.skip(hours=2)
    await stall.poll()
    left = await stall.payment(old.id)
    assert (left.next_check_at, left.check_result) == (None, "keys_of_former_shop_refused")
    assert await market.count(stall.tenant_id, AuditEvent, AuditEvent.action == "payment.left_unchecked") == 1
    await market.skip(minutes=20)
    await market.work()
    assert not await market.jobs(stall.tenant_id, ForgetShops.kind, status=JobStatus.READY)


async def test_a_disconnected_shop_sells_nothing_and_a_link_from_before_is_honoured_d14(
    market: Market, stall: Stall
) -> None:
    pending, unopened = await stall.ordered(await stall.buyer()), await stall.order(await stall.buyer())
    await disconnect(market, stall)
    await market.work()
    assert (await stall.payment(unopened.id)).status == PaymentStatus.CANCELED
    assert await stall.at_gateway(unopened) == []
    await stall.pay(pending)
    await stall.poll()
    assert (await stall.payment(pending.id)).status == PaymentStatus.SUCCEEDED
    await market.skip(hours=1, minutes=10)
    await market.work()
    bot = await bot_of(market, stall)
    assert (bot.shop_sealed, bot.shop_key_id, bot.notice_key_hash, bot.shop_id) == (None, None, None, None)


async def test_a_disconnected_shop_without_open_orders_is_forgotten_at_once(market: Market, stall: Stall) -> None:
    await stall.bought(await stall.buyer())
    await disconnect(market, stall)
    assert (await bot_of(market, stall)).shop_sealed is None


async def test_a_bot_deleted_with_an_open_order_hands_over_what_is_paid_and_then_loses_its_secrets_d14(
    market: Market, stall: Stall
) -> None:
    anna = await stall.buyer()
    pending, unopened = await stall.ordered(anna), await stall.order(await stall.buyer())
    await delete(market, stall)
    await market.work()
    bot = await bot_of(market, stall)
    assert (bot.status, bot.telegram_id, bot.webhook_key_hash) == (BotStatus.DELETED, None, None)
    assert (await stall.payment(unopened.id)).status == PaymentStatus.CANCELED
    await stall.pay(pending)
    await stall.poll()
    assert (await stall.payment(pending.id)).delivery_state == DeliveryState.LINK_SENT
    # Nobody would hear a person who knocks: the link lets them in by itself.
    [url] = await entry_links(market, stall, anna)
    outcome = await market.telegram("POST", f"/users/{anna.telegram_id}/join", invite_link=url)
    assert outcome["outcome"] == "joined"
    await market.skip(minutes=10)
    await market.work()
    bot = await bot_of(market, stall)
    assert [bot.token_sealed, bot.shop_sealed, bot.token_key_id, bot.shop_key_id] == [None] * 4


async def test_a_bot_deleted_with_an_unpaid_order_loses_its_secrets_when_the_link_has_run_out(
    market: Market, stall: Stall
) -> None:
    payment = await stall.ordered(await stall.buyer())
    await delete(market, stall)
    await market.work()
    assert (await bot_of(market, stall)).token_sealed is not None
    await market.skip(hours=1, minutes=5)
    await poll_due(market.worker, market.now())
    await market.work()
    assert (await stall.payment(payment.id)).status == PaymentStatus.CANCELED
    await market.skip(minutes=10)
    await market.work()
    assert (await bot_of(market, stall)).token_sealed is None


async def test_jobs_of_a_deleted_bot_end_without_a_dead_letter(market: Market, stall: Stall) -> None:
    anna = await stall.buyer()
    await stall.bought(anna)
    open_order = await stall.ordered(await stall.buyer())
    await delete(market, stall)
    await stall.change(Payment, open_order.id, shop_id="0")
    for _ in range(8):
        await market.skip(hours=1)
        await poll_due(market.worker, market.now())
        await market.work()
    await market.skip(days=31)
    await stall.sweep()
    assert await market.jobs(stall.tenant_id, status=JobStatus.DEAD) == []
    assert await market.count(stall.tenant_id, Job, Job.last_error == "the bot was deleted") > 0
    assert (await stall.payment(open_order.id)).next_check_at is None
    assert (await bot_of(market, stall)).token_sealed is None


async def test_an_order_that_could_not_be_asked_for_is_asked_for_again_when_its_shop_comes_back(
    market: Market, stall: Stall
) -> None:
    payment = await stall.ordered(await stall.buyer())
    await stall.change(Bot, stall.bot_id, shop_id=None, shop_sealed=None, shop_status=ShopStatus.NOT_CONNECTED)
    await stall.change(Payment, payment.id, created_at=payment.created_at - timedelta(hours=2))
    await stall.poll()
    left = await stall.payment(payment.id)
    assert (left.check_result, left.next_check_at) == ("keys_gone", None)
    await connect(market, stall, stall.shop)
    await stall.pay(payment)
    await stall.poll()
    assert (await stall.payment(payment.id)).status == PaymentStatus.SUCCEEDED


async def test_the_keys_of_the_shop_before_survive_a_rotation_of_our_own_key_c6(
    market: Market, stall: Stall, secret_key: str
) -> None:
    payment = await stall.ordered(await stall.buyer())
    await disconnect(market, stall)
    newest = Fernet.generate_key().decode()
    async with market.tenant(stall.tenant_id) as session:
        bot = await session.get_one(Bot, (stall.tenant_id, stall.bot_id))
        assert reseal(KeyRing([newest, secret_key]), bot)
    bot, ring = await bot_of(market, stall), KeyRing([newest])
    assert open_shop_by_id(ring, bot, payment.shop_id or "").secret_key.reveal() == stall.shop["secret_key"]
    assert {seal.fault for seal in inspect_seals(ring, bot)} == {""}


async def entry_links(market: Market, stall: Stall, user: Any) -> list[str]:
    chat = await market.telegram("GET", f"/users/{user.telegram_id}/chats/{stall.telegram_bot_id}")
    rows = (chat["messages"][-1]["reply_markup"] or {}).get("inline_keyboard", [])
    return [button["url"] for row in rows for button in row if "url" in button]
