"""Damaged updates: none crashes a handler, none reaches another tenant, and the next good one is handled at once.

Most are handed to the handlers, which shows a crash as it is; a part goes the whole way, from the webhook to the chat.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections import Counter
from dataclasses import replace
from itertools import count
from statistics import median
from typing import Any

import pytest

from lumenpay.errors import LumenError
from lumenpay.jobs.catalogue import Queue
from lumenpay.messages import callbacks
from lumenpay.models.inbox import InboxStatus, TelegramUpdate
from lumenpay.models.payments import Payment, PaymentStatus
from lumenpay.models.subscriptions import Grant
from lumenpay.models.users import User
from tenants_worker.inbox_drain import UnreadableUpdateError
from tests.support.chat import Phone, open_phone
from tests.support.door import SECRET_HEADER, Door, open_door
from tests.support.market import Market
from tests.support.mutations import Damager
from tests.support.stall import Stall, open_stall
from tests.support.waiting import PROMPT_SECONDS, until

COUNT = int(os.environ.get("LUMENPAY_MUTATED_UPDATES", "600"))
SEED = int(os.environ.get("LUMENPAY_FAULT_SEED", "20261124"))
STALLS = 6
GOOD_EVERY = 50
CHAT_LASTS = 10
THROUGH_THE_DOOR = COUNT // 2
IN_FLIGHT = 5
UNREADABLE = "UnreadableUpdateError"


@pytest.mark.timeout(1800)
async def test_damaged_updates_never_crash_the_bot(market: Market) -> None:
    fast = dict.fromkeys(("bot_rate", "bot_burst", "chat_rate", "chat_burst"), 1e9)
    await market.telegram("PATCH", "/config", limits=fast)
    bystander = await open_stall(market)
    phones = [await open_phone(await open_stall(market)) for _ in range(STALLS)]
    outcomes: Counter[str] = Counter()
    slowest = await asyncio.gather(
        *(strike(phone, SEED + number, COUNT // STALLS, outcomes) for number, phone in enumerate(phones))
    )
    facts = f"seed {SEED}: {dict(outcomes)}, slowest good answer {max(slowest):.2f} s"
    sys.stderr.write(facts + "\n")
    crashes = {kind: count for kind, count in outcomes.items() if kind.startswith("crash")}
    assert not crashes, facts
    assert outcomes["handled"] > COUNT // 4
    assert outcomes["unreadable"] > COUNT // 10
    assert max(slowest) < PROMPT_SECONDS
    assert await market.count(bystander.tenant_id, User) == 0
    for phone in phones:
        tenant_id = phone.stall.tenant_id
        assert await market.count(tenant_id, Grant) == 0
        assert await market.count(tenant_id, Payment, Payment.status == PaymentStatus.SUCCEEDED) == 0


async def strike(phone: Phone, seed: int, count: int, outcomes: Counter[str]) -> float:
    damager, corpus, slowest = Damager(seed), make_corpus(phone), 0.0
    for number in range(count):
        if number % CHAT_LASTS == 0:
            # One chat gets one message a second; many chats get many.
            corpus = make_corpus(await open_phone(phone.stall))
        raw = damager.damage(corpus)
        try:
            await phone.feed(raw)
        except UnreadableUpdateError:
            outcomes["unreadable"] += 1
        except LumenError as error:
            outcomes[f"crash {error.code} {str(error)[:60]}"] += 1
        except Exception as error:  # noqa: BLE001 - every other way to end is what this test looks for
            outcomes[f"crash {type(error).__name__} {str(error)[:200]} on {raw[:300]!r}"] += 1
        else:
            outcomes["handled"] += 1
        if number % GOOD_EVERY == 0:
            witness = await open_phone(phone.stall)
            started = time.monotonic()
            await witness.write("/help")
            slowest = max(slowest, time.monotonic() - started)
            assert (await witness.screen()).startswith("Что я умею")
    return slowest


@pytest.mark.timeout(1800)
async def test_damaged_updates_on_the_whole_way_are_refused_handled_or_set_aside_e4(market: Market) -> None:
    fast = dict.fromkeys(("bot_rate", "bot_burst", "chat_rate", "chat_burst"), 1e9)
    await market.telegram("PATCH", "/config", limits=fast)
    bystander = await open_stall(market)
    phones = [await open_phone(await open_stall(market)) for _ in range(STALLS // 2)]
    statuses: Counter[int] = Counter()
    async with open_door(market, Queue.UPDATES) as door:
        door.worker.start()
        for phone in phones:
            await connect_webhook(door, phone)
        strikes = (strike_the_door(door, phone, SEED + number, statuses) for number, phone in enumerate(phones))
        seconds = [second for found in await asyncio.gather(*strikes) for second in found]
        stored = [row for phone in phones for row in await drained(market, phone.stall)]
    ends = Counter((row.status, row.error.partition(":")[0], row.attempts) for row in stored)
    facts = (
        f"seed {SEED}: {THROUGH_THE_DOOR} damaged updates through the door, {dict(statuses)}; {dict(ends)}; "
        f"{len(seconds)} good answers, median {median(seconds):.2f} s, slowest {max(seconds):.2f} s"
    )
    sys.stderr.write(facts + "\n")
    assert set(statuses) == {200, 400}, facts
    assert set(ends) == {(InboxStatus.HANDLED, "", 0), (InboxStatus.QUARANTINED, UNREADABLE, 1)}, facts
    assert len(stored) > statuses[200] // 2, facts
    assert max(seconds) < PROMPT_SECONDS, facts
    assert await market.count(bystander.tenant_id, User) == 0
    assert await market.count(bystander.tenant_id, TelegramUpdate) == 0


async def connect_webhook(door: Door, phone: Phone) -> None:
    path, secret = await door.bot_address(phone.stall)
    url = f"{door.market.telegram_url}/bot{phone.bot.token.reveal()}/setWebhook"
    async with door.http.post(url, json={"url": door.url + path, "secret_token": secret}) as response:
        assert response.status == 200


async def strike_the_door(door: Door, phone: Phone, seed: int, statuses: Counter[int]) -> list[float]:
    damager, numbers, seconds = Damager(seed), count(10**12), []
    path, secret = await door.bot_address(phone.stall)

    async def deliver(corpus: list[dict[str, Any]]) -> None:
        raw = damager.damage([{**update, "update_id": next(numbers)} for update in corpus])
        statuses[await door.post(path, raw, **{SECRET_HEADER: secret})] += 1

    for number in range(0, THROUGH_THE_DOOR // (STALLS // 2), IN_FLIGHT):
        if number % CHAT_LASTS == 0:
            person = await door.market.telegram("POST", "/users", first_name="Анна")
            corpus = make_corpus(replace(phone, id=person["id"]))
        strikes = asyncio.gather(*(deliver(corpus) for _ in range(IN_FLIGHT)))
        if number % GOOD_EVERY == 0:
            seconds.append(await time_an_answer(door, phone.stall))
        await strikes
        await door.worker.answer(Queue.UPDATES)
    return seconds


async def time_an_answer(door: Door, stall: Stall) -> float:
    """Return how long a person waits who asks for help."""
    person = (await door.market.telegram("POST", "/users", first_name="Ольга", language_code="ru"))["id"]
    started = time.monotonic()
    await door.market.telegram("POST", f"/users/{person}/messages", bot_id=stall.telegram_bot_id, text="/help")

    async def is_answered() -> bool:
        chat = await door.market.telegram("GET", f"/users/{person}/chats/{stall.telegram_bot_id}")
        texts = [message["text"] for message in chat["messages"] if message["from"] == "bot"]
        return bool(texts) and texts[-1].startswith("Что я умею")

    await until(is_answered, what="an answer")
    return time.monotonic() - started


async def drained(market: Market, stall: Stall) -> list[TelegramUpdate]:
    """Return what was stored, once nothing of it waits."""

    async def is_drained() -> bool:
        return not await market.count(stall.tenant_id, TelegramUpdate, TelegramUpdate.status == InboxStatus.NEW)

    await until(is_drained, seconds=30)
    return await market.rows(stall.tenant_id, TelegramUpdate)


def make_corpus(phone: Phone) -> list[dict[str, Any]]:
    person = {"id": phone.id, "is_bot": False, "first_name": "Анна", "username": "anna", "language_code": "ru"}
    chat = {"id": phone.id, "type": "private", "first_name": "Анна"}
    channel = {"id": phone.stall.chat_id, "type": "channel", "title": "Club"}
    bot = {"id": phone.bot.telegram_id, "is_bot": True, "first_name": "Bot", "username": phone.bot.username}
    plan = phone.stall.plan_id
    base = {"message_id": 7, "date": 1_790_000_000, "chat": chat, "from": person}
    presses = (callbacks.BUY, callbacks.STATUS, callbacks.CHANNELS, callbacks.LINKS, callbacks.plan(plan),
               callbacks.promo(plan), callbacks.pay(plan, "99000-0a1b2c3d"))  # fmt: skip
    texts = (
        "/start",
        f"/start plan_{plan}",
        "/start promo_SALE",
        "/buy",
        "/status",
        "/channels",
        "/terms",
        "SALE",
        "hi",
    )
    left, member = {"status": "left", "user": person}, {"status": "member", "user": person}
    moved = {"date": 1_790_000_000, "from": person}
    admin = {"status": "administrator", "user": bot, "can_be_edited": False, "is_anonymous": False} | {
        f"can_{right}": True
        for right in ("manage_chat", "delete_messages", "manage_video_chats", "restrict_members", "promote_members",
                      "change_info", "invite_users", "post_stories", "edit_stories", "delete_stories")
    }  # fmt: skip
    kinds: list[dict[str, Any]] = [{"message": base | {"text": text}} for text in texts]
    kinds += [
        {"callback_query": {"id": "1", "from": person, "chat_instance": "1", "data": data, "message": base}}
        for data in presses
    ]
    kinds += [
        {"message": base | {"dice": {"emoji": "🎲", "value": 3}}},
        {"message": {"message_id": 1, "date": 1, "chat": channel | {"type": "group"}, "migrate_to_chat_id": -100_5}},
        {"chat_join_request": moved | {"chat": channel, "user_chat_id": phone.id}},
        {"chat_member": moved | {"chat": channel, "old_chat_member": left, "new_chat_member": member}},
        {"chat_member": moved | {"chat": channel, "old_chat_member": member, "new_chat_member": left}},
        {"my_chat_member": moved | {"chat": chat, "old_chat_member": left, "new_chat_member": {**member, "user": bot}}},
        {"my_chat_member": moved | {"chat": channel, "old_chat_member": left, "new_chat_member": admin}},
        {"pre_checkout_query": {"id": "1", "from": person, "currency": "XTR", "total_amount": 1,
                                "invoice_payload": "x"}},
    ]  # fmt: skip
    return [{"update_id": number, **kind} for number, kind in enumerate(kinds, 1)]
