"""/status and /channels: until when, time left, links once more, what is open and why not."""

from __future__ import annotations

import pytest

from lumenpay.models.channels import Channel, ChannelStatus
from lumenpay.models.plans import Plan
from tests.support.chat import Phone, buttons_of, open_phone
from tests.support.stall import Stall, open_stall


async def buy(phone: Phone, stall: Stall) -> None:
    await phone.write("/start")
    await stall.bought(await phone.user())


async def test_without_a_subscription_status_offers_to_buy(phone: Phone) -> None:
    await phone.write("/status")
    assert "подписок пока нет" in await phone.screen()
    assert await phone.captions() == ["Купить доступ"]


async def test_status_says_until_when_and_how_much_is_left(phone: Phone, stall: Stall) -> None:
    await buy(phone, stall)
    await phone.write("/status")
    text = await phone.screen()
    assert "Club, 30 days — до " in text
    assert "(МСК)" in text
    assert "осталось: 30 дней" in text
    assert await phone.captions() == ["Прислать ссылки ещё раз", "Продлить: Club, 30 days"]


async def test_the_links_come_again_on_request(phone: Phone, stall: Stall) -> None:
    await buy(phone, stall)
    await phone.write("/status")
    pressed = await phone.press("Прислать ссылки")
    assert pressed["answer"]["text"] == "Сейчас пришлю ссылки для входа."
    await stall.market.work()
    assert (await phone.screen()).startswith("Вход по тарифу")
    assert any("https://t.me/" in (button.get("url") or "") for button in buttons_of((await phone.messages())[-1]))


async def test_renewing_from_status_leads_to_the_card(phone: Phone, stall: Stall) -> None:
    await buy(phone, stall)
    await phone.write("/status")
    await phone.press("Продлить")
    assert "Цена: 990" in await phone.screen()


async def test_a_lifetime_has_no_end(stall: Stall) -> None:
    forever = await open_stall(stall.market, period_unit="lifetime", period_count=1)
    phone = await open_phone(forever)
    await buy(phone, forever)
    assert "Доступ открыт навсегда" in await phone.screen()
    await phone.write("/status")
    assert "Club, 30 days — навсегда" in await phone.screen()
    assert not any("Продлить" in caption for caption in await phone.captions())


async def test_channels_says_what_is_open_and_why_not(phone: Phone, stall: Stall) -> None:
    await phone.write("/channels")
    assert "Club — не куплен" in await phone.screen()
    assert await phone.captions() == ["Купить доступ"]
    await buy(phone, stall)
    await phone.write("/channels")
    assert "Club — открыт" in await phone.screen()
    [enter] = buttons_of((await phone.messages())[-1])
    await stall.join(await phone.user(), enter["url"])
    await phone.write("/channels")
    assert "Club — вы внутри" in await phone.screen()
    await stall.market.skip(days=31)
    await stall.sweep()
    await phone.write("/channels")
    assert "Club — подписка закончилась" in await phone.screen()


async def test_status_and_channels_open_in_place_from_the_menu(phone: Phone) -> None:
    await phone.write("/start")
    await phone.press("Мои подписки")
    assert len(await phone.messages()) == 1
    assert "подписок пока нет" in await phone.screen()


@pytest.mark.parametrize(("language", "words"), [("ru", "вы внутри"), ("en", "you're in")])
async def test_words_of_places_follow_the_language(stall: Stall, language: str, words: str) -> None:
    phone = await open_phone(stall, language_code=language)
    await buy(phone, stall)
    await stall.came_in(phone.id)
    await phone.write("/channels")
    assert words in await phone.screen()


async def test_titles_with_markup_are_shown_as_written(phone: Phone, stall: Stall) -> None:
    title = "<b>Клуб</b> & «друзья» \u202e"
    await stall.market.telegram("PATCH", f"/channels/{stall.chat_id}", title="x")
    await stall.change(Channel, stall.channel_id, title=title)
    await stall.change(Plan, stall.plan_id, title=title)
    await buy(phone, stall)
    for command in ("/channels", "/status"):
        await phone.write(command)
        assert "<b>Клуб</b> & «друзья»" in await phone.screen()
        assert "\u202e" not in await phone.screen()


async def test_status_shows_what_comes_after_a_renewal_and_what_ended_lately(phone: Phone, stall: Stall) -> None:
    await buy(phone, stall)
    week = await stall.add_plan(stall.channel_id, period_count=7)
    await stall.change(Plan, week.id, title="Week")
    await stall.bought(await phone.user(), plan_id=week.id)
    await stall.bought(await phone.user())
    await phone.write("/status")
    assert "(осталось: 60 дней), затем до " in await phone.screen()
    await stall.market.skip(days=8)
    await stall.sweep()
    await phone.write("/status")
    running, ended = (await phone.screen()).split("Недавно закончились:")
    assert "Week" not in running
    assert "Week — закончилась " in ended
    await stall.market.skip(days=31)
    await phone.write("/status")
    assert "Недавно" not in await phone.screen()


async def test_what_is_not_sold_any_more_has_no_button_to_renew_it(phone: Phone, stall: Stall) -> None:
    await buy(phone, stall)
    await stall.change(Plan, stall.plan_id, is_on_sale=False)
    await phone.write("/status")
    assert await phone.captions() == ["Прислать ссылки ещё раз"]


async def test_a_paid_channel_that_nobody_can_enter_says_so_and_the_link_follows_e9(phone: Phone, stall: Stall) -> None:
    await buy(phone, stall)
    await stall.change(Channel, stall.channel_id, status=ChannelStatus.BOT_REMOVED)
    for _ in range(3):
        await phone.write("/channels")
        assert "🟡 Club — оплачен; вход пока закрыт, ссылку пришлю сам" in await phone.screen()
        assert await phone.captions() == []
        await stall.market.work()
    before = len(await phone.messages())
    await stall.check_rights()
    assert len(await phone.messages()) == before + 1
    assert "Доступ открыт" in await phone.screen()
    assert len(buttons_of((await phone.messages())[-1])) == 1


async def test_who_left_unnoticed_finds_a_way_in_by_channels_e20(phone: Phone, stall: Stall) -> None:
    await buy(phone, stall)
    [enter] = buttons_of((await phone.messages())[-1])
    await stall.join(await phone.user(), enter["url"])
    await stall.market.telegram("DELETE", f"/channels/{stall.chat_id}/members/{phone.id}")
    await phone.updates()
    await phone.write("/channels")
    assert "вы внутри" in await phone.screen()
    await phone.press("Прислать ссылки")
    await stall.market.work()
    assert "вы уже внутри" not in await phone.screen()
    assert [button["url"] for button in buttons_of((await phone.messages())[-1])] == [enter["url"]]
