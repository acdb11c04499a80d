"""Many subscribers of one stall for whom something else than the end is due at one instant, written into the books."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert, update

from lumenpay.kit.ids import new_uuid7
from lumenpay.models.autopays import Autopay
from lumenpay.models.gifts import Gift
from lumenpay.models.pauses import PausedBy, SubscriptionPause
from lumenpay.models.payments import DeliveryState, Payment, PaymentStatus
from lumenpay.models.subscriptions import Subscription, SubscriptionStatus
from lumenpay.models.win_backs import WinBack
from tests.support.crowds import admit
from tests.support.renewing import renewing
from tests.support.stall import Stall

WEEK = timedelta(days=7)
Row = dict[str, Any]


async def _subscribed(stall: Stall, count: int, *, ends_at: datetime) -> list[Subscription]:
    await admit(stall, count, ends_at=ends_at)
    return await stall.market.rows(stall.tenant_id, Subscription, Subscription.ends_at == ends_at)


async def _insert(stall: Stall, model: Any, rows: Sequence[Row]) -> None:
    async with stall.market.tenant(stall.tenant_id) as session:
        await session.execute(insert(model), [{"tenant_id": stall.tenant_id, **row} for row in rows])


async def _set(stall: Stall, ids: Sequence[UUID], **values: Any) -> None:
    async with stall.market.tenant(stall.tenant_id) as session:
        mine = (Subscription.tenant_id == stall.tenant_id, Subscription.id.in_(ids))
        await session.execute(update(Subscription).where(*mine).values(**values))


async def remind(stall: Stall, count: int, *, at: datetime) -> None:
    """So many are to be reminded of their end."""
    people = await _subscribed(stall, count, ends_at=at + WEEK)
    await _set(stall, [person.id for person in people], next_reminder_at=at)


async def notice(stall: Stall, count: int, *, at: datetime) -> None:
    """So many are to be told of the next charge."""
    await _renew(stall, count, at=at)


async def charge(stall: Stall, count: int, *, at: datetime) -> None:
    """So many were told of the next charge, which is due."""
    await _renew(stall, count, at=at, noticed_end_at=at + WEEK, noticed_at=at - WEEK)


async def _renew(stall: Stall, count: int, *, at: datetime, **noticed: datetime) -> None:
    await renewing(stall)
    [model] = await stall.market.rows(stall.tenant_id, Autopay)
    people = await _subscribed(stall, count, ends_at=at + WEEK)
    common = {
        name: getattr(model, name)
        for name in ("bot_id", "consent_payment_id", "method_ref", "method_title", "shop_id", "is_test", "created_at")
    }
    await _insert(
        stall, Autopay,
        [
            {**common, **noticed, "subscription_id": person.id, "user_id": person.user_id, "next_step_at": at}
            for person in people
        ],
    )  # fmt: skip


async def pause(stall: Stall, count: int, *, at: datetime) -> None:
    """So many are to be told that their pause ends soon."""
    people = await _subscribed(stall, count, ends_at=at + WEEK + WEEK)
    until_at = at + WEEK
    await _set(
        stall, [person.id for person in people], status=SubscriptionStatus.PAUSED, paused_until_at=until_at,
        access_ends_at=at - WEEK,
    )  # fmt: skip
    common = {"started_by": PausedBy.SUBSCRIBER, "started_at": at - WEEK, "until_at": until_at, "next_step_at": at}
    await _insert(
        stall, SubscriptionPause, [{**common, "id": new_uuid7(), "subscription_id": person.id} for person in people]
    )


async def win_back(stall: Stall, count: int, *, at: datetime) -> None:
    """So many ended, and are to be offered something."""
    people = await _subscribed(stall, count, ends_at=at - WEEK)
    await _set(stall, [person.id for person in people], status=SubscriptionStatus.EXPIRED, expired_at=at - WEEK)
    common = {"bot_id": stall.bot_id, "plan_id": stall.plan_id, "ended_at": at - WEEK, "next_step_at": at}
    await _insert(
        stall, WinBack,
        [
            {**common, "id": new_uuid7(), "subscription_id": person.id, "user_id": person.user_id}
            for person in people
        ],
    )  # fmt: skip


async def ask(stall: Stall, count: int, *, at: datetime) -> None:
    """So many have an order open that the gateway is to be asked about."""
    await _order(stall, count, at=at, status=PaymentStatus.PENDING, next_check_at=at)


async def give(stall: Stall, count: int, *, at: datetime) -> None:
    """So many are to be reminded of a gift that nobody took."""
    orders = await _order(
        stall, count, at=at, status=PaymentStatus.SUCCEEDED, delivery_state=DeliveryState.LINK_SENT, is_gift=True
    )
    common = {
        "bot_id": stall.bot_id, "plan_id": stall.plan_id, "expires_at": at + WEEK, "next_step_at": at,
        "created_at": at - WEEK,
    }  # fmt: skip
    await _insert(
        stall, Gift,
        [{**common, "id": new_uuid7(), "payment_id": row["id"], "giver_id": row["user_id"]} for row in orders],
    )  # fmt: skip


async def _order(stall: Stall, count: int, *, at: datetime, **values: Any) -> list[Row]:
    people = await _subscribed(stall, count, ends_at=at + WEEK)
    common = {
        "bot_id": stall.bot_id, "plan_id": stall.plan_id, "provider": "yookassa", "shop_id": stall.shop["shop_id"],
        "amount_minor": 99_000, "list_price_minor": 99_000, "currency": "RUB", "period_unit": "day",
        "period_count": 30, "description": "Club", "created_at": at - WEEK,
    }  # fmt: skip
    rows = [
        {**common, **values, "id": (order_id := new_uuid7()), "user_id": person.user_id,
         "idempotence_key": str(order_id)}
        for person in people
    ]  # fmt: skip
    await _insert(stall, Payment, rows)
    return rows
