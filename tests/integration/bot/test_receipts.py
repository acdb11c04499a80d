"""The address of receipts: asked for once, only where they are sent; changed and forgotten at the person's word."""

from __future__ import annotations

import pytest

from lumenpay.bots.repository import get_bot
from lumenpay.bots.secrets import open_token
from lumenpay.models.fiscal_receipts import ReceiptContact
from lumenpay.models.payments import Payment
from tests.integration.fiscal_receipts.register import Register, open_register
from tests.support.chat import Phone, open_phone
from tests.support.market import Market
from tests.support.stall import Stall

PAY = "Оплатить"


@pytest.fixture
async def register(market: Market) -> Register:
    register = await open_register(market)
    # With the bot's menu its webhook was set as well; the phones here hand over what Telegram keeps for the bot.
    await market.work()
    async with market.tenant(register.stall.tenant_id) as session:
        token = open_token(market.ring, await get_bot(session, register.stall.bot_id))
    await market.worker.telegram.delete_webhook(token)
    return register


async def opened(stall: Stall) -> Phone:
    phone = await open_phone(stall)
    await phone.write("/buy")
    await phone.press("Club")
    return phone


async def orders(register: Register) -> list[Payment]:
    return list(await register.market.rows(register.stall.tenant_id, Payment))


async def test_nothing_is_asked_where_no_receipts_are_sent(stall: Stall) -> None:
    phone = await opened(stall)
    await phone.press(PAY)
    assert (await phone.screen()).startswith("Готовлю ссылку")
    await phone.write("/receipt")
    assert "чек" not in (await phone.screen()).lower()
    assert await stall.market.count(stall.tenant_id, ReceiptContact) == 0


async def test_the_address_is_asked_for_once_and_paying_goes_on_by_itself(register: Register) -> None:
    phone = await opened(register.stall)
    await phone.press(PAY)
    assert "адрес электронной почты, куда" in await phone.screen()
    assert await orders(register) == []
    for wrong in ("anna", "+79001234567"):
        await phone.write(wrong)
        assert (await phone.screen()).startswith("Не похоже на правильный адрес")
    await phone.write("anna@example.org")
    await register.market.work()
    assert (await phone.screen()).startswith("К оплате")
    [order] = await orders(register)
    assert (order.request_body or {})["receipt"]["customer"] == {"email": "anna@example.org"}
    await register.stall.pay(order)
    await register.stall.poll()
    await phone.write("/buy")
    await phone.press("Club")
    assert "Чек: a•••@example.org" in await phone.captions()
    await phone.press(PAY)
    assert (await phone.screen()).startswith("Готовлю ссылку")


async def test_the_promo_code_in_hand_stays_while_the_address_is_asked_for(register: Register) -> None:
    await register.stall.promo("HALF")
    phone = await opened(register.stall)
    await phone.press("промокод")
    await phone.write("HALF")
    await phone.press(PAY)
    await phone.write("anna@example.org")
    await register.market.work()
    [order] = await orders(register)
    assert (order.amount_minor, order.promo_code_id is not None) == (49_500, True)
    assert (order.request_body or {})["receipt"]["items"][0]["amount"]["value"] == "495.00"


async def test_a_phone_number_will_do_where_the_shop_takes_one(register: Register) -> None:
    await register.at_shop(receipts_need_email=False)
    await register.decided(takes_phone=True)
    phone = await opened(register.stall)
    await phone.press(PAY)
    assert "или номер телефона" in await phone.screen()
    await phone.write("8 (900) 123-45-67")
    [order] = await orders(register)
    assert (order.request_body or {})["receipt"]["customer"] == {"phone": "79001234567"}


async def test_an_address_is_changed_and_forgotten_at_the_persons_word(register: Register) -> None:
    phone = await opened(register.stall)
    await phone.write("/receipt")
    await phone.write("anna@example.org")
    assert "a•••@example.org" in await phone.screen()
    await phone.press("Изменить")
    await phone.write("other@example.org")
    [kept] = await register.market.rows(register.stall.tenant_id, ReceiptContact)
    assert kept.value == "other@example.org"
    await phone.press("Удалить")
    assert await register.market.count(register.stall.tenant_id, ReceiptContact) == 0
    await phone.press("Club")
    await phone.press(PAY)
    assert "адрес электронной почты, куда" in await phone.screen()
