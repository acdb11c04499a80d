"""What people say of broadcasts in the bot: no more of a kind, and which kinds they want."""

from __future__ import annotations

from typing import Any

from lumenpay.broadcasts.opt_outs import list_unwanted
from lumenpay.broadcasts.zones import ZONES
from lumenpay.messages import callbacks
from lumenpay.models.broadcasts import BroadcastCategory
from tests.support.chat import Phone
from tests.support.mailing import Mailing
from tests.support.stall import Stall

KINDS = ["✅ Новости", "✅ Скидки и акции", "✅ События"]
ZONE = "🕐 Мой часовой пояс: Как у канала"
ALL = [*KINDS, ZONE]


async def unwanted(phone: Phone, stall: Stall) -> set[BroadcastCategory]:
    async with stall.market.tenant(stall.tenant_id) as session:
        return await list_unwanted(session, (await phone.user()).id)


async def test_under_each_broadcast_stands_a_way_out_of_its_kind(phone: Phone, stall: Stall) -> None:
    await phone.write("/start")
    mailing = Mailing(stall)
    broadcast_id = await mailing.started("Big news", category=BroadcastCategory.OFFERS)
    await mailing.work()
    assert await mailing.ledger(broadcast_id) == {"sent": 1}
    assert (await phone.screen(), await phone.captions()) == ("Big news", ["🔕 Не присылать такое"])
    note: dict[str, Any] = await phone.press("🔕 Не присылать такое")
    assert "Скидки и акции" in str(note)
    assert await unwanted(phone, stall) == {BroadcastCategory.OFFERS}
    texts = [message["text"] for message in await phone.messages()]
    assert texts[-2] == "Big news"
    assert await phone.captions() == [ALL[0], "🔕 Скидки и акции", *ALL[2:]]
    again = await mailing.started("More", category=BroadcastCategory.OFFERS)
    news = await mailing.started("Other news")
    await mailing.work()
    assert (await mailing.ledger(again), await mailing.ledger(news)) == ({}, {"sent": 1})


async def test_settings_show_every_kind_and_each_button_turns_its_own(phone: Phone, stall: Stall) -> None:
    await phone.write("/settings")
    assert await phone.captions() == ALL
    before = len(await phone.messages())
    await phone.press(ALL[0])
    assert await phone.captions() == ["🔕 Новости", *ALL[1:]]
    assert await unwanted(phone, stall) == {BroadcastCategory.NEWS}
    await phone.press("🔕 Новости")
    assert await phone.captions() == ALL
    assert await unwanted(phone, stall) == set()
    assert len(await phone.messages()) == before


async def test_a_person_chooses_their_zone_behind_the_settings_and_clears_it(phone: Phone) -> None:
    await phone.write("/settings")
    await phone.press(ZONE)
    shown = await phone.captions()
    assert shown[0] == "✅ Как у канала"
    assert {"Калининград", "Москва", "Камчатка", "Нью-Йорк"} <= set(shown)
    await phone.press("Камчатка")
    assert (await phone.user()).time_zone == "Asia/Kamchatka"
    assert await phone.captions() == [*KINDS, "🕐 Мой часовой пояс: Камчатка"]
    await phone.press("Мой часовой пояс")
    assert "✅ Камчатка" in await phone.captions()
    await phone.press("К рассылкам")
    assert await phone.captions() == [*KINDS, "🕐 Мой часовой пояс: Камчатка"]
    assert len(await phone.messages()) == 1
    await phone.write("/timezone")
    await phone.press("Как у канала")
    assert (await phone.user()).time_zone is None
    assert await phone.captions() == ALL


async def test_each_zone_of_the_list_is_chosen_by_its_button(phone: Phone) -> None:
    for zone in ZONES:
        await phone.write("/timezone")
        (message,) = (await phone.messages())[-1:]
        await phone.press_data(message["message_id"], callbacks.choose_zone(zone))
        assert (await phone.user()).time_zone == zone
