"""Buying a gift in the chat, as its giver does, and reading what came of it."""

from __future__ import annotations

from dataclasses import dataclass

from lumenpay.gifts.service import GIFT_PREFIX
from lumenpay.models.gifts import Gift
from lumenpay.models.payments import Payment
from tests.support.chat import Phone, buttons_of
from tests.support.stall import SUCCESS_CARD, Stall


@dataclass
class Giving:
    stall: Stall
    giver: Phone

    async def order(self) -> str:
        """Press until the payment link is there; return the gateway's id of the payment."""
        await self.giver.write("/buy")
        await self.giver.press("Club")
        await self.giver.press("Подарить")
        await self.giver.press("Оплатить")
        await self.stall.market.work()
        page = str(buttons_of((await self.giver.messages())[-1])[0]["url"])
        return page.rstrip("/").rpartition("/")[2]

    async def buy(self) -> str:
        """A gift that is paid; return the payload of its link."""
        payment_id = await self.order()
        await self.stall.market.yookassa("POST", f"/payments/{payment_id}/pay", card=SUCCESS_CARD)
        await self.stall.poll()
        return await self.payload()

    async def payload(self) -> str:
        """What the newest link in the giver's chat hands to /start."""
        urls = [
            str(b["url"]) for m in await self.giver.messages() for b in buttons_of(m) if "start=" in b.get("url", "")
        ]
        payload = urls[-1].partition("start=")[2]
        assert payload.startswith(GIFT_PREFIX)
        return payload

    async def gift(self) -> Gift:
        [gift] = await self.stall.market.rows(self.stall.tenant_id, Gift)
        assert isinstance(gift, Gift)
        return gift

    async def order_of(self, gift: Gift) -> Payment:
        return await self.stall.payment(gift.payment_id)


async def take(phone: Phone, payload: str) -> str:
    """Open the link and press the button; return what is on the screen then."""
    await phone.write(f"/start {payload}")
    await phone.press("Забрать подарок")
    return await phone.screen()
