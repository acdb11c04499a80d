"""The message with the pay button: what becomes of it when there is no link, and when the link is over."""

from __future__ import annotations

from typing import Any

import pytest

from lumenpay.audit.service import SYSTEM
from lumenpay.jobs.catalogue import ClosePayLink, TellPaymentFailed
from lumenpay.models.bots import Bot
from lumenpay.models.jobs import JobStatus
from lumenpay.models.payments import Payment, PaymentStatus
from lumenpay.payments.shops import disconnect_shop
from tests.integration.bot.test_buying import raw_message
from tests.integration.bot.test_menu import callback
from tests.support.chat import Phone, buttons_of, open_phone
from tests.support.stall import Stall

PAY = "Оплатить"
CREATING = {"method": "POST", "path": "/v3/payments"}


async def payment_of(stall: Stall) -> Payment:
    return max(await stall.market.rows(stall.tenant_id, Payment), key=lambda payment: payment.created_at)


async def wait_for_link(phone: Phone) -> None:
    await phone.write("/buy")
    await phone.press("Club")
    await phone.press(PAY)


async def open_link(phone: Phone) -> Payment:
    await wait_for_link(phone)
    await phone.stall.market.work()
    return await payment_of(phone.stall)


def link_buttons(message: dict[str, Any]) -> list[str]:
    return [button["url"] for button in buttons_of(message) if "url" in button]


@pytest.mark.parametrize("fault", ["keys refused", "disconnected", "request refused"])
async def test_a_link_that_cannot_be_made_is_not_promised_for_ever(phone: Phone, stall: Stall, fault: str) -> None:
    market = stall.market
    await wait_for_link(phone)
    assert "Готовлю ссылку" in await phone.screen()
    if fault == "keys refused":
        await market.yookassa("POST", f"/shops/{stall.shop['shop_id']}/rotate-key")
    elif fault == "disconnected":
        async with market.tenant(stall.tenant_id) as session:
            await disconnect_shop(session, stall.bot_id, ring=market.ring, actor=SYSTEM, now=market.now())
    else:
        await market.yookassa("POST", "/faults", match=CREATING, effect={"kind": "status", "status": 400})
    await market.work()
    [message] = await phone.messages()
    assert "купить нельзя" in message["text"]
    assert [button["text"] for button in buttons_of(message)] == ["← К тарифам"]
    assert (await payment_of(stall)).status == PaymentStatus.CANCELED
    assert await market.jobs(stall.tenant_id, status=JobStatus.DEAD) == []
    assert await market.jobs(stall.tenant_id, "payments", status=JobStatus.READY) == []


async def test_a_gateway_that_is_away_is_mentioned_once_and_the_link_comes_when_it_is_back(
    phone: Phone, stall: Stall
) -> None:
    market = stall.market
    await market.yookassa("POST", "/faults", match=CREATING, effect={"kind": "status", "status": 500})
    await wait_for_link(phone)
    await market.work()
    assert "Готовлю ссылку" in await phone.screen()
    seen = set()
    for _ in range(3):
        await market.skip(seconds=31)
        await market.work()
        [message] = await phone.messages()
        assert "пока не отвечает" in message["text"]
        seen.add((await payment_of(stall)).delay_told_at)
    assert len(seen) == 1
    await market.yookassa("DELETE", "/faults")
    await market.skip(minutes=2)
    await market.work()
    [message] = await phone.messages()
    assert link_buttons(message) == [(await payment_of(stall)).confirmation_url]


@pytest.mark.parametrize(("language", "words"), [("ru", "Оплачено"), ("en", "Paid")])
async def test_no_pay_button_is_left_under_a_paid_order(stall: Stall, language: str, words: str) -> None:
    phone = await open_phone(stall, language_code=language)
    await phone.write("/buy")
    await phone.press("Club")
    await phone.press({"ru": PAY, "en": "Pay"}[language])
    await stall.market.work()
    payment = await payment_of(stall)
    await stall.pay(payment)
    await stall.poll()
    link, receipt = await phone.messages()
    assert (words in link["text"], buttons_of(link)) == (True, [])
    assert receipt["text"].startswith("✅")
    await stall.market.run(stall.tenant_id, ClosePayLink(payment.id))
    assert len(await phone.messages()) == 2


@pytest.mark.parametrize(("language", "words"), [("ru", "больше не действует"), ("en", "no longer valid")])
async def test_no_pay_button_is_left_under_a_declined_order(stall: Stall, language: str, words: str) -> None:
    phone = await open_phone(stall, language_code=language)
    await phone.write("/buy")
    await phone.press("Club")
    await phone.press({"ru": PAY, "en": "Pay"}[language])
    await stall.market.work()
    await stall.pay(await payment_of(stall), decline=True)
    await stall.poll()
    link, failure = await phone.messages()
    assert (words in link["text"], link_buttons(link)) == (True, [])
    assert buttons_of(failure)


async def test_no_pay_button_is_left_when_the_link_has_run_out(phone: Phone, stall: Stall) -> None:
    await open_link(phone)
    await stall.market.skip(hours=1, minutes=5)
    await stall.poll()
    assert (await payment_of(stall)).status == PaymentStatus.CANCELED
    assert [link_buttons(message) for message in await phone.messages()] == [[], []]


async def test_a_message_that_shows_something_else_by_now_is_left_alone(phone: Phone, stall: Stall) -> None:
    payment = await open_link(phone)
    await phone.press("К тарифам")
    await stall.pay(payment)
    await stall.poll()
    shown, receipt = await phone.messages()
    assert shown["text"] == "Выберите тариф:"
    assert receipt["text"].startswith("✅ Готово!")


async def test_the_end_of_an_order_leaves_the_link_of_the_next_one_in_the_same_message(
    phone: Phone, stall: Stall
) -> None:
    old = await open_link(phone)
    [message] = await phone.messages()
    await stall.pay(old, decline=True)
    await stall.poll()
    await phone.feed(callback(phone, f"pay:{stall.plan_id}", message=raw_message(phone, message["message_id"])))
    await stall.market.work()
    for job in (ClosePayLink(old.id), TellPaymentFailed(old.id)):
        await stall.market.run(stall.tenant_id, job)
    first = (await phone.messages())[0]
    assert link_buttons(first) == [(await payment_of(stall)).confirmation_url]


async def test_a_deleted_message_and_a_blocked_bot_do_not_keep_the_end_of_a_link_waiting(
    phone: Phone, stall: Stall
) -> None:
    payment = await open_link(phone)
    await stall.change(Payment, payment.id, chat_message_id=4_000_000)
    await stall.market.telegram("POST", f"/users/{phone.id}/block", bot_id=phone.bot.telegram_id)
    await stall.pay(payment)
    await stall.poll()
    assert (await payment_of(stall)).status == PaymentStatus.SUCCEEDED
    assert await stall.market.jobs(stall.tenant_id, "payments.close_link", status=JobStatus.READY) == []
    assert (await stall.market.get(stall.tenant_id, Bot, stall.bot_id)).status == "active"
