"""One tenant's stall on the market: a bot with a shop, a channel and a plan; and the buyers who come to it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import text

from lumenpay.access.joining import JoinAnswer, record_join_request, record_request_answered
from lumenpay.access.membership_changes import MemberChange, record_member_change
from lumenpay.access.rules import JoinDecision
from lumenpay.bots.secrets import open_shop, open_token
from lumenpay.jobs.catalogue import CheckNotice
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.bots import Bot, ShopStatus
from lumenpay.models.channels import Channel, ChannelKind, EntryMode
from lumenpay.models.ids import TenantId
from lumenpay.models.payments import Payment
from lumenpay.models.plans import PeriodUnit, Plan, PlanChannel
from lumenpay.models.promo_codes import DiscountKind, PromoCode
from lumenpay.models.users import User
from lumenpay.payments.checkout import start_checkout
from lumenpay.payments.providers.protocol import GatewayPayment
from lumenpay.users.service import Person, ensure_user
from tenants_worker.tasks import autopay, channels, payments, subscriptions
from tests.support.market import Market, seal

SUCCESS_CARD = "5555555555554477"
_numbers = count(1)


@dataclass
class Stall:
    market: Market
    tenant_id: TenantId
    bot_id: UUID
    plan_id: UUID
    channel_id: UUID
    chat_id: int
    owner_id: int
    shop: dict[str, Any]
    telegram_bot_id: int

    async def buyer(self, **names: Any) -> User:
        person = await self.market.telegram("POST", "/users", first_name=names.get("first_name", "Anna"))
        await self.market.telegram(
            "POST", f"/users/{person['id']}/messages", bot_id=self.telegram_bot_id, text="/start"
        )
        async with self.market.tenant(self.tenant_id) as session:
            who = Person(person["id"], person["first_name"], None, None, "ru")
            return await ensure_user(session, bot_id=self.bot_id, person=who, now=self.market.now())

    async def order(
        self, user: User, *, promo_code: str | None = None, plan_id: UUID | None = None, consent: str = ""
    ) -> Payment:
        async with self.market.tenant(self.tenant_id) as session:
            return await start_checkout(
                session, user=user, plan_id=plan_id or self.plan_id, promo_code=promo_code, chat_message_id=None,
                consent=consent, now=self.market.now(),
            )  # fmt: skip

    async def ordered(self, user: User, **options: Any) -> Payment:
        """An order that waits for the payer at the gateway."""
        payment = await self.order(user, **options)
        await self.market.work()
        return await self.payment(payment.id)

    async def bought(self, user: User, **options: Any) -> Payment:
        """An order that was paid, noticed by polling and delivered."""
        payment = await self.ordered(user, **options)
        await self.pay(payment)
        await self.poll()
        return await self.payment(payment.id)

    async def payment(self, payment_id: UUID) -> Payment:
        return await self.market.get(self.tenant_id, Payment, payment_id)

    async def pay(self, payment: Payment, **how: Any) -> Any:
        how = how or {"card": SUCCESS_CARD}
        return await self.market.yookassa("POST", f"/payments/{payment.provider_payment_id}/pay", **how)

    async def at_gateway(self, payment: Payment) -> list[dict[str, Any]]:
        found = await self.market.yookassa("GET", f"/payments?metadata.payment_id={payment.id}")
        return list(found["payments"])

    async def observed(self, payment: Payment) -> GatewayPayment:
        async with self.market.tenant(self.tenant_id) as session:
            bot = await session.get_one(Bot, (self.tenant_id, self.bot_id))
        return await self.market.worker.yookassa.get_payment(
            open_shop(self.market.ring, bot), payment.provider_payment_id or ""
        )

    async def poll(self) -> None:
        """Half a minute later the sweepers and the workers have done what is due."""
        await self.market.skip(seconds=30)
        await payments.poll_due(self.market.worker, self.market.now())
        await self.market.work()

    async def sweep(self) -> None:
        await autopay.take_due_steps(self.market.worker, self.market.now())
        await subscriptions.remind_due(self.market.worker, self.market.now())
        await subscriptions.expire_due(self.market.worker, self.market.now())
        await self.market.work()

    async def check_rights(self) -> None:
        """The sweeper and the workers have looked at the rights in channels whose time has come."""
        await channels.check_due(self.market.worker, self.market.now())
        await self.market.work()

    async def notice(self, object_id: str, event: str = "payment.succeeded", **forged: Any) -> UUID:
        """Store a notice as the ingress does."""
        body = {"type": "notification", "event": event, "object": {"id": object_id, **forged}}
        async with self.market.tenant(self.tenant_id) as session:
            await session.execute(
                text("SELECT ingest_notice(:t, :b, :n, :j, :e, :o, :r, :now)"),
                {"t": self.tenant_id, "b": self.bot_id, "n": new_uuid7(), "j": new_uuid7(), "e": event,
                 "o": object_id, "r": orjson.dumps(body), "now": self.market.now()},
            )  # fmt: skip
            found = await session.execute(
                text("SELECT id FROM payment_notices WHERE object_id = :o AND event = :e"), {"o": object_id, "e": event}
            )
            return found.scalar_one()

    async def check(self, notice_id: UUID) -> None:
        await self.market.run(self.tenant_id, CheckNotice(notice_id))

    async def promo(self, code: str, **terms: Any) -> PromoCode:
        values = {"discount_kind": DiscountKind.PERCENT, "discount_value": 50} | terms
        promo = PromoCode(
            tenant_id=self.tenant_id, id=new_uuid7(), bot_id=self.bot_id, code=code, created_at=self.market.now(),
            **values,
        )  # fmt: skip
        async with self.market.tenant(self.tenant_id) as session:
            session.add(promo)
        return promo

    async def join(self, user: User, link: str) -> str:
        """Follow a link, and let the bot hear of what Telegram would tell it."""
        outcome = (await self.market.telegram("POST", f"/users/{user.telegram_id}/join", invite_link=link))["outcome"]
        if outcome == "requested":
            await self.knock(user.telegram_id, link)
        elif outcome == "joined":
            await self.came_in(user.telegram_id, link)
        return str(outcome)

    async def knock(self, telegram_id: int, link: str | None = None, *, is_heard: bool = True) -> JoinAnswer:
        """Have a request answered; unless `is_heard`, Telegram's update about the coming in never arrives."""
        market = self.market
        async with market.tenant(self.tenant_id) as session:
            answer = await record_join_request(
                session, bot_id=self.bot_id, chat_id=self.chat_id, telegram_id=telegram_id, invite_url=link,
                now=market.now(),
            )  # fmt: skip
            bot = await session.get_one(Bot, (self.tenant_id, self.bot_id))
        is_approved = answer.decision is JoinDecision.APPROVE
        telegram = market.worker.telegram
        call = telegram.approve_join_request if is_approved else telegram.decline_join_request
        was_done = await call(open_token(market.ring, bot), chat_id=self.chat_id, telegram_id=telegram_id)
        async with market.tenant(self.tenant_id) as session:
            await record_request_answered(session, answer, was_done=was_done, now=market.now())
        if is_approved and was_done and is_heard:
            await self.came_in(telegram_id, link)
        return answer

    async def came_in(self, telegram_id: int, link: str | None = None, *, was_added: bool = False) -> None:
        await self.moved(telegram_id, was_inside=False, is_inside=True, link=link, was_added=was_added)

    async def moved(
        self, telegram_id: int, *, was_inside: bool, is_inside: bool, link: str | None = None, is_admin: bool = False,
        was_added: bool = False,
    ) -> None:  # fmt: skip
        adder = self.owner_id if was_added else None
        change = MemberChange(self.chat_id, telegram_id, was_inside, is_inside, is_admin, link, adder)
        async with self.market.tenant(self.tenant_id) as session:
            await record_member_change(session, change, bot_id=self.bot_id, now=self.market.now())

    async def left(self, user: User) -> None:
        await self.market.telegram("DELETE", f"/channels/{self.chat_id}/members/{user.telegram_id}")
        await self.moved(user.telegram_id, was_inside=True, is_inside=False)

    async def is_inside(self, telegram_id: int, chat_id: int | None = None) -> bool:
        channel = await self.market.telegram("GET", f"/channels/{chat_id or self.chat_id}")
        return any(member["user_id"] == telegram_id and member["is_inside"] for member in channel["members"])

    async def member_status(self, telegram_id: int) -> str:
        channel = await self.market.telegram("GET", f"/channels/{self.chat_id}")
        return next((m["status"] for m in channel["members"] if m["user_id"] == telegram_id), "left")

    async def texts(self, user: User) -> list[str]:
        """What the bot has written to a person so far."""
        chat = await self.market.telegram("GET", f"/users/{user.telegram_id}/chats/{self.telegram_bot_id}")
        return [message["text"] for message in chat["messages"] if message["from"] == "bot"]

    async def add_channel(self, *, plan_id: UUID | None = None, chat_id: int | None = None, **values: Any) -> Channel:
        market = self.market
        if chat_id is None:
            made = await market.telegram("POST", "/channels", owner_user_id=self.owner_id, title="Club", type="channel")
            chat_id = made["id"]
        await market.telegram("PUT", f"/channels/{chat_id}/admins/{self.telegram_bot_id}")
        channel = Channel(
            tenant_id=self.tenant_id, id=new_uuid7(), bot_id=self.bot_id, chat_id=chat_id, kind=ChannelKind.CHANNEL,
            title="Club", can_invite_users=True, can_restrict_members=True, created_at=market.now(),
            entry_mode=values.get("entry_mode", EntryMode.JOIN_REQUEST),
        )  # fmt: skip
        async with market.tenant(self.tenant_id) as session:
            session.add(channel)
            await session.flush()
            if plan_id is not None:
                session.add(PlanChannel(tenant_id=self.tenant_id, plan_id=plan_id, channel_id=channel.id))
        return channel

    async def add_plan(self, *channel_ids: UUID, **values: Any) -> Plan:
        terms = {"price_minor": 99_000, "period_unit": PeriodUnit.DAY, "period_count": 30, "currency": "RUB"} | values
        plan = Plan(
            tenant_id=self.tenant_id, id=new_uuid7(), bot_id=self.bot_id, title="Club, 30 days",
            created_at=self.market.now(), **terms,
        )  # fmt: skip
        async with self.market.tenant(self.tenant_id) as session:
            session.add(plan)
            await session.flush()
            session.add_all(
                PlanChannel(tenant_id=self.tenant_id, plan_id=plan.id, channel_id=channel_id)
                for channel_id in channel_ids
            )
        return plan

    async def change(self, model: Any, row_id: UUID, **values: Any) -> None:
        async with self.market.tenant(self.tenant_id) as session:
            row = await session.get_one(model, (self.tenant_id, row_id))
            for name, value in values.items():
                setattr(row, name, value)


async def open_stall(
    market: Market, *, entry_mode: EntryMode = EntryMode.JOIN_REQUEST, chat_id: int | None = None,
    tenant: dict[str, Any] | None = None, tenant_id: TenantId | None = None, **plan: Any,
) -> Stall:  # fmt: skip
    """A tenant, a new one unless told, with everything that it takes to sell access to a channel."""
    tenant_id = tenant_id or await market.open_tenant(**(tenant or {}))
    shop = await market.yookassa("POST", "/shops", name="Alpha")
    number = next(_numbers)
    known = await market.telegram("POST", "/bots", name="Alpha", username=f"alpha_{number}_bot")
    owner = await market.telegram("POST", "/users", first_name="Alice")
    bot = Bot(
        tenant_id=tenant_id, id=new_uuid7(), telegram_id=int(known["token"].partition(":")[0]),
        username=known.get("username") or f"alpha_{number}_bot", name="Alpha", shop_status=ShopStatus.ACTIVE,
        shop_is_test=True, created_at=market.now(),
    )  # fmt: skip
    seal(market, bot, token=known["token"], shop=shop)
    async with market.tenant(tenant_id) as session:
        session.add(bot)
    telegram_bot_id = int(known["token"].partition(":")[0])
    stall = Stall(market, tenant_id, bot.id, new_uuid7(), new_uuid7(), 0, owner["id"], shop, telegram_bot_id)
    channel = await stall.add_channel(entry_mode=entry_mode, chat_id=chat_id)
    stall.channel_id, stall.chat_id = channel.id, channel.chat_id
    stall.plan_id = (await stall.add_plan(channel.id, **plan)).id
    return stall
