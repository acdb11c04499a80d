"""Shops of several tenants, and people who press pay, pay, and follow the link that they are sent."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from operations.story.chat import Phone, find_button
from operations.story.doors import Addresses, Doors, StoryBrokenError, wait_for
from operations.story.play import (
    GOOD_CARD,
    Story,
    connect_bot,
    connect_channel,
    connect_shop,
    sign_up,
)

PLAN = "Клуб на месяц"
_PATIENCE_SECONDS = 8.0
_TRIES = 20


@dataclass
class Crowd:
    """Buyers of all shops, and how far they are."""

    shops: list[Story]
    doors: Doors
    paid: int = 0
    insiders: list[tuple[int, int]] = field(default_factory=list)
    """Channel and person."""

    async def buy(self, number: int, *, seconds: float) -> None:
        """One new person buys and gets in. Who hears nothing presses again; after paying, nobody has to."""
        shop = self.shops[number % len(self.shops)]
        person = await self.doors.telegram("POST", "/users", {"first_name": "Анна", "language_code": "ru"})
        phone = Phone(self.doors, person["id"], shop.telegram_bot["id"])
        gateway_id = await _ask_for_link(phone)
        await self.doors.yookassa("POST", f"/payments/{gateway_id}/pay", {"card": GOOD_CARD})
        self.paid += 1
        receipt = await phone.read("✅", seconds=seconds)
        await phone.join(str(find_button(receipt, "Войти")["url"]))

        async def look() -> bool:
            channel = await self.doors.telegram("GET", f"/channels/{shop.chat_id}")
            return any(one["user_id"] == phone.user_id and one["status"] == "member" for one in channel["members"])

        await wait_for(f"person {phone.user_id} to be inside", look, seconds=seconds)
        self.insiders.append((shop.chat_id, phone.user_id))


async def open_shops(stack: AsyncExitStack, addresses: Addresses, *, count: int) -> list[Story]:
    """Open shops through the public API, each of a tenant of its own, with a plan of a month."""
    shops = []
    for _ in range(count):
        shop = Story(await stack.enter_async_context(Doors(addresses)))
        for step in (sign_up, connect_bot, connect_shop, connect_channel):
            await step(shop)
        plan = {
            "bot_id": shop.bot["id"], "title": PLAN, "price_minor": 49_900, "period_unit": "month", "period_count": 1,
            "channel_ids": [shop.channel["id"]],
        }  # fmt: skip
        await shop.doors.product("POST", shop.path("/plans"), plan)
        shops.append(shop)
    return shops


async def _ask_for_link(phone: Phone) -> str:
    for _ in range(_TRIES):
        try:
            last = max((item["message_id"] for item in await phone.messages()), default=0)
            await phone.write("/buy")
            plans = await phone.read("Выберите тариф", after=last, seconds=_PATIENCE_SECONDS)
            await phone.press(plans, PLAN)
            card = await phone.read("Цена", seconds=_PATIENCE_SECONDS)
            await phone.press(card, "Оплатить")
            link = await phone.read("К оплате", seconds=_PATIENCE_SECONDS)
            return str(find_button(link, "Оплатить")["url"]).rstrip("/").rpartition("/")[2].partition("?")[0]
        except StoryBrokenError:
            await asyncio.sleep(0.5)
    raise StoryBrokenError(f"person {phone.user_id} never got a payment link")
