"""Many subscribers at once, written straight into the books: inside by Telegram's word and by ours."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert

from lumenpay.kit.ids import new_uuid7
from lumenpay.models.access import ActualPlace, Membership, WantedPlace
from lumenpay.models.subscriptions import Subscription
from lumenpay.models.users import User
from sandbox.telegram.state.members import Member
from tests.support.stall import Stall

_PAGE = 1_000


async def admit(stall: Stall, count: int, *, ends_at: datetime) -> None:
    """Let so many people in whose access ends at one instant."""
    for first in range(0, count, _PAGE):
        await _admit_page(stall, min(_PAGE, count - first), ends_at=ends_at)


async def _admit_page(stall: Stall, count: int, *, ends_at: datetime) -> None:
    world, now = stall.market.world, stall.market.now()
    common = {"tenant_id": stall.tenant_id, "created_at": now}
    people = [(new_uuid7(), world.add_user(first_name="Anna").id) for _ in range(count)]
    for _, telegram_id in people:
        world.channels[stall.chat_id].members[telegram_id] = Member(telegram_id, "member")
    users = [
        {**common, "id": user_id, "bot_id": stall.bot_id, "telegram_id": telegram_id, "last_seen_at": now}
        for user_id, telegram_id in people
    ]
    subscribed = [
        {**common, "id": new_uuid7(), "bot_id": stall.bot_id, "user_id": user_id, "plan_id": stall.plan_id,
         "starts_at": now, "ends_at": ends_at, "access_ends_at": ends_at}
        for user_id, _ in people
    ]  # fmt: skip
    memberships = [
        {**common, "id": new_uuid7(), "user_id": user_id, "channel_id": stall.channel_id, "telegram_id": telegram_id,
         "wanted": WantedPlace.INSIDE, "actual": ActualPlace.INSIDE}
        for user_id, telegram_id in people
    ]  # fmt: skip
    async with stall.market.tenant(stall.tenant_id) as session:
        for model, rows in ((User, users), (Subscription, subscribed), (Membership, memberships)):
            await session.execute(insert(model), rows)
