"""What people say of broadcasts in the bot: no more of a kind, and which kinds they want."""

from __future__ import annotations

from typing import Any

from lumenpay.broadcasts.opt_outs import list_unwanted
from lumenpay.models.broadcasts import BroadcastCategory
from tests.support.chat import Phone
from tests.support.mailing import Mailing
from tests.support.stall import Stall

ALL = ["✅ Новости", "✅ Скидки и акции", "✅ События"]


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
    assert await phone.captions() == [ALL[0], "🔕 Скидки и акции", ALL[2]]
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
