"""A person who floods the bot with messages keeps nobody else waiting (K3)."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from typing import Any

import orjson
import pytest
from sqlalchemy import BigInteger, LargeBinary, SmallInteger, Uuid, bindparam, func, select, text
from sqlalchemy.dialects.postgresql import ARRAY

from control_plane.ingress.scanning import scan_update
from lumenpay.models.inbox import CHECKOUT_LANE, FAST_LANE, NORMAL_LANE, InboxStatus, TelegramUpdate
from tenants_worker.bot.dispatcher import feed_update
from tenants_worker.inbox_drain import InboxDrain
from tests.support.chat import Phone, open_phone
from tests.support.market import Market
from tests.support.stall import Stall, open_stall
from tests.support.stars import STARS_PRICE, open_invoice
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


def lane_of(update: dict[str, Any]) -> int:
    known = scan_update(orjson.dumps(update))
    assert known is not None
    return known[1]


async def deliver(stall: Stall, *updates: dict[str, Any]) -> None:
    count, lanes = len(updates), [lane_of(one) for one in updates]
    values = {
        "t": [stall.tenant_id] * count, "b": [stall.bot_id] * count, "u": [one["update_id"] for one in updates],
        "l": lanes, "r": [orjson.dumps(one) for one in updates], "now": stall.market.now(),
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


def knocked(stall: Stall, number: int) -> dict[str, Any]:
    chat = {"id": stall.chat_id, "type": "channel", "title": "Club"}
    person = {"id": 7_000_000 + number, "is_bot": False, "first_name": "Anna"}
    request = {"chat": chat, "from": person, "user_chat_id": person["id"], "date": 1_790_000_000}
    return {"update_id": number, "chat_join_request": request}


@pytest.mark.parametrize("crowd", ["messages", "knocks"])
async def test_telegrams_question_before_a_payment_is_answered_ahead_of_six_hundred_updates(
    market: Market, crowd: str
) -> None:
    stall = await open_stall(market, stars=STARS_PRICE)
    phone = await open_phone(stall)
    link = await open_invoice(phone)
    strangers = [replace(phone, id=7_000_000 + number) for number in range(30)]
    updates = [
        knocked(stall, number) if crowd == "knocks" else said(strangers[number % 30], number, "/start")
        for number in range(1, 601)
    ]
    # Telegram is slow, as it is when a bot is at its limits: what stands before the question takes minutes.
    match = {"on": "call", "method": "declineChatJoinRequest" if crowd == "knocks" else "sendMessage"}
    await market.telegram("POST", "/faults", match=match, effect={"kind": "latency", "seconds": 2})
    await deliver(stall, *updates)
    drain = InboxDrain(market.worker, feed_update)

    async def work(lane: int) -> None:
        while True:
            await drain.run_due(lane)

    async def has_begun() -> bool:
        (slow,) = await market.telegram("GET", "/faults")
        return bool(slow["fired"])

    workers = [asyncio.ensure_future(work(lane)) for lane in (NORMAL_LANE, FAST_LANE, CHECKOUT_LANE)]
    try:
        await until(has_begun)
        paying = asyncio.ensure_future(
            market.telegram(
                "POST", f"/users/{phone.id}/pre-checkout", bot_id=phone.bot.telegram_id, invoice_link=link
            )
        )  # fmt: skip
        asked: list[dict[str, Any]] = []
        while not asked:
            asked = [one for one in await phone.updates() if "pre_checkout_query" in one]
        begun_at = time.monotonic()
        await deliver(stall, *asked)
        answer = await paying
        print(f"answered after {time.monotonic() - begun_at:.2f} s")
    finally:
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
        await market.telegram("DELETE", "/faults")
    assert answer["outcome"] == "paid"
