"""Reading what Telegram lists of a bot's Stars: what is new to us hides nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from lumenpay.kit.crypto import Secret
from lumenpay.telegram.client import TelegramClient
from lumenpay.telegram.stars import StarTransaction, list_transactions
from tests.support.web import serving

TOKEN = Secret("7000000001:AAGqeuNXxZNmW5gc8jm9y5Te1PSnExhjzLA")
ANNA = {"id": 5, "is_bot": False, "first_name": "Anna"}
LISTED: list[dict[str, Any]] = [
    {"id": "a", "amount": 90, "date": 1_790_000_000, "nanostar_amount": 5, "source": {
        "type": "user", "transaction_type": "invoice_payment", "user": ANNA, "invoice_payload": "order-1",
        "subscription_period": 2_592_000, "affiliate": {"commission_per_mille": 100, "amount": 10},
    }},
    {"id": "a", "amount": 100, "date": 1_790_000_001, "receiver": {
        "type": "user", "transaction_type": "invoice_payment", "user": ANNA, "invoice_payload": "order-1",
    }},
    {"id": "b", "amount": 7, "date": 1_790_000_002, "source": {
        "type": "user", "transaction_type": "paid_media_payment", "user": ANNA, "paid_media": [{"type": "new"}],
    }},
    {"id": "c", "amount": 1000, "date": 1_790_000_003, "receiver": {
        "type": "fragment", "withdrawal_state": {"type": "pending"},
    }},
    {"id": "d", "amount": 3, "date": 1_790_000_004, "source": {"type": "partner_of_tomorrow", "of": {"id": "x"}}},
    {"id": "e", "amount": 3, "date": 1_790_000_005},
]  # fmt: skip


async def test_charges_and_returns_are_told_from_all_else_that_moves_stars():
    asked: list[dict[str, Any]] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(await request.json())
        return web.json_response({"ok": True, "result": {"transactions": LISTED}})

    app = web.Application()
    app.router.add_post("/bot{token}/getStarTransactions", answer)
    async with serving(app) as url:
        client = TelegramClient(api_url=url)
        found = await list_transactions(client, TOKEN, offset=200)
        await client.close()
    assert asked == [{"offset": 200, "limit": 100}]
    assert [(one.id, one.is_incoming, one.is_invoice) for one in found] == [
        ("a", True, True), ("a", False, True), ("b", True, False), ("c", False, False), ("d", True, False),
        ("e", False, False),
    ]  # fmt: skip
    assert found[0] == StarTransaction(
        "a", datetime.fromtimestamp(1_790_000_000, UTC), is_incoming=True, is_invoice=True, stars=90,
        commission_stars=10, payload="order-1", payer_id=5, is_recurring=True,
    )  # fmt: skip
    assert (found[1].stars, found[1].is_recurring) == (100, False)
