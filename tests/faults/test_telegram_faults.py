"""Telegram at its worst: storms of 429, every fault for every call, a thousand strangers at one door (E5, E6, E16)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from lumenpay.models.access import AccessAction, AccessLog
from lumenpay.models.jobs import JobStatus
from lumenpay.telegram.client import TelegramClient
from tests.support.chat import Phone, buttons_of, open_phone
from tests.support.market import Market
from tests.support.stall import Stall, open_stall

LONG = [pytest.mark.long, pytest.mark.timeout(600)]
FAULTS: dict[str, dict[str, Any]] = {
    "server error": {"kind": "status", "status": 500, "description": "Internal Server Error"},
    "page of a proxy": {"kind": "html", "status": 502},
    "never arrives": {"kind": "drop_before"},
    "answer is lost": {"kind": "drop_after"},
    "too many requests": {"kind": "rate", "retry_after": 6},
    "takes too long": {"kind": "latency", "seconds": 2.0},
}
PATIENCE_SECONDS = 1.5
METHODS = ("createChatInviteLink", "sendMessage", "approveChatJoinRequest", "getChatMember", "unbanChatMember")


async def strike(market: Market, effect: dict[str, Any], **match: Any) -> None:
    await market.telegram("POST", "/faults", match=match, effect=effect)


Restart = Callable[[], Awaitable[None]]


@pytest.fixture
async def restart(market: Market) -> AsyncIterator[Restart]:
    """A worker with a new memory of what Telegram allows, whose pauses are counted in real seconds."""

    async def begin_anew() -> None:
        await market.worker.telegram.close()
        market.worker = replace(market.worker, telegram=TelegramClient(api_url=market.telegram_url))

    yield begin_anew
    await market.worker.telegram.close()


async def calls_of(market: Market, method: str, bot_id: int) -> list[dict[str, Any]]:
    return list(await market.telegram("GET", f"/calls?method={method}&bot_id={bot_id}"))


async def has_receipt(stall: Stall, phone: Phone) -> int:
    return sum("Готово" in text for text in await stall.texts(await phone.user()))


async def test_a_storm_of_429_on_one_bot_keeps_no_other_bot_waiting_and_loses_nothing_e5(
    market: Market, restart: Restart
) -> None:
    stormy, calm = await open_stall(market), await open_stall(market)
    people = {}
    for stall in (stormy, calm):
        phones = [await open_phone(stall) for _ in range(3)]
        for phone in phones:
            await phone.write("/start")
        people[stall.bot_id] = phones
    await strike(market, {"kind": "rate", "retry_after": 30}, bot=stormy.telegram_bot_id)
    began_at = time.monotonic()
    for stall in (stormy, calm):
        for phone in people[stall.bot_id]:
            await stall.pay(await stall.ordered(await phone.user()))
        await stall.poll()
    assert time.monotonic() - began_at < 25, "somebody waited the storm out"
    assert [await has_receipt(calm, phone) for phone in people[calm.bot_id]] == [1, 1, 1]
    assert [await has_receipt(stormy, phone) for phone in people[stormy.bot_id]] == [0, 0, 0]
    asked = await market.telegram("GET", f"/calls?bot_id={stormy.telegram_bot_id}")
    refused = [call for call in asked if call["status"] == 429]
    assert 0 < len(refused) <= 12, "a hot loop"
    await market.telegram("DELETE", "/faults")
    await restart()
    await market.skip(minutes=10)
    await market.work()
    assert [await has_receipt(stormy, phone) for phone in people[stormy.bot_id]] == [1, 1, 1]
    assert await market.jobs(stormy.tenant_id, status=JobStatus.DEAD) == []


async def test_one_chat_that_is_written_to_too_fast_delays_no_other_chat_of_the_bot_e5(market: Market) -> None:
    stall = await open_stall(market)
    loud, quiet = [await open_phone(stall) for _ in range(2)]
    for phone in (loud, quiet):
        await phone.write("/start")
    token, telegram = loud.bot.token, market.worker.telegram
    # Five at once are let through, the others take a second each: they wait their turn by themselves.
    storm = [asyncio.ensure_future(telegram.send_text(token, chat_id=loud.id, html=f"{number}")) for number in range(8)]
    await telegram.send_text(token, chat_id=quiet.id, html="hello")
    assert not all(one.done() for one in storm)
    await asyncio.gather(*storm)


@pytest.mark.parametrize("name", FAULTS)
@pytest.mark.parametrize("methods", [
    pytest.param(METHODS, id="all"), *(pytest.param((one,), id=one, marks=LONG) for one in METHODS)
])  # fmt: skip
async def test_whatever_happens_to_whichever_call_the_person_gets_in_and_out_e6(
    market: Market, restart: Restart, name: str, methods: tuple[str, ...]
) -> None:
    """An answer that is lost may say a thing twice; nothing is done twice, left undone, or said more often."""
    stall = await open_stall(market)
    phone = await open_phone(stall)
    await phone.write("/start")
    if name == "takes too long":
        market.worker.telegram._session.timeout = PATIENCE_SECONDS
    for method in methods:
        await strike(market, FAULTS[name], method=method, count=1)
    await stall.pay(await stall.ordered(await phone.user()))
    await stall.poll()
    await until_quiet(market, restart)
    told = await has_receipt(stall, phone)
    assert 1 <= told <= (2 if name in {"answer is lost", "takes too long"} else 1)
    link = str(buttons_of((await phone.messages())[-1])[0]["url"])
    await market.telegram("POST", f"/users/{phone.id}/join", invite_link=link)
    await phone.let_bot_work()
    await until_quiet(market, restart)
    assert await stall.is_inside(phone.id)
    await phone.let_bot_work()
    await market.skip(days=31)
    await stall.sweep()
    await until_quiet(market, restart)
    assert await stall.member_status(phone.id) == "left"
    for action in (AccessAction.GRANTED, AccessAction.EXPIRED):
        assert await market.count(stall.tenant_id, AccessLog, AccessLog.action == action) == 1
    assert await market.jobs(stall.tenant_id, status=JobStatus.DEAD) == []
    assert await market.jobs(stall.tenant_id, status=JobStatus.READY) == []


async def until_quiet(market: Market, restart: Restart) -> None:
    """Some minutes pass, in which whatever is put off is taken up again."""
    for _ in range(4):
        if market.worker.telegram._session.timeout != PATIENCE_SECONDS:
            await restart()
        await market.skip(minutes=2)
        await market.work()


@pytest.mark.parametrize("strangers", [pytest.param(60, id="small"), pytest.param(1_000, id="long", marks=LONG)])
async def test_strangers_in_crowds_are_all_declined_and_use_up_nothing_of_the_payers_e16(
    market: Market, strangers: int
) -> None:
    stall = await open_stall(market)
    phone = await open_phone(stall)
    await phone.write("/start")
    await stall.bought(await phone.user())
    link = str(buttons_of((await phone.messages())[-1])[0]["url"])
    for _ in range(strangers):
        person = await market.telegram("POST", "/users", first_name="Eve")
        await market.telegram("POST", f"/users/{person['id']}/join", invite_link=link)
    began_at = time.monotonic()
    knocks = await phone.updates()
    assert len(knocks) == strangers
    for first in range(0, strangers, 20):
        await asyncio.gather(*(phone.feed(knock) for knock in knocks[first : first + 20]))
    await market.telegram("POST", f"/users/{phone.id}/join", invite_link=link)
    await phone.let_bot_work()
    assert await stall.is_inside(phone.id)
    shown = await market.telegram("GET", f"/channels/{stall.chat_id}")
    assert (len(shown["members"]), shown["join_requests"]) == (3, [])
    declined = AccessLog.action == AccessAction.REQUEST_DECLINED
    assert await market.count(stall.tenant_id, AccessLog, declined) == strangers
    told = [call for call in await calls_of(market, "sendMessage", stall.telegram_bot_id) if call["status"] == 200]
    # What the bot may say at once and in the seconds that it took, and not a word more.
    assert len(told) <= 30 + 30 * (time.monotonic() - began_at)
    assert await market.jobs(stall.tenant_id, status=JobStatus.READY) == []
