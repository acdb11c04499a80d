"""Welcome, commands, languages, names, old buttons, blocking."""

from __future__ import annotations

from typing import Any

import pytest

from lumenpay.messages.repository import put_text
from tests.support.chat import Phone, open_phone
from tests.support.stall import Stall, open_stall


async def test_start_welcomes_in_russian_with_a_menu(phone: Phone) -> None:
    await phone.write("/start")
    assert (await phone.screen()).startswith("Здравствуйте, Анна!")
    assert await phone.captions() == ["Купить доступ", "Мои подписки", "Мои каналы"]


async def test_start_welcomes_in_english_whoever_uses_another_language(stall: Stall) -> None:
    phone = await open_phone(stall, first_name="Hans", language_code="de")
    await phone.write("/start")
    assert (await phone.screen()).startswith("Hello, Hans!")
    assert await phone.captions() == ["Buy access", "My subscriptions", "My channels"]


async def test_the_first_deep_link_is_remembered_as_the_source(phone: Phone) -> None:
    await phone.write("/start youtube_42")
    await phone.write("/start vk")
    assert (await phone.user()).source == "youtube_42"
    assert (await phone.screen()).startswith("Здравствуйте")


MADE_UP_PLAN = "promo:018f7a52-0000-7000-8000-000000000000"


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("/help", "/paysupport"),
        ("/paysupport", "/status"),
        ("/terms", "Продавец"),
        ("/privacy", "Данные карты"),
        ("/HELP", "/paysupport"),
        ("/nonsense", "/paysupport"),
        ("просто текст", "/paysupport"),
        ("/start@{bot}", "Здравствуйте"),
    ],
)
async def test_every_command_and_anything_else_is_answered_once(phone: Phone, command: str, words: str) -> None:
    await phone.write(command.format(bot=phone.bot.username))
    assert words in await phone.screen()
    assert len(await phone.messages()) == 1


@pytest.mark.parametrize(
    "name",
    [
        "<b>Боб</b> & <script>alert(1)</script>",
        "\u202eмолотобор\u2066",
        "🙂" * 64,
        "א" * 64,
        "{name} {bot} %s",
        "&lt;i&gt;",
    ],
)
async def test_whatever_a_person_is_called_the_welcome_arrives(stall: Stall, name: str) -> None:
    phone = await open_phone(stall, first_name=name)
    await phone.write("/start")
    text = await phone.screen()
    assert text.startswith("Здравствуйте, ")
    assert "\u202e" not in text
    if "<" in name:
        assert name in text


async def test_a_person_without_a_visible_name_is_still_addressed(stall: Stall) -> None:
    phone = await open_phone(stall, first_name="\u2066\u200f")
    await phone.write("/start")
    assert (await phone.screen()).startswith("Здравствуйте, друг!")


async def test_a_long_text_of_the_tenant_is_cut_to_one_message(stall: Stall, phone: Phone) -> None:
    async with stall.market.tenant(stall.tenant_id) as session:
        own = "<b>" + "🙂" * 2000 + "</b> {name} {name} {name}"
        await put_text(session, bot_id=stall.bot_id, key="welcome", locale="ru", text=own, now=stall.market.now())
    await phone.write("/start")
    assert (await phone.screen()).startswith("🙂")


async def test_a_broken_text_of_the_tenant_gives_way_to_the_default(stall: Stall, phone: Phone) -> None:
    async with stall.market.tenant(stall.tenant_id) as session:
        await put_text(session, bot_id=stall.bot_id, key="help", locale="ru", text="<b>oops", now=stall.market.now())
    await phone.write("/help")
    assert (await phone.screen()).startswith("Что я умею")


@pytest.mark.parametrize(
    "data",
    [
        "",
        "x",
        "plan:",
        "plan:1",
        "plan:not-a-uuid",
        "pay:" + "f" * 40,
        "promo:018f7a52-0000-7000-8000-000000000000",
        "buy:1",
        "🙂" * 16,
    ],
)
async def test_an_old_or_made_up_button_is_answered_politely_with_a_fresh_menu_e23(phone: Phone, data: str) -> None:
    await phone.write("/start")
    await phone.feed(callback(phone, data))
    assert (await phone.screen()).startswith("Эта кнопка уже не работает")
    assert "Купить доступ" in await phone.captions()


async def test_the_plan_of_another_tenant_or_bot_is_an_old_button_e23(phone: Phone, stall: Stall) -> None:
    other = await open_stall(stall.market, price_minor=7_700)
    await phone.write("/start")
    for verb in ("plan", "promo", "pay"):
        before = len(await phone.messages())
        await phone.feed(callback(phone, f"{verb}:{other.plan_id}"))
        assert (await phone.screen()).startswith("Эта кнопка уже не работает")
        assert len(await phone.messages()) == before + 1
    assert await stall.market.jobs(stall.tenant_id, "payments.") == []
    assert await stall.market.jobs(other.tenant_id, "payments.") == []


async def test_one_person_at_two_tenants_has_two_separate_conversations(stall: Stall, phone: Phone) -> None:
    other = await open_stall(stall.market)
    elsewhere = Phone(other, phone.id, (await open_phone(other)).bot)
    await phone.write("/start")
    await phone.press("Купить доступ")
    await phone.press("Club")
    await phone.press("промокод")
    await elsewhere.write("SALE")
    assert (await elsewhere.screen()).startswith("Что я умею")
    assert (await phone.user()).dialog is not None
    assert (await elsewhere.user()).dialog is None


async def test_blocking_and_coming_back_is_remembered(phone: Phone, stall: Stall) -> None:
    await phone.write("/start")
    await stall.market.telegram("POST", f"/users/{phone.id}/block", bot_id=phone.bot.telegram_id)
    await phone.let_bot_work()
    assert (await phone.user()).blocked_bot_at is not None
    await stall.market.telegram("POST", f"/users/{phone.id}/unblock", bot_id=phone.bot.telegram_id)
    await phone.let_bot_work()
    assert (await phone.user()).blocked_bot_at is None


async def test_an_answer_to_somebody_who_has_just_blocked_the_bot_is_done_and_remembered(
    phone: Phone, stall: Stall
) -> None:
    await phone.write("/start")
    await stall.market.telegram("POST", f"/users/{phone.id}/block", bot_id=phone.bot.telegram_id)
    late = next(one for one in phone.seen if "message" in one)
    await phone.feed(late)
    assert (await phone.user()).blocked_bot_at is not None


async def test_groups_are_not_answered(phone: Phone) -> None:
    await phone.write("/start")
    update = dict(next(one for one in phone.seen if "message" in one))
    update["message"] = update["message"] | {"chat": {"id": -1001, "type": "supergroup", "title": "G"}}
    await phone.feed(update)
    assert len(await phone.messages()) == 1


def callback(phone: Phone, data: str, **fields: Any) -> dict[str, Any]:
    person = {"id": phone.id, "is_bot": False, "first_name": "Анна", "language_code": "ru"}
    message = {"message_id": 2, "date": 0, "chat": {"id": phone.id, "type": "private", "first_name": "Анна"}}
    query = {"id": "77", "from": person, "chat_instance": "1", "data": data, "message": message}
    return {"update_id": 990_000, "callback_query": query | fields}


async def test_the_first_look_at_a_plan_is_remembered_once(stall: Stall, phone: Phone) -> None:
    await phone.write("/start")
    assert (await phone.user()).plan_seen_at is None
    await phone.write("/buy")
    first = (await phone.user()).plan_seen_at
    assert first is not None
    await stall.market.skip(hours=1)
    await phone.write("/buy")
    assert (await phone.user()).plan_seen_at == first
