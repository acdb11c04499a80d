"""Kinds of plans in the chat: what is shown to whom, and what old buttons and links answer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from lumenpay.models.payments import Payment, PaymentStatus
from lumenpay.models.plans import Audience, PeriodUnit, Plan, PlanUnlock
from lumenpay.plans.sale_rules import GUESSING_WINDOW, MAX_GUESSES
from tests.integration.bot.test_buying import raw_message
from tests.integration.bot.test_menu import callback
from tests.support.chat import Phone, open_phone
from tests.support.stall import Stall

HELP = "Что я умею"
NOTHING = "ничего не продаётся"
TAKE = "Получить бесплатно"


async def captions(phone: Phone) -> list[str]:
    return [one.replace("\xa0", " ") for one in await phone.captions()]


async def orders(stall: Stall) -> list[Payment]:
    return list(await stall.market.rows(stall.tenant_id, Payment))


async def press_old(phone: Phone, data: str) -> str:
    """Press a button of a message from before; return what the chat shows then."""
    await phone.feed(callback(phone, data, message=raw_message(phone, 4_000_000)))
    return await phone.screen()


async def test_a_free_plan_is_taken_with_one_tap_and_once_again_after_its_end(phone: Phone, stall: Stall) -> None:
    await stall.change(Plan, stall.plan_id, price_minor=0)
    await phone.write("/buy")
    assert await captions(phone) == ["Club, 30 days — бесплатно / 30 дней"]
    await phone.press("Club")
    assert "Цена: бесплатно" in await phone.screen()
    assert await captions(phone) == [TAKE, "← К тарифам"]
    await phone.press(TAKE)
    await stall.market.work()
    assert (await phone.screen()).startswith("✅ Готово!")
    [payment] = await orders(stall)
    assert (payment.provider, payment.status) == ("free", PaymentStatus.SUCCEEDED)
    await phone.write(f"/start plan_{stall.plan_id}")
    assert "у вас уже есть, до" in await phone.screen()
    await stall.market.skip(days=31)
    await stall.sweep()
    await phone.press("Вернуться")
    await phone.press(TAKE)
    assert len(await orders(stall)) == 2


async def test_a_used_trial_is_not_shown_again_and_old_buttons_say_why(phone: Phone, stall: Stall) -> None:
    await stall.change(Plan, stall.plan_id, price_minor=0, is_trial=True)
    await phone.write("/buy")
    await phone.press("Club")
    await phone.press(TAKE)
    await stall.market.work()
    await phone.write("/buy")
    assert NOTHING in await phone.screen()
    assert "пробный доступ даётся один раз" in await press_old(phone, f"pay:{stall.plan_id}")
    await stall.market.skip(days=28)
    await stall.sweep()
    assert "Продлить этот тариф нельзя" in await phone.screen()
    assert len(await orders(stall)) == 1


async def test_a_plan_without_places_says_so_in_the_list_and_to_who_taps(phone: Phone, stall: Stall) -> None:
    await stall.change(Plan, stall.plan_id, capacity=1)
    await phone.write("/buy")
    await phone.press("Club")
    await stall.bought(await stall.buyer())
    await phone.press("Оплатить")
    assert "все места заняты" in await phone.screen()
    await phone.press("К тарифам")
    assert await captions(phone) == ["Club, 30 days — 990 ₽ / 30 дней · мест нет"]
    english = await open_phone(stall, language_code="en")
    await english.write("/buy")
    assert (await captions(english))[0].endswith("sold out")
    await english.press("Club")
    assert "all places are taken" in await english.screen()
    assert len(await orders(stall)) == 1


async def test_the_sale_is_open_between_its_moments_only(phone: Phone, stall: Stall) -> None:
    now = stall.market.now()
    await stall.change(
        Plan, stall.plan_id, sale_starts_at=now + timedelta(hours=1), sale_ends_at=now + timedelta(hours=2)
    )
    link = f"/start plan_{stall.plan_id}"
    await phone.write("/buy")
    assert NOTHING in await phone.screen()
    await phone.write(link)
    assert "продажа начнётся" in await phone.screen()
    await stall.market.skip(minutes=61)
    await phone.write(link)
    await stall.market.skip(hours=1)
    await phone.press("Оплатить")
    assert "продажа закончилась" in await phone.screen()
    assert await orders(stall) == []


async def test_a_plan_with_a_fixed_end_shows_the_date_in_place_of_a_length(phone: Phone, stall: Stall) -> None:
    end = stall.market.now() + timedelta(days=10)
    await stall.change(Plan, stall.plan_id, period_unit=PeriodUnit.UNTIL, period_count=1, fixed_end_at=end)
    await phone.write("/buy")
    assert "/ до " in (await captions(phone))[0]
    await phone.press("Club")
    assert "Срок: до " in await phone.screen()
    await phone.press("Оплатить")
    await stall.market.work()
    [payment] = await orders(stall)
    await stall.pay(payment)
    await stall.poll()
    await phone.write("/buy")
    await phone.press("Club")
    assert "у вас уже есть, до" in await phone.screen()


@pytest.mark.parametrize(
    ("audience", "words"),
    [
        (Audience.EXISTING, "у кого сейчас действует подписка"),
        (Audience.LAPSED, "у кого подписка закончилась"),
        (Audience.NEW, "ещё ничего не покупал"),
    ],
)
async def test_a_plan_for_others_is_not_shown_and_not_sold_by_old_buttons_or_links(
    phone: Phone, stall: Stall, audience: Audience, words: str
) -> None:
    special = await stall.add_plan(stall.channel_id, audience=audience, price_minor=100)
    await phone.write("/buy")
    if audience is Audience.NEW:
        await stall.bought(await phone.user())
        await phone.write("/buy")
    assert not [one for one in await captions(phone) if "/ 30" in one and " 1 ₽" in one]
    before = len(await orders(stall))
    assert words in await press_old(phone, f"pay:{special.id}")
    await phone.write(f"/start plan_{special.id}")
    assert words in await phone.screen()
    assert len(await orders(stall)) == before


async def test_one_person_goes_through_all_audiences(phone: Phone, stall: Stall) -> None:
    for number, audience in enumerate((Audience.NEW, Audience.EXISTING, Audience.LAPSED)):
        await stall.add_plan(stall.channel_id, audience=audience, price_minor=100 + number * 100)

    async def offered() -> str:
        await phone.write("/buy")
        shown = " ".join(await captions(phone))
        return "".join(f"{price} " for price in ("1 ₽", "2 ₽", "3 ₽") if price in shown).strip()

    assert await offered() == "1 ₽"
    await stall.bought(await phone.user())
    assert await offered() == "2 ₽"
    await stall.market.skip(days=31)
    await stall.sweep()
    assert await offered() == "3 ₽"


@pytest.mark.parametrize("way", ["typed", "link"])
async def test_a_code_opens_a_plan_that_is_not_there_for_anybody_else(phone: Phone, stall: Stall, way: str) -> None:
    await stall.change(Plan, stall.plan_id, access_code="CLUB2026")
    await phone.write("/buy")
    assert NOTHING in await phone.screen()
    await phone.write("club2026" if way == "typed" else "/start code_CLUB2026")
    assert "Цена: 990" in await phone.screen()
    await phone.write("/buy")
    await phone.press("Club")
    await phone.press("Оплатить")
    await stall.market.work()
    assert len(await orders(stall)) == 1
    stranger = await open_phone(stall)
    await stranger.write("/buy")
    assert NOTHING in await stranger.screen()
    # With another code the earlier one opens nothing any more.
    await stall.change(Plan, stall.plan_id, access_code="OTHER")
    await phone.write("/buy")
    assert NOTHING in await phone.screen()


async def test_whoever_guesses_cannot_tell_a_wrong_code_from_a_plan_that_there_is_not(
    phone: Phone, stall: Stall
) -> None:
    await stall.change(Plan, stall.plan_id, access_code="CLUB2026")
    unknown = "00000000-0000-0000-0000-000000000000"
    await phone.write("/start")
    pairs: list[list[Any]] = []
    for plan_id in (stall.plan_id, unknown):
        answers = [await press_old(phone, data) for data in (f"plan:{plan_id}", f"pay:{plan_id}", f"promo:{plan_id}")]
        await phone.write(f"/start plan_{plan_id}")
        pairs.append([*answers, await phone.screen(), await phone.captions()])
    assert pairs[0] == pairs[1]
    words: list[str] = []
    for said in ("WRONG-CODE", "two words", "нет"):
        await phone.write(said)
        words.append(await phone.screen())
    await stall.change(Plan, stall.plan_id, archived_at=stall.market.now())
    await phone.write("CLUB2026")
    assert len({*words, await phone.screen()}) == 1
    assert words[0].startswith(HELP)
    assert await stall.market.count(stall.tenant_id, PlanUnlock) == 0


async def test_after_some_wrong_words_even_the_right_one_opens_nothing_for_a_while(phone: Phone, stall: Stall) -> None:
    await stall.change(Plan, stall.plan_id, access_code="CLUB2026")
    for number in range(MAX_GUESSES):
        await phone.write(f"GUESS{number}")
    for way in ("CLUB2026", "/start code_CLUB2026"):
        await phone.write(way)
        assert "990" not in await phone.screen()
    await stall.market.skip(seconds=GUESSING_WINDOW.total_seconds())
    await phone.write("CLUB2026")
    assert "Цена: 990" in await phone.screen()
