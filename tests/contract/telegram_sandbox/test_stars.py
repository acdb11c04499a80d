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


async def subscribed(sandbox: Sandbox, hook: Hook):
    """A bot, a person and the charge that began their subscription."""
    bot, user_id = await sandbox.bot(), await sandbox.user()
    await sandbox.write(user_id, bot)
    await bot.set_webhook(hook.url, drop_pending_updates=True)
    link = await bot.create_invoice_link(**INVOICE, prices=PRICE, subscription_period=2_592_000)
    paying = asyncio.ensure_future(
        sandbox.control("POST", f"/users/{user_id}/pre-checkout", bot_id=bot.id, invoice_link=link)
    )
    await until(lambda: hook.of_kind("pre_checkout_query"))
    await bot.answer_pre_checkout_query(hook.of_kind("pre_checkout_query")[0]["id"], ok=True)
    return bot, user_id, (await paying)["telegram_payment_charge_id"]


def payments_of(hook: Hook):
    return [one["successful_payment"] for one in hook.of_kind("message") if "successful_payment" in one]


async def test_a_subscription_is_charged_by_the_clock_until_there_are_too_few_stars(sandbox: Sandbox, hook: Hook):
    bot, user_id, charge_id = await subscribed(sandbox, hook)
    await sandbox.control("PUT", f"/users/{user_id}/stars", stars=150)
    await sandbox.control("POST", "/clock", advance_seconds=2_592_001)
    await until(lambda: len(payments_of(hook)) == 2)
    first, second = payments_of(hook)
    assert (first["is_recurring"], first["is_first_recurring"], "is_first_recurring" in second) == (True, True, False)
    assert len(charge_id) > 64
    assert first["invoice_payload"] == second["invoice_payload"]
    assert second["subscription_expiration_date"] == first["subscription_expiration_date"] + 2_592_000

    await sandbox.control("POST", "/clock", advance_seconds=2_592_001)
    await until(lambda: hook.of_kind("subscription"))
    assert hook.of_kind("subscription")[0]["state"] == "failed"
    wallet = await sandbox.control("GET", f"/users/{user_id}/stars")
    assert (wallet["stars"], wallet["subscriptions"][0]["state"]) == (50, "failed")

    listed = (await bot.get_star_transactions()).transactions
    assert (listed[0].id, listed[0].amount) == (charge_id, 100)
    assert await bot.refund_star_payment(user_id, charge_id)
    assert [one.receiver is not None for one in (await bot.get_star_transactions()).transactions].count(True) == 1
    assert (await bot.get_my_star_balance()).amount == 100


async def test_what_the_bot_ended_the_person_cannot_take_up_again(sandbox: Sandbox, hook: Hook):
    bot, user_id, charge_id = await subscribed(sandbox, hook)
    path = f"/users/{user_id}/star-subscriptions"
    own = {"telegram_payment_charge_id": charge_id}
    assert await sandbox.control("POST", path, **own, is_canceled=True) == {"state": "canceled"}
    assert await sandbox.control("POST", path, **own, is_canceled=False) == {"state": "active"}
    assert await bot.edit_user_star_subscription(user_id, charge_id, is_canceled=True)
    await until(lambda: [one["state"] for one in hook.of_kind("subscription")] == ["canceled", "active", "canceled"])
    assert "error" in await sandbox.control("POST", path, **own, is_canceled=False, status=409)
    with pytest.raises(TelegramBadRequest, match="CHARGE_ID_INVALID"):
        await bot.edit_user_star_subscription(user_id, "another", is_canceled=True)
    await sandbox.control("POST", "/clock", advance_seconds=2_592_001)
    assert len(payments_of(hook)) == 1


async def test_who_has_too_few_stars_is_not_even_asked_about(sandbox: Sandbox, hook: Hook):
    bot, user_id = await sandbox.bot(), await sandbox.user()
    await sandbox.write(user_id, bot)
    await bot.set_webhook(hook.url, drop_pending_updates=True)
    await sandbox.control("PUT", f"/users/{user_id}/stars", stars=99)
    link = await bot.create_invoice_link(**INVOICE, prices=PRICE)
    body = {"bot_id": bot.id, "invoice_link": link}
    assert await sandbox.control("POST", f"/users/{user_id}/pre-checkout", **body) == {"outcome": "short"}
    assert not hook.of_kind("pre_checkout_query")
