"""One subscriber, one stall and one clock: what people do in a story, and how time passes in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tenants_worker.tasks import bots
from tenants_worker.tasks.ticks import TICKS, Tick
from tests.support.chat import Phone, buttons_of, open_phone
from tests.support.market import Market
from tests.support.stall import SUCCESS_CARD, Stall, open_stall

# The people of these stories have no webhook: they hand over what Telegram keeps for the bot.
ALL_SWEEPERS = [tick for tick in TICKS if tick.name != bots.CHECK_ALL]
# Whether the books are in order is asked at the end: it takes as long as all the others together.
SWEEPERS = [tick for tick in ALL_SWEEPERS if tick.name != "console.check_invariants"]
CHOSEN = [
    "sendMessage buyer Выберите тариф:", "editMessageText buyer <b>Club, 30 days</b> Что",
]  # fmt: skip
ORDERED = ["editMessageText buyer Готовлю ссылку на оплату", "editMessageText buyer К оплате <b>990 ₽</b> за"]
PURCHASE = [*CHOSEN, *ORDERED]
RECEIPT = ["editMessageText buyer Оплачено ✓ «Club, 30 day", "sendMessage buyer ✅ Готово! «Club, 30 days"]
RENEWED = "sendMessage buyer ✅ Готово! «Club, 30 days"
REMINDER = "sendMessage buyer ⏳ Подписка «Club, 30 day"
NOTICE = "sendMessage buyer 🔄 Подписка «Club, 30 day"
ENDED = "sendMessage buyer Подписка «Club, 30 days»"
TAKEN_OUT = "unbanChatMember buyer"
LINK_MADE = "createChatInviteLink the channel"
LET_IN = "approveChatJoinRequest buyer"
OUT = [ENDED, TAKEN_OUT]


@dataclass
class Story:
    """The buyer, the stranger, and whoever keeps the clock."""

    market: Market
    stall: Stall
    buyer: Phone
    stranger_id: int = 0
    entry_url: str = field(default="")

    async def buy(self) -> None:
        """Buy the plan in the chat, once, with a card."""
        await self.buyer.write("/buy")
        await self.buyer.press("Club")
        await self.buyer.press("Оплатить")
        payment_id = await self.pay()
        # By the notice or by polling, whichever comes first, and then by the other one as well.
        notice_id = await self.stall.notice(payment_id)
        await self.stall.check(notice_id)
        await self.stall.poll()
        await self.stall.check(notice_id)
        await self.market.work()

    async def agree(self) -> None:
        """Buy the plan in the chat and agree that it renews by itself."""
        await self.buyer.write("/buy")
        await self.buyer.press("Club")
        assert "вы соглашаетесь" in await self.buyer.screen()
        await self.buyer.press("с автопродлением")
        await self.pay()
        await self.stall.poll()
        await self.market.work()

    async def pay(self) -> str:
        """Follow the link to pay that the chat shows, and pay; return the gateway's id of the payment."""
        await self.market.work()
        page = str(buttons_of((await self.buyer.messages())[-1])[0]["url"])
        payment_id = page.rstrip("/").rpartition("/")[2]
        await self.market.yookassa("POST", f"/payments/{payment_id}/pay", card=SUCCESS_CARD)
        return payment_id

    async def enter(self) -> None:
        """Follow the newest link into the channel."""
        links = [one for message in await self.buyer.messages() for one in buttons_of(message) if "url" in one]
        self.entry_url = str(links[-1]["url"])
        await self.knock(self.buyer.id)

    async def knock(self, user_id: int) -> None:
        """Have somebody follow the buyer's link."""
        await self.market.telegram("POST", f"/users/{user_id}/join", invite_link=self.entry_url)
        await self.buyer.let_bot_work()
        await self.market.work()
        await self.buyer.let_bot_work()

    async def wait(self, **delta: float) -> None:
        """Time passes; then every sweeper runs, and once more, as after a restart."""
        await self.market.skip(**delta)
        await self.work()

    async def work(self, sweepers: list[Tick] = SWEEPERS) -> None:
        """Do everything that is due, twice, and hand the bot what Telegram has for it."""
        for _ in range(2):
            await self.buyer.let_bot_work()
            for sweeper in sweepers:
                await sweeper.run(self.market.worker, self.market.now())
            await self.market.work()
            await self.buyer.let_bot_work()

    async def is_inside(self) -> bool:
        """Return whether the buyer is in the channel."""
        return await self.stall.is_inside(self.buyer.id)


async def open_story(market: Market, **stall: Any) -> Story:
    """Open a stall and give somebody a phone who has heard of it."""
    opened = await open_stall(market, **stall)
    stranger = await market.telegram("POST", "/users", first_name="Mallory")
    return Story(market, opened, await open_phone(opened), stranger_id=stranger["id"])
