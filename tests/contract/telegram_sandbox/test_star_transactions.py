"""getStarTransactions: in the order of time, with the charge's own id, shaped as the specification says."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import LabeledPrice, TransactionPartnerUser

from tests.contract.telegram_sandbox.actors import Hook, Sandbox, until
from tests.contract.telegram_sandbox.test_results import complaints

PERIOD = 2_592_000


async def charged(sandbox: Sandbox, hook: Hook, bot: Bot, user_id: int, *, payload: str, stars: int, period: int = 0):
    """A person paid an invoice; return the charge's id."""
    link = await bot.create_invoice_link(
        title="Month", description="Access", payload=payload, currency="XTR",
        prices=[LabeledPrice(label="Month", amount=stars)], subscription_period=period or None,
    )  # fmt: skip
    asked = len(hook.of_kind("pre_checkout_query"))
    path = f"/users/{user_id}/pre-checkout"
    paying = asyncio.ensure_future(sandbox.control("POST", path, bot_id=bot.id, invoice_link=link))
    await until(lambda: len(hook.of_kind("pre_checkout_query")) > asked)
    await bot.answer_pre_checkout_query(hook.of_kind("pre_checkout_query")[-1]["id"], ok=True)
    return (await paying)["telegram_payment_charge_id"]


@pytest.fixture
async def payer(sandbox: Sandbox, hook: Hook) -> tuple[Bot, int]:
    bot, user_id = await sandbox.bot(), await sandbox.user()
    await sandbox.write(user_id, bot)
    await bot.set_webhook(hook.url, drop_pending_updates=True)
    return bot, user_id


async def listed(sandbox: Sandbox, bot: Bot, **parameters: Any) -> list[dict[str, Any]]:
    status, answer = await sandbox.call(bot.token, "getStarTransactions", **parameters)
    assert status == 200, answer
    assert complaints("StarTransactions", answer["result"]) == []
    return list(answer["result"]["transactions"])


async def test_each_charge_and_each_return_is_listed_in_the_order_of_time_with_the_charges_id(
    sandbox: Sandbox, hook: Hook, payer: tuple[Bot, int]
):
    bot, user_id = payer
    assert await listed(sandbox, bot) == []
    first = await charged(sandbox, hook, bot, user_id, payload="order-1", stars=100)
    await sandbox.control("POST", "/clock", advance_seconds=60)
    second = await charged(sandbox, hook, bot, user_id, payload="order-2", stars=70)
    await bot.refund_star_payment(user_id, first)
    third = await charged(sandbox, hook, bot, user_id, payload="order-3", stars=30)
    found = await listed(sandbox, bot)
    assert [one["id"] for one in found] == [first, second, first, third]
    assert [one["amount"] for one in found] == [100, 70, 100, 30]
    assert [("source" in one, "receiver" in one) for one in found] == [(True, False)] * 2 + [
        (False, True), (True, False)
    ]  # fmt: skip
    assert [one["date"] for one in found] == sorted(one["date"] for one in found)
    assert found[1]["date"] - found[0]["date"] >= 60
    partner = found[2]["receiver"]
    assert (partner["type"], partner["transaction_type"]) == ("user", "invoice_payment")
    assert (partner["invoice_payload"], partner["user"]["id"]) == ("order-1", user_id)
    assert not any("subscription_period" in (one.get("source") or one["receiver"]) for one in found)


async def test_charges_of_a_subscription_tell_its_period_each_by_an_id_of_its_own(
    sandbox: Sandbox, hook: Hook, payer: tuple[Bot, int]
):
    bot, user_id = payer
    begun = await charged(sandbox, hook, bot, user_id, payload="order-1", stars=100, period=PERIOD)
    await sandbox.control("POST", "/clock", advance_seconds=PERIOD + 1)
    await until(lambda: len([one for one in hook.of_kind("message") if "successful_payment" in one]) == 2)
    told = [one["successful_payment"] for one in hook.of_kind("message") if "successful_payment" in one]
    # As aiogram's own types read it.
    found = (await bot.get_star_transactions()).transactions
    assert [one.id for one in found] == [one["telegram_payment_charge_id"] for one in told]
    assert (found[0].id, len({one.id for one in found})) == (begun, 2)
    for one in found:
        assert isinstance(one.source, TransactionPartnerUser)
        assert (one.source.subscription_period, one.source.invoice_payload) == (PERIOD, "order-1")


async def test_a_page_leaves_out_and_ends_as_asked_and_shows_no_other_bots_stars(
    sandbox: Sandbox, hook: Hook, payer: tuple[Bot, int]
):
    bot, user_id = payer
    ids = [await charged(sandbox, hook, bot, user_id, payload=f"order-{n}", stars=n) for n in (1, 2, 3)]
    assert [one["id"] for one in await listed(sandbox, bot, limit=2)] == ids[:2]
    assert [one["id"] for one in await listed(sandbox, bot, offset=1, limit=1)] == ids[1:2]
    assert await listed(sandbox, bot, offset=3) == []
    other = await sandbox.bot("beta_bot")
    assert await listed(sandbox, other) == []
    for wrong in ({"limit": 0}, {"limit": 101}, {"offset": -1}):
        with pytest.raises(TelegramBadRequest):
            await bot.get_star_transactions(**wrong)


async def test_what_was_read_by_an_offset_stays_there(sandbox: Sandbox, hook: Hook, payer: tuple[Bot, int]):
    bot, user_id = payer
    first = await charged(sandbox, hook, bot, user_id, payload="order-1", stars=1)
    second = await charged(sandbox, hook, bot, user_id, payload="order-2", stars=2)
    before = await listed(sandbox, bot)
    # Within one second: what goes back comes behind all that was there, not behind its own charge.
    await bot.refund_star_payment(user_id, first)
    assert (await listed(sandbox, bot))[:2] == before
    assert [one["id"] for one in before] == [first, second]
    await sandbox.control("DELETE", f"/users/{user_id}")
    assert [one["id"] for one in await listed(sandbox, bot)] == [first, second, first]
