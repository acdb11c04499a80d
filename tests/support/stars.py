"""A wallet of Stars: a person pays a bot's invoice while the bot answers Telegram's question."""

from __future__ import annotations

import asyncio
from typing import Any

from lumenpay.models.payments import Payment
from tests.support.chat import Phone, buttons_of

STARS_PRICE = 350


async def open_invoice(phone: Phone, words: str = "звёзд") -> str:
    """Return the link to pay by that the bot shows after a press on a button with these words."""
    await phone.write("/buy")
    await phone.press("Club")
    await phone.press(words)
    await phone.stall.market.work()
    return str(buttons_of((await phone.messages())[-1])[0]["url"])


async def pay_stars(phone: Phone, link: str, *, payer: int | None = None, is_told: bool = True) -> dict[str, Any]:
    """Follow a link; return what came of it. Unless `is_told`, the bot does not hear of the payment yet."""
    market = phone.stall.market
    paying = asyncio.ensure_future(
        market.telegram(
            "POST", f"/users/{payer or phone.id}/pre-checkout", bot_id=phone.bot.telegram_id, invoice_link=link
        )
    )
    while not paying.done():
        for update in await phone.updates():
            if "pre_checkout_query" in update or is_told:
                await phone.feed(update)
    if is_told:
        await phone.let_bot_work()
        await market.work()
    else:
        await phone.updates()
    return dict(await paying)


def charges(phone: Phone) -> list[dict[str, Any]]:
    """Return the updates about payments that the bot was sent so far."""
    return [one for one in phone.seen if "successful_payment" in one.get("message", {})]


async def bought_with_stars(phone: Phone, words: str = "звёзд") -> None:
    """Have a person buy the stall's plan."""
    assert (await pay_stars(phone, await open_invoice(phone, words)))["outcome"] == "paid"


async def orders(phone: Phone) -> list[Payment]:
    """Return the payments of the stall, oldest first."""
    rows = await phone.stall.market.rows(phone.stall.tenant_id, Payment)
    return sorted(rows, key=lambda row: row.created_at)


async def wallet(phone: Phone) -> dict[str, Any]:
    """Return how many Stars somebody has, and what renews by itself."""
    return dict(await phone.stall.market.telegram("GET", f"/users/{phone.id}/stars"))
