"""Buying: list, card, promo codes, the payment link, the receipt, and what cannot be bought."""

from __future__ import annotations

import pytest

from lumenpay.jobs.catalogue import OpenPayment
from lumenpay.models.bots import Bot, ShopStatus
from lumenpay.models.channels import Channel, ChannelStatus
from lumenpay.models.payments import Payment, PaymentStatus
from lumenpay.models.plans import PeriodUnit, Plan
from lumenpay.models.promo_codes import DiscountKind, PromoCode
from tests.integration.bot.test_menu import callback
from tests.support.chat import Phone, buttons_of, open_phone
from tests.support.stall import Stall

PAY = "Оплатить"


async def payments(stall: Stall) -> list[Payment]:
    return sorted(await stall.market.rows(stall.tenant_id, Payment), key=lambda payment: payment.created_at)


async def test_from_buy_to_the_receipt_with_the_entry_link(phone: Phone, stall: Stall) -> None:
    await phone.write("/buy")
    assert await phone.screen() == "Выберите тариф:"
    assert [one.replace("\xa0", " ") for one in await phone.captions()] == ["Club, 30 days — 990 ₽ / 30 дней"]
    await phone.press("Club")
    card = (await phone.screen()).replace("\xa0", " ")
    assert card == "Club, 30 days\n\nЧто откроется: Club\nСрок: 30 дней\nЦена: 990 ₽"
    pressed = await phone.press(PAY)
    assert pressed["is_answered"]
    assert (await phone.screen()).startswith("Готовлю ссылку")
    await stall.market.work()
    assert "К оплате 990" in (await phone.screen()).replace("\xa0", " ")
    [shown] = await phone.messages()
    [payment] = await payments(stall)
    assert buttons_of(shown)[0]["url"] == payment.confirmation_url
    await stall.pay(payment)
    await stall.poll()
    receipt = await phone.screen()
    assert receipt.startswith("✅ Готово!")
    assert "Доступ открыт до" in receipt
    assert any("Войти" in caption for caption in await phone.captions())


async def test_tapping_pay_again_shows_the_same_link_at_once(phone: Phone, stall: Stall) -> None:
    await phone.write("/buy")
    await phone.press("Club")
    [card] = await phone.messages()
    data = f"pay:{stall.plan_id}"
    await phone.press(PAY)
    await stall.market.work()
    for _ in range(3):
        await phone.feed(callback(phone, data, message=raw_message(phone, card["message_id"])))
        assert buttons_of((await phone.messages())[-1])[0]["url"]
    assert len(await payments(stall)) == 1
    assert len(await phone.messages()) == 1


async def test_a_link_that_is_ready_is_never_overwritten_by_an_older_press(phone: Phone, stall: Stall) -> None:
    await phone.write("/buy")
    await phone.press("Club")
    await phone.press(PAY)
    await stall.market.work()
    again = next(one for one in reversed(phone.seen) if "callback_query" in one)
    await phone.feed(again)
    await stall.market.work()
    assert buttons_of((await phone.messages())[-1])[0]["url"]


async def test_back_leads_from_the_card_to_the_list(phone: Phone) -> None:
    await phone.write("/buy")
    await phone.press("Club")
    await phone.press("К тарифам")
    assert await phone.screen() == "Выберите тариф:"
    assert len(await phone.messages()) == 1


async def test_a_good_promo_code_changes_the_price_and_is_used(phone: Phone, stall: Stall) -> None:
    await stall.promo("SALE50")
    await phone.write("/buy")
    await phone.press("Club")
    await phone.press("промокод")
    assert "Пришлите промокод" in await phone.screen()
    await phone.write("  sale50 ")
    assert "Цена: 495 ₽ (вместо 990 ₽)" in (await phone.screen()).replace("\xa0", " ")
    await phone.press(PAY)
    await stall.market.work()
    [payment] = await payments(stall)
    assert payment.amount_minor == 49_500
    assert "К оплате 495" in (await phone.screen()).replace("\xa0", " ")


async def test_a_code_for_one_use_still_holds_at_the_second_tap(phone: Phone, stall: Stall) -> None:
    await stall.promo("ONCE", max_uses=1, max_uses_per_user=1)
    await phone.write("/start promo_once")
    await phone.press("Club")
    await phone.press(PAY)
    await stall.market.work()
    await phone.write(f"/start plan_{stall.plan_id}")
    await phone.press("495")
    await stall.market.work()
    assert [payment.amount_minor for payment in await payments(stall)] == [49_500]


@pytest.mark.parametrize("code", ["NOPE", "x" * 4000, "<b>", "\u202ecode", "🙂", "a\x00b", "' OR 1=1 --"])
async def test_a_bad_promo_code_is_refused_and_the_next_one_is_awaited(phone: Phone, stall: Stall, code: str) -> None:
    await stall.promo("GOOD")
    await phone.write("/buy")
    await phone.press("Club")
    await phone.press("промокод")
    await phone.write(code)
    assert "не подошёл: такого кода нет" in await phone.screen()
    await phone.write("good")
    assert "495" in await phone.screen()


async def test_a_promo_link_with_a_code_that_does_not_work_says_so(phone: Phone) -> None:
    await phone.write("/start promo_NOPE")
    assert "не подошёл: такого кода нет" in await phone.screen()
    await phone.press("К тарифам")
    assert await phone.screen() == "Выберите тариф:"


async def test_a_promo_code_for_a_plan_that_is_gone_leads_back_to_the_list(phone: Phone, stall: Stall) -> None:
    await phone.write("/buy")
    await phone.press("Club")
    await phone.press("промокод")
    await stall.change(Plan, stall.plan_id, archived_at=stall.market.now())
    await phone.write("SALE")
    assert "ничего не продаётся" in await phone.screen()


async def test_free_with_a_code_opens_the_door_without_a_payment_page(phone: Phone, stall: Stall) -> None:
    await stall.promo("GIFT", discount_value=100)
    await phone.write("/start promo_GIFT")
    await phone.press("Club")
    await phone.press("Получить бесплатно")
    assert (await phone.screen()).startswith("Открываю доступ")
    await stall.market.work()
    [payment] = await payments(stall)
    assert (payment.status, payment.provider) == (PaymentStatus.SUCCEEDED, "free")
    assert (await phone.screen()).startswith("✅ Готово!")


async def test_free_days_are_shown_beside_the_period(phone: Phone, stall: Stall) -> None:
    await stall.promo("WEEK", discount_kind=DiscountKind.EXTRA_DAYS, discount_value=7)
    await phone.write("/start promo_WEEK")
    await phone.press("Club")
    assert "Срок: 30 дней + 7 дней" in await phone.screen()


async def test_a_plan_link_opens_the_card_also_of_a_hidden_plan(phone: Phone, stall: Stall) -> None:
    await stall.change(Plan, stall.plan_id, is_hidden=True)
    await phone.write("/buy")
    assert "ничего не продаётся" in await phone.screen()
    await phone.write(f"/start plan_{stall.plan_id}")
    assert "Цена: 990" in await phone.screen()


@pytest.mark.parametrize("payload", ["plan_", "plan_x", "plan_00000000-0000-0000-0000-000000000000", "_", "promo"])
async def test_a_link_that_leads_nowhere_is_a_plain_welcome(phone: Phone, payload: str) -> None:
    await phone.write(f"/start {payload}")
    assert (await phone.screen()).startswith("Здравствуйте")


@pytest.mark.parametrize("fault", ["no shop", "no rights", "not on sale"])
async def test_what_cannot_be_delivered_is_not_sold(phone: Phone, stall: Stall, fault: str) -> None:
    await phone.write("/buy")
    await phone.press("Club")
    if fault == "no shop":
        await stall.change(Bot, stall.bot_id, shop_status=ShopStatus.NOT_CONNECTED)
    elif fault == "no rights":
        await stall.change(Channel, stall.channel_id, status=ChannelStatus.RIGHTS_MISSING)
    else:
        await stall.change(Plan, stall.plan_id, is_on_sale=False)
    await phone.press(PAY)
    assert "купить нельзя" in await phone.screen()
    assert await payments(stall) == []


@pytest.mark.parametrize("change", ["used up", "switched off", "price", "period", "extra days"])
async def test_a_price_that_is_not_the_shown_one_any_more_starts_no_order(
    phone: Phone, stall: Stall, change: str
) -> None:
    kind = DiscountKind.EXTRA_DAYS if change == "extra days" else DiscountKind.PERCENT
    code = await stall.promo("SALE", discount_kind=kind, max_uses=1)
    await phone.write("/start promo_SALE")
    await phone.press("Club")
    if change == "price":
        await stall.change(Plan, stall.plan_id, price_minor=200_000)
    elif change == "period":
        await stall.change(Plan, stall.plan_id, period_count=7)
    else:
        values = {"uses_count": 1} if change == "used up" else {"is_active": False}
        await stall.change(PromoCode, code.id, **values)
    await phone.press("Оплатить")
    await stall.market.work()
    assert await payments(stall) == []
    screen = (await phone.screen()).replace("\xa0", " ")
    reason = {
        "used up": "промокод больше не действует: он уже закончился",
        "switched off": "промокод больше не действует: он отключён",
        "extra days": "промокод больше не действует: он отключён",
    }.get(change, "цена или срок теперь другие")
    assert reason in screen
    price = "1 000 ₽" if change == "price" else "495 ₽" if change == "period" else "990 ₽"
    assert f"Цена: {price}" in screen
    # The fresh button carries the fresh terms.
    await phone.press("Оплатить")
    await stall.market.work()
    assert f"К оплате {price}" in (await phone.screen()).replace("\xa0", " ")


async def test_a_changed_price_is_told_in_english_too(stall: Stall) -> None:
    phone = await open_phone(stall, language_code="en")
    await phone.write("/buy")
    await phone.press("Club")
    await stall.change(Plan, stall.plan_id, price_minor=200_000)
    await phone.press("Pay")
    assert "The terms have changed" in await phone.screen()
    assert await payments(stall) == []


async def test_a_button_from_before_it_carried_the_price_still_pays(phone: Phone, stall: Stall) -> None:
    await phone.write("/buy")
    await phone.press("Club")
    [card] = await phone.messages()
    await phone.feed(callback(phone, f"pay:{stall.plan_id}", message=raw_message(phone, card["message_id"])))
    await stall.market.work()
    assert "К оплате 990" in (await phone.screen()).replace("\xa0", " ")


async def test_who_has_a_plan_for_ever_is_told_so_and_gets_the_links_d11(phone: Phone, stall: Stall) -> None:
    await stall.change(Plan, stall.plan_id, period_unit=PeriodUnit.LIFETIME, period_count=1)
    await phone.write("/buy")
    await phone.press("Club")
    await phone.press(PAY)
    await stall.market.work()
    [payment] = await payments(stall)
    await stall.pay(payment)
    await stall.poll()
    await phone.write("/buy")
    await phone.press("Club")
    await phone.press(PAY)
    assert "навсегда" in await phone.screen()
    assert len(await payments(stall)) == 1
    await phone.press("ссылки")
    await stall.market.work()
    assert "Войти" in " ".join(await phone.captions())


async def test_a_very_long_description_leaves_the_price_readable(phone: Phone, stall: Stall) -> None:
    await stall.change(Plan, stall.plan_id, description="🙂<b>&" * 3000, title="Ж" * 128)
    await phone.write("/buy")
    await phone.press("Ж")
    assert (await phone.screen()).replace("\xa0", " ").endswith("Цена: 990 ₽")


async def test_a_message_that_can_no_longer_be_edited_gets_a_successor(phone: Phone, stall: Stall) -> None:
    await phone.write("/start")
    await phone.feed(callback(phone, f"pay:{stall.plan_id}", message=raw_message(phone, 4_000_000)))
    assert (await phone.screen()).startswith("Готовлю ссылку")
    await stall.market.work()
    assert "К оплате" in await phone.screen()
    assert len(await phone.messages()) == 2


async def test_an_order_is_opened_once_when_the_same_press_is_handled_twice(phone: Phone, stall: Stall) -> None:
    await phone.write("/buy")
    await phone.press("Club")
    await phone.press(PAY)
    await phone.feed(next(one for one in reversed(phone.seen) if "callback_query" in one))
    assert len(await payments(stall)) == 1
    assert len(await stall.market.jobs(stall.tenant_id, OpenPayment.kind)) == 1


def raw_message(phone: Phone, message_id: int) -> dict[str, object]:
    chat = {"id": phone.id, "type": "private", "first_name": "Анна"}
    return {"message_id": message_id, "date": 0, "chat": chat}
