"""The last bot, channel, member and broadcast of a plan, asked for by two transactions at one moment (fault D26)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from lumenpay.audit.service import SYSTEM, record
from lumenpay.billing.limits import Limited, count_used, require_broadcasting, require_room
from lumenpay.billing.repository import list_owners
from lumenpay.bots.service import connect_bot
from lumenpay.channels.service import record_bot_rights
from lumenpay.db.session import TenantSession
from lumenpay.kit.crypto import Secret
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.broadcasts import ScheduledBroadcast
from lumenpay.models.tenants import Role
from lumenpay.telegram.facts import BotProfile, ChatFacts, MemberFacts
from lumenpay.tenants.errors import LimitReachedError
from lumenpay.tenants.invitations import invite
from tests.support.lines import until_waiting
from tests.support.market import Market
from tests.support.office import Office
from tests.support.stall import Stall

Ask = Callable[[Stall, TenantSession, int], Awaitable[None]]


async def connect(stall: Stall, session: TenantSession, number: int) -> None:
    profile = BotProfile(9_000_000 + number, f"bot_{number}", "Bot")
    token = Secret(f"{profile.telegram_id}:secret")
    await connect_bot(
        session, ring=stall.market.ring, token=token, profile=profile, actor=SYSTEM, now=stall.market.now()
    )  # fmt: skip


async def find_channel(stall: Stall, session: TenantSession, number: int) -> None:
    chat, rights = ChatFacts(-9_000 - number, "channel", "News", None), MemberFacts("administrator", *[True] * 4)
    await record_bot_rights(session, bot_id=stall.bot_id, chat=chat, rights=rights, now=stall.market.now())


async def invite_member(stall: Stall, session: TenantSession, number: int) -> None:
    now, owner = stall.market.now(), (await list_owners(session))[0].id
    # As the endpoint does, in one transaction.
    await require_room(session, Limited.MEMBERS, now=now)
    await invite(
        session, email=f"new_{number}@example.com", role=Role.SUPPORT, locale="en", inviter=owner, now=now
    )  # fmt: skip


async def begin_broadcast(stall: Stall, session: TenantSession, _number: int) -> None:
    now = stall.market.now()
    await require_broadcasting(session, now=now)
    session.add(
        ScheduledBroadcast(
            tenant_id=stall.tenant_id, id=new_uuid7(), bot_id=stall.bot_id, title="x", text="x", segment={},
            created_at=now, started_at=now,
        )
    )  # fmt: skip
    await session.flush()


KINDS: dict[Limited, Ask] = {
    Limited.BOTS: connect, Limited.CHANNELS: find_channel, Limited.MEMBERS: invite_member,
    Limited.BROADCASTS: begin_broadcast,
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
async def test_of_two_who_ask_for_the_last_one_at_one_moment_one_gets_it_d26(
    market: Market, office: Office, stall: Stall, kind: Limited
) -> None:
    ask = KINDS[kind]
    await office.own(stall.tenant_id)
    async with market.tenant(stall.tenant_id) as session:
        used = await count_used(session, kind, now=market.now())
    await office.sell_plans(free=used + 1)
    async with market.tenant(stall.tenant_id) as second:
        async with market.tenant(stall.tenant_id) as first:
            for session in (first, second):
                # Whoever has written something holds the tenant's row: nobody in line may wait for that.
                record(session, actor=SYSTEM, action="bot.paused", subject_id=stall.bot_id, now=market.now())
                await session.flush()
            had = asyncio.ensure_future(ask(stall, first, 1))
            await until_waiting(stall, 1, had)
            wanted = asyncio.ensure_future(ask(stall, second, 2))
            await until_waiting(stall, 1, wanted)
            await had
        with pytest.raises(LimitReachedError):
            await wanted
    async with market.tenant(stall.tenant_id) as session:
        assert await count_used(session, kind, now=market.now()) == used + 1
