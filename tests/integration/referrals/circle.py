"""People who invite one another to a stall, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from lumenpay.audit.service import SYSTEM
from lumenpay.models.bots import Bot
from lumenpay.models.referrals import Referral
from lumenpay.models.subscriptions import Subscription
from lumenpay.models.users import User
from lumenpay.referrals.rules import ReferralTerms, write_payload
from lumenpay.referrals.settings import set_settings
from tests.support.chat import Phone, open_phone
from tests.support.market import Market
from tests.support.stall import Stall


@dataclass
class Circle:
    market: Market
    stall: Stall

    async def set(self, **terms: Any) -> None:
        async with self.market.tenant(self.stall.tenant_id) as session:
            await set_settings(
                session, self.stall.bot_id, terms=ReferralTerms(is_on=terms.pop("is_on", True), **terms), actor=SYSTEM,
                now=self.market.now(),
            )  # fmt: skip

    async def started(self, *, first_name: str = "Анна", by: User | None = None) -> tuple[Phone, User]:
        """Somebody who starts the bot, by another person's link where one is named."""
        phone = await open_phone(self.stall, first_name=first_name)
        await phone.write("/start" if by is None else f"/start {write_payload(by.id)}")
        return phone, await phone.user()

    async def invited(self, inviter: User, *, first_name: str = "Борис") -> User:
        return (await self.started(first_name=first_name, by=inviter))[1]

    async def referral(self, invited: User) -> Referral | None:
        found = await self.market.rows(self.stall.tenant_id, Referral, Referral.invited_id == invited.id)
        return found[0] if found else None

    async def subscription(self, user: User) -> Subscription:
        [found] = await self.market.rows(self.stall.tenant_id, Subscription, Subscription.user_id == user.id)
        return found

    async def fresh(self, user: User) -> User:
        return await self.market.get(self.stall.tenant_id, User, UUID(str(user.id)))


async def take_real_money(stall: Stall) -> None:
    """Have the stall's shop be no test one: test payments bring no reward."""
    stall.market.gateway.store.shops[stall.shop["shop_id"]].test = False
    await stall.change(Bot, stall.bot_id, shop_is_test=False)
