"""Payments in Stars: invoice, consent within ten seconds, payment, refund."""

from __future__ import annotations

import asyncio

import pytest
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import LabeledPrice

from tests.contract.telegram_sandbox.actors import Hook, Sandbox, until

INVOICE = {"title": "Month", "description": "Access", "payload": "order-1", "currency": "XTR"}
PRICE = [LabeledPrice(label="Month", amount=100)]


async def test_a_payment_needs_the_bots_consent_and_can_be_refunded_once(sandbox: Sandbox, hook: Hook):
    bot, user_id = await sandbox.bot(), await sandbox.user()
    await sandbox.write(user_id, bot)
    await bot.set_webhook(hook.url, drop_pending_updates=True)
    sent = await bot.send_invoice(user_id, **INVOICE, prices=PRICE)
    assert sent.invoice.total_amount == 100
    body = {"bot_id": bot.id, "message_id": sent.message_id}

    refused = asyncio.ensure_future(sandbox.control("POST", f"/users/{user_id}/pre-checkout", **body))
    await until(lambda: hook.of_kind("pre_checkout_query"))
    query = hook.of_kind("pre_checkout_query")[0]
    assert query["invoice_payload"] == "order-1"
    await bot.answer_pre_checkout_query(query["id"], ok=False, error_message="Sold out")
    assert await refused == {"outcome": "refused", "error_message": "Sold out"}
    with pytest.raises(TelegramBadRequest, match="query is too old"):
        await bot.answer_pre_checkout_query(query["id"], ok=True)

    paying = asyncio.ensure_future(sandbox.control("POST", f"/users/{user_id}/pre-checkout", **body))
    await until(lambda: len(hook.of_kind("pre_checkout_query")) == 2)
    await bot.answer_pre_checkout_query(hook.of_kind("pre_checkout_query")[1]["id"], ok=True)
    paid = await paying
    assert paid["outcome"] == "paid"
    await until(lambda: [one for one in hook.of_kind("message") if "successful_payment" in one])

    charge_id = paid["telegram_payment_charge_id"]
    assert await bot.refund_star_payment(user_id, charge_id)
    with pytest.raises(TelegramBadRequest, match="CHARGE_ALREADY_REFUNDED"):
        await bot.refund_star_payment(user_id, charge_id)
    await until(lambda: [one for one in hook.of_kind("message") if "refunded_payment" in one])


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"prices": PRICE * 2}, "STARS_INVOICE_INVALID"),
        ({"payload": "я" * 65}, "INVOICE_PAYLOAD_INVALID"),
        ({"title": "a" * 33}, "longer than 32 characters"),
        ({"currency": "RUB"}, "PAYMENT_PROVIDER_INVALID"),
        ({"subscription_period": 60}, "SUBSCRIPTION_PERIOD_INVALID"),
    ],
)
async def test_invoices_that_telegram_refuses_are_refused(sandbox: Sandbox, change, complaint):
    bot = await sandbox.bot()
    with pytest.raises(TelegramBadRequest, match=complaint):
        await bot.create_invoice_link(**INVOICE | {"prices": PRICE} | change)
