"""Builds tenants, bots, channels, plans and subscribers; a test sets only what it is about.

Every row is committed through the application's role, inside its own tenant.
"""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass
from typing import Any

from lumenpay.bots import secrets as bot_secrets
from lumenpay.db.session import Database
from lumenpay.kit.crypto import KeyRing, Secret
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.base import Base
from lumenpay.models.bots import Bot, BotStatus, ShopStatus
from lumenpay.models.channels import Channel, ChannelKind, ChannelStatus, EntryMode
from lumenpay.models.ids import BotId, ChannelId, PlanId, TenantId, UserId
from lumenpay.models.plans import PeriodUnit, Plan, PlanChannel
from lumenpay.models.tenants import Tenant
from lumenpay.models.users import User
from tests.support.clock import MovableClock

_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class MadeBot:
    """A connected bot, with what only Telegram and its owner know."""

    tenant_id: TenantId
    id: BotId
    telegram_id: int
    token: str
    webhook_key: str
    webhook_secret: str
    notice_key: str


class Factory:
    """Writes rows of the cast."""

    def __init__(self, database: Database, ring: KeyRing, clock: MovableClock) -> None:
        self._database, self._ring, self._clock = database, ring, clock

    async def tenant(self, **values: Any) -> TenantId:
        """Make a tenant."""
        tenant_id = TenantId(new_uuid7())
        row = Tenant(id=tenant_id, created_at=self._clock.now(), **{"name": f"Tenant {next(_numbers)}", **values})
        await self._add(tenant_id, row)
        return tenant_id

    async def bot(
        self, tenant_id: TenantId | None = None, *, token: str | None = None, shop: tuple[str, str] | None = None,
        **values: Any,
    ) -> MadeBot:  # fmt: skip
        """Make a connected bot, in a tenant of its own unless told; `shop` is (shop id, secret key)."""
        owner = tenant_id or await self.tenant()
        number = next(_numbers)
        token = token or f"{1_000_000 + number}:{'A' * 30}{number:05d}"
        telegram_id = int(token.partition(":")[0])
        given = {
            "username": f"shop_{telegram_id}_bot", "name": "Shop", "telegram_id": telegram_id,
            "status": BotStatus.ACTIVE, "shop_status": ShopStatus.ACTIVE if shop else ShopStatus.NOT_CONNECTED,
            **values,
        }  # fmt: skip
        row = Bot(tenant_id=owner, id=new_uuid7(), created_at=self._clock.now(), **given)
        bot_secrets.seal_token(self._ring, row, Secret(token))
        bot_secrets.renew_webhook(self._ring, row)
        notice_key = ""
        if shop:
            bot_secrets.seal_shop(self._ring, row, shop_id=shop[0], secret_key=Secret(shop[1]))
            notice_key = bot_secrets.open_shop(self._ring, row).notice_key.reveal()
        webhook = bot_secrets.open_webhook(self._ring, row)
        await self._add(owner, row)
        return MadeBot(
            owner, BotId(row.id), telegram_id, token, webhook.key.reveal(), webhook.secret.reveal(), notice_key
        )

    async def channel(self, bot: MadeBot, **values: Any) -> ChannelId:
        """Make a channel in which the bot has the rights it needs."""
        given = {
            "chat_id": -1_001_000_000_000 - next(_numbers), "kind": ChannelKind.CHANNEL, "title": "Club",
            "status": ChannelStatus.ACTIVE, "can_invite_users": True, "can_restrict_members": True,
            "entry_mode": EntryMode.JOIN_REQUEST, **values,
        }  # fmt: skip
        row = Channel(tenant_id=bot.tenant_id, id=new_uuid7(), bot_id=bot.id, created_at=self._clock.now(), **given)
        await self._add(bot.tenant_id, row)
        return ChannelId(row.id)

    async def plan(self, bot: MadeBot, *channels: ChannelId, **values: Any) -> PlanId:
        """Make a plan on sale, a month for 500 roubles, that opens these channels."""
        given = {
            "title": "Month", "price_minor": 50_000, "currency": "RUB", "period_unit": PeriodUnit.MONTH,
            "period_count": 1, **values,
        }  # fmt: skip
        plan = Plan(tenant_id=bot.tenant_id, id=new_uuid7(), bot_id=bot.id, created_at=self._clock.now(), **given)
        await self._add(bot.tenant_id, plan)
        links = [PlanChannel(tenant_id=bot.tenant_id, plan_id=plan.id, channel_id=channel) for channel in channels]
        await self._add(bot.tenant_id, *links)
        return PlanId(plan.id)

    async def user(self, bot: MadeBot, **values: Any) -> UserId:
        """Make a subscriber of a bot."""
        now = self._clock.now()
        given = {"telegram_id": 5_000_000 + next(_numbers), "first_name": "Ann", "met_at": now, **values}
        row = User(tenant_id=bot.tenant_id, id=new_uuid7(), bot_id=bot.id, created_at=now, last_seen_at=now, **given)
        await self._add(bot.tenant_id, row)
        return UserId(row.id)

    async def _add(self, tenant_id: TenantId, *rows: Base) -> None:
        async with self._database.tenant(tenant_id) as session:
            session.add_all(rows)


def message_update(update_id: int, *, chat_id: int = 77, text: str = "/start", **fields: Any) -> bytes:
    """Return a raw private message as Telegram sends it; `fields` join the update itself."""
    person = {"id": chat_id, "is_bot": False, "first_name": "Ann", "language_code": "ru"}
    chat = {"id": chat_id, "type": "private", "first_name": "Ann"}
    message = {"message_id": update_id, "date": 1_790_000_000, "chat": chat, "from": person, "text": text}
    return json.dumps({"update_id": update_id, "message": message, **fields}).encode()


def join_request_update(update_id: int, *, chat_id: int = -1001, person_id: int = 77) -> bytes:
    """Return a raw join request, which belongs to the fast lane."""
    person = {"id": person_id, "is_bot": False, "first_name": "Ann"}
    chat = {"id": chat_id, "type": "channel", "title": "Club"}
    request = {"chat": chat, "from": person, "user_chat_id": person_id, "date": 1_790_000_000}
    return json.dumps({"update_id": update_id, "chat_join_request": request}).encode()
