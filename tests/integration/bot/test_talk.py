"""Small talk: what wants no answer, whom to write to, which language, and a promo code that is put down again."""

from __future__ import annotations

from typing import Any

import pytest

from lumenpay.models.payments import DeliveryState, Payment
from lumenpay.models.plans import Plan
from lumenpay.models.tenants import Tenant
from tests.support.chat import Phone, buttons_of, open_phone
from tests.support.stall import Stall, open_stall


def message(phone: Phone, number: int, **content: Any) -> dict[str, Any]:
    person = {"id": phone.id, "is_bot": False, "first_name": "Анна", "language_code": "ru"}
    chat = {"id": phone.id, "type": "private", "first_name": "Анна"}
    body = {"message_id": number, "date": 1_790_000_000, "chat": chat, "from": person, **content}
    return {"update_id": number, "message": body}


STICKER = {
    "file_id": "1", "file_unique_id": "1", "type": "regular", "width": 1, "height": 1, "is_animated": False,
    "is_video": False,
}  # fmt: skip


@pytest.mark.parametrize(
    ("content", "count"),
    [
        ({"sticker": STICKER}, 1),
        ({"message_auto_delete_timer_changed": {"message_auto_delete_time": 60}}, 0),
        ({"pinned_message": {"message_id": 1, "date": 0, "chat": {"id": 1, "type": "private"}}}, 0),
        ({"write_access_allowed": {}}, 0),
        ({"chat_background_set": {"type": {"type": "chat_theme", "theme_name": "x"}}}, 0),
    ],
)
async def test_only_what_a_person_says_is_answered(phone: Phone, content: dict[str, Any], count: int) -> None:
    await phone.write("/start")
    await phone.feed(message(phone, 50, **content))
    assert len(await phone.messages()) == 1 + count


async def test_an_album_is_answered_once_also_when_its_first_part_is_tried_again(phone: Phone) -> None:
    await phone.write("/start")
    photo = [{"file_id": "1", "file_unique_id": "1", "width": 1, "height": 1}]
    parts = [message(phone, number, photo=photo, media_group_id="77") for number in range(50, 55)]
    for part in parts:
        await phone.feed(part)
    assert len(await phone.messages()) == 2
    await phone.feed(parts[0])
    assert len(await phone.messages()) == 3
    await phone.feed(message(phone, 60, photo=photo, media_group_id="78"))
    assert len(await phone.messages()) == 4


async def test_paysupport_names_the_tenants_contact_or_the_owner(phone: Phone, stall: Stall) -> None:
    await phone.write("/paysupport")
    assert "напишите владельцу канала" in await phone.screen()
    async with stall.market.tenant(stall.tenant_id) as session:
        (await session.get_one(Tenant, stall.tenant_id)).support_contact = "@alice <help>"
    await phone.write("/paysupport")
    assert "напишите @alice <help>" in await phone.screen()


@pytest.mark.parametrize(("locale", "words"), [("en", "Hello"), ("ru", "Здравствуйте")])
async def test_who_names_no_language_is_spoken_to_in_the_tenants(market: Any, locale: str, words: str) -> None:
    stall = await open_stall(market, tenant={"locale": locale})
    phone = await open_phone(stall, language_code=None)
    await phone.write("/start")
    assert (await phone.screen()).startswith(words)


async def test_a_promo_code_in_hand_can_be_put_down_or_changed(phone: Phone, stall: Stall) -> None:
    await stall.promo("HALF")
    await stall.promo("TENTH", discount_value=10)
    await phone.write("/start promo_HALF")
    await phone.press("Club")
    assert "Оплатить 495\xa0₽" in await phone.captions()
    await phone.press("Другой промокод")
    await phone.press("К тарифу")
    assert "Оплатить 495\xa0₽" in await phone.captions()
    await phone.press("Другой промокод")
    await phone.write("TENTH")
    assert "Оплатить 891\xa0₽" in await phone.captions()
    await phone.press("Без промокода")
    assert "Оплатить 990\xa0₽" in await phone.captions()
    assert (await phone.user()).dialog is None


@pytest.mark.parametrize(
    ("language", "words", "button"),
    [
        ("ru", "Промокод HALF применён: −50 %\n\nClub, 30 days: 990 ₽ 495 ₽ / 30 дней\n\nВыберите тариф:",
         "495 ₽ / 30 дней"),
        ("en", "Promo code HALF applied: −50%\n\nClub, 30 days: ₽990 ₽495 / 30 days\n\nChoose a plan:",
         "₽495 / 30 days"),
    ],
)  # fmt: skip
async def test_a_promo_link_says_at_once_what_the_plans_cost_with_it(
    stall: Stall, language: str, words: str, button: str
) -> None:
    phone = await open_phone(stall, language_code=language)
    await stall.promo("HALF")
    for words_of_person in ("/start promo_half", "/buy"):
        await phone.write(words_of_person)
        assert words in (await phone.screen()).replace("\xa0", " ")
        assert [one.replace("\xa0", " ") for one in await phone.captions()] == [f"Club, 30 days — {button}"]


async def test_a_promo_link_for_a_hidden_plan_works(phone: Phone, stall: Stall) -> None:
    await stall.promo("HALF")
    await stall.change(Plan, stall.plan_id, is_hidden=True)
    await phone.write("/start promo_HALF")
    assert "не подошёл" not in await phone.screen()
    await phone.write(f"/start plan_{stall.plan_id}")
    assert "Оплатить 495\xa0₽" in await phone.captions()


async def test_a_payer_who_blocked_the_bot_gets_the_links_after_unblocking_e8(phone: Phone, stall: Stall) -> None:
    market = stall.market
    await phone.write("/start")
    payment = await stall.ordered(await phone.user())
    await market.telegram("POST", f"/users/{phone.id}/block", bot_id=phone.bot.telegram_id)
    await stall.pay(payment)
    await stall.poll()
    await phone.let_bot_work()
    assert (await stall.payment(payment.id)).delivery_state == DeliveryState.GRANTED
    await market.telegram("POST", f"/users/{phone.id}/unblock", bot_id=phone.bot.telegram_id)
    await phone.let_bot_work()
    await market.work()
    assert (await stall.payment(payment.id)).delivery_state == DeliveryState.LINK_SENT
    assert (await phone.screen()).startswith("✅")
    # Who has the links already is not sent them at every change of mind.
    before = len(await phone.messages())
    for step in ("block", "unblock"):
        await market.telegram("POST", f"/users/{phone.id}/{step}", bot_id=phone.bot.telegram_id)
        await phone.let_bot_work()
    await market.work()
    assert len(await phone.messages()) == before


async def test_an_open_order_is_shown_by_status_with_its_link(phone: Phone, stall: Stall) -> None:
    await phone.write("/start")
    payment: Payment = await stall.ordered(await phone.user())
    await phone.write("/status")
    [pay, buy] = buttons_of((await phone.messages())[-1])
    assert pay["text"].startswith("Оплатить 990\xa0₽: Club")
    assert (pay["url"], buy["text"]) == (payment.confirmation_url, "Купить доступ")
    await stall.pay(payment)
    await stall.poll()
    await phone.write("/status")
    assert not any("Оплатить" in caption for caption in await phone.captions())
