"""Damaged updates: none crashes a handler, none reaches another tenant, and the next good one is handled at once."""

from __future__ import annotations

import asyncio
import os
import time
from collections import Counter
from typing import Any

import pytest

from lumenpay.errors import LumenError
from lumenpay.messages import callbacks
from lumenpay.models.payments import Payment, PaymentStatus
from lumenpay.models.subscriptions import Grant
from lumenpay.models.users import User
from tenants_worker.inbox_drain import UnreadableUpdateError
from tests.support.chat import Phone, open_phone
from tests.support.market import Market
from tests.support.mutations import Damager
from tests.support.stall import open_stall

COUNT = int(os.environ.get("LUMENPAY_MUTATED_UPDATES", "1200"))
SEED = int(os.environ.get("LUMENPAY_FAULT_SEED", "20261124"))
STALLS = 6
GOOD_EVERY = 50


@pytest.mark.timeout(1800)
async def test_damaged_updates_never_crash_the_bot(market: Market) -> None:
    bystander = await open_stall(market)
    phones = [await open_phone(await open_stall(market)) for _ in range(STALLS)]
    outcomes: Counter[str] = Counter()
    slowest = await asyncio.gather(
        *(strike(phone, SEED + number, COUNT // STALLS, outcomes) for number, phone in enumerate(phones))
    )
    print(f"seed {SEED}: {dict(outcomes)}, slowest good answer {max(slowest):.2f} s")
    crashes = {kind: count for kind, count in outcomes.items() if kind.startswith("crash")}
    assert not crashes
    assert outcomes["handled"] > COUNT // 4
    assert outcomes["unreadable"] > COUNT // 10
    assert max(slowest) < 1.0
    assert await market.count(bystander.tenant_id, User) == 0
    for phone in phones:
        tenant_id = phone.stall.tenant_id
        assert await market.count(tenant_id, Grant) == 0
        assert await market.count(tenant_id, Payment, Payment.status == PaymentStatus.SUCCEEDED) == 0


async def strike(phone: Phone, seed: int, count: int, outcomes: Counter[str]) -> float:
    damager, corpus, slowest = Damager(seed), make_corpus(phone), 0.0
    for number in range(count):
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
            started = time.monotonic()
            await phone.write("/help")
            slowest = max(slowest, time.monotonic() - started)
            assert (await phone.screen()).startswith("Что я умею")
    return slowest


def make_corpus(phone: Phone) -> list[dict[str, Any]]:
    person = {"id": phone.id, "is_bot": False, "first_name": "Анна", "username": "anna", "language_code": "ru"}
    chat = {"id": phone.id, "type": "private", "first_name": "Анна"}
    channel = {"id": phone.stall.chat_id, "type": "channel", "title": "Club"}
    bot = {"id": phone.bot.telegram_id, "is_bot": True, "first_name": "Bot", "username": phone.bot.username}
    plan = phone.stall.plan_id
    base = {"message_id": 7, "date": 1_790_000_000, "chat": chat, "from": person}
    presses = (callbacks.BUY, callbacks.STATUS, callbacks.CHANNELS, callbacks.LINKS, callbacks.plan(plan),
               callbacks.promo(plan), callbacks.pay(plan))  # fmt: skip
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
