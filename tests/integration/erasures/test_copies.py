"""A person asks the bot for their own data and gets it as a file, once a day (fault O2)."""

from __future__ import annotations

from typing import Any

import orjson

from lumenpay.models.audit import AuditEvent
from tests.support.chat import Phone
from tests.support.desk import Desk
from tests.support.market import Market
from tests.support.stall import Stall


async def documents(phone: Phone) -> list[dict[str, Any]]:
    return [message for message in await phone.messages() if message.get("document")]


async def ask(market: Market, phone: Phone) -> None:
    await phone.write("/mydata")
    await phone.press("Прислать копию")
    await market.work()


async def test_all_of_a_persons_data_comes_as_a_file_and_is_put_on_record_o2(
    market: Market, stall: Stall, phone: Phone
) -> None:
    await phone.write("/start")
    anna = await phone.user()
    boris = await stall.buyer(first_name="Boris")
    await stall.bought(anna)
    await phone.write("/mydata")
    assert "Его прочтёт любой, кто откроет этот чат" in await phone.screen()
    assert await documents(phone) == []
    await ask(market, phone)
    (message,) = await documents(phone)
    document = message["document"]
    assert (document["mime_type"], document["file_name"].startswith("my-data-")) == ("application/json", True)
    content = market.world.files[document["file_id"]]
    told = orjson.loads(content)["tables"]
    assert told["users"][0]["telegram_id"] == anna.telegram_id
    assert {"users", "payments", "subscriptions"} <= set(told)
    assert str(boris.telegram_id).encode() not in content
    (event,) = await market.rows(stall.tenant_id, AuditEvent, AuditEvent.action == "user.data_told")
    assert (event.actor_kind, event.actor_id, event.subject_id) == ("user", anna.id, anna.id)


async def test_a_second_copy_is_sent_a_day_later_and_not_before_o2(market: Market, stall: Stall, phone: Phone) -> None:
    await phone.write("/start")
    await ask(market, phone)
    await ask(market, phone)
    assert len(await documents(phone)) == 1
    assert (await phone.screen()).startswith("Копию я уже отправил.")
    await market.skip(days=1, minutes=1)
    await ask(market, phone)
    assert len(await documents(phone)) == 2


async def test_what_the_team_took_does_not_count_as_the_persons_own_copy_o2(
    market: Market, stall: Stall, phone: Phone, desk: Desk
) -> None:
    await phone.write("/start")
    anna = await phone.user()
    await desk.post(f"/users/{anna.id}/data")
    await ask(market, phone)
    assert len(await documents(phone)) == 1


async def test_a_file_that_telegram_did_not_take_at_first_comes_later_o2(
    market: Market, stall: Stall, phone: Phone
) -> None:
    await phone.write("/start")
    await market.telegram(
        "POST", "/faults", match={"method": "sendDocument", "count": 1}, effect={"kind": "drop_before"}
    )
    await ask(market, phone)
    assert await documents(phone) == []
    await market.skip(minutes=5)
    await market.work()
    assert len(await documents(phone)) == 1


async def test_who_is_being_forgotten_gets_what_they_asked_for_before_o2(
    market: Market, stall: Stall, phone: Phone
) -> None:
    await phone.write("/start")
    await phone.write("/mydata")
    await phone.press("Прислать копию")
    await phone.write("/forget")
    await phone.press("Продолжить удаление")
    await phone.press("Удалить навсегда")
    await market.work()
    assert len(await documents(phone)) == 1
