"""A person who floods the bot with messages keeps nobody else waiting (K3)."""

from __future__ import annotations

import asyncio
from typing import Any

import orjson
from sqlalchemy import BigInteger, LargeBinary, SmallInteger, Uuid, bindparam, func, select, text
from sqlalchemy.dialects.postgresql import ARRAY

from lumenpay.models.inbox import NORMAL_LANE, InboxStatus, TelegramUpdate
from tenants_worker.bot.dispatcher import feed_update
from tenants_worker.inbox_drain import InboxDrain
from tests.support.chat import Phone, open_phone
from tests.support.stall import Stall
from tests.support.waiting import until

_INGEST = text("SELECT ingest_updates(:t, :b, :u, :l, :r, :now)").bindparams(
    bindparam("t", type_=ARRAY(Uuid())), bindparam("b", type_=ARRAY(Uuid())),
    bindparam("u", type_=ARRAY(BigInteger())), bindparam("l", type_=ARRAY(SmallInteger())),
    bindparam("r", type_=ARRAY(LargeBinary())),
)  # fmt: skip


def said(phone: Phone, number: int, words: str) -> dict[str, Any]:
    person = {"id": phone.id, "is_bot": False, "first_name": "Анна", "language_code": "ru"}
    chat = {"id": phone.id, "type": "private", "first_name": "Анна"}
    message = {"message_id": number, "date": 1_790_000_000, "chat": chat, "from": person, "text": words}
    return {"update_id": number, "message": message}


async def deliver(stall: Stall, *updates: dict[str, Any]) -> None:
    count = len(updates)
    values = {
        "t": [stall.tenant_id] * count, "b": [stall.bot_id] * count, "u": [one["update_id"] for one in updates],
        "l": [NORMAL_LANE] * count, "r": [orjson.dumps(one) for one in updates], "now": stall.market.now(),
    }  # fmt: skip
    async with stall.market.tenant(stall.tenant_id) as session:
        await session.execute(_INGEST, values)


async def test_behind_a_thousand_messages_of_one_person_another_ones_buy_is_answered_in_two_seconds_k3(
    stall: Stall,
) -> None:
    flooder, buyer, late = [await open_phone(stall) for _ in range(3)]
    drain = InboxDrain(stall.market.worker, feed_update)

    async def work() -> None:
        while True:
            await drain.run_due(NORMAL_LANE)

    async def is_answered(phone: Phone) -> bool:
        return any("Выберите тариф" in one["text"] for one in await phone.messages())

    for phone in (flooder, buyer, late):
        await phone.write("/start")
    await deliver(stall, *(said(flooder, number, "переслано") for number in range(1, 1001)))
    await deliver(stall, said(buyer, 2001, "/buy"))
    worker = asyncio.ensure_future(work())
    try:
        await until(lambda: is_answered(buyer), seconds=2)
        # And in the middle of the flood, too.
        await deliver(stall, said(late, 2002, "/buy"))
        await until(lambda: is_answered(late), seconds=2)
    finally:
        worker.cancel()
        await asyncio.gather(worker, return_exceptions=True)
    async with stall.market.tenant(stall.tenant_id) as session:
        query = select(func.count()).where(
            TelegramUpdate.tenant_id == stall.tenant_id, TelegramUpdate.status == InboxStatus.NEW
        )
        assert (await session.execute(query)).scalar_one() < 20
