"""Whatever narrows the list of subscribers narrows an audience, and the count says how many are written down."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from lumenpay.broadcasts.audience import count_audience
from lumenpay.broadcasts.slices import begin_slice
from lumenpay.db.narrowing import Span
from lumenpay.models.broadcasts import BroadcastCategory
from lumenpay.models.subscriptions import SubscriptionStatus
from lumenpay.models.users import User, UserTag
from lumenpay.users.narrowing import Movement, MovementKind, UserFilters, UserState
from tests.support.mailing import Mailing
from tests.support.market import Market
from tests.support.stall import Stall


async def test_the_count_says_how_many_are_written_down_whatever_narrows_the_list(
    market: Market, stall: Stall, mailing: Mailing
) -> None:
    payer = await stall.buyer(first_name="Payer")
    await stall.bought(payer)
    await stall.came_in(payer.telegram_id)
    (tagged, *_) = await mailing.readers(4, source="vk")
    async with market.tenant(stall.tenant_id) as session:
        session.add(UserTag(tenant_id=stall.tenant_id, user_id=tagged.id, tag="vip", created_at=market.now()))
    await stall.change(User, tagged.id, is_whitelisted=True, locale="en")
    now = market.now()
    ever = (now - timedelta(days=2), now + timedelta(days=2))
    cases: list[tuple[dict[str, Any], int]] = [
        ({}, 5),
        ({"plan_id": stall.plan_id}, 1),
        ({"plan_id": stall.plan_id, "subscription_status": SubscriptionStatus.EXPIRED}, 0),
        ({"channel_id": stall.channel_id}, 1),
        ({"is_inside": True}, 1),
        ({"is_inside": False}, 4),
        ({"state": UserState.ACTIVE}, 1),
        ({"state": UserState.NEVER}, 4),
        ({"state": UserState.EXPIRED}, 0),
        ({"expiring_within_days": 60}, 1),
        ({"expiring_within_days": 1}, 0),
        ({"tag": "vip"}, 1),
        ({"source": "vk"}, 4),
        ({"locale": "en"}, 1),
        ({"is_whitelisted": True}, 1),
        ({"search": "reader"}, 4),
        ({"created": Span(now + timedelta(days=1))}, 0),
        ({"movement": Movement(MovementKind.BEGAN, *ever, is_test=True)}, 1),
        ({"source": "vk", "state": UserState.NEVER, "search": "reader", "locale": "ru"}, 3),
    ]
    for narrowed, expected in cases:
        filters = UserFilters(bot_id=stall.bot_id, **narrowed)
        broadcast_id = await mailing.started(filters=filters)
        async with market.tenant(stall.tenant_id) as session:
            found = await count_audience(session, filters, BroadcastCategory.NEWS, now=market.now())
            await begin_slice(session, broadcast_id, now=market.now())
        assert (found.reached, (await mailing.seen(broadcast_id)).total_count) == (expected, expected), narrowed
