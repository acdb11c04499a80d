"""Troubles that no walk through the portal can bring about within a minute: a braked sweep, a payment without an order.

`python -m tests.e2e.troubles TENANT` writes them as the application's role into the database that LUMENPAY_DATABASE_URL
names.
"""

from __future__ import annotations

import asyncio
import os
import sys
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from lumenpay.access.sweep_rules import BRAKE_PEOPLE
from lumenpay.db.session import Database, TenantSession
from lumenpay.kit.ids import new_uuid7
from lumenpay.models import Bot, Channel, Membership, User
from lumenpay.models.ids import TenantId
from lumenpay.models.reconciliations import Reconciliation, ReconciliationFinding
from lumenpay.models.sweeps import MembershipSweep, SweptMember

PEOPLE = BRAKE_PEOPLE + 2


async def brake(session: TenantSession, bot: Bot, now: datetime) -> None:
    """Have a sweep find people who once paid, and stop before it removes so many."""
    tenant_id, channel = session.tenant_id, (await session.execute(select(Channel))).scalars().first()
    assert channel is not None
    sweep = MembershipSweep(
        tenant_id=tenant_id, id=new_uuid7(), channel_id=channel.id, status="braked", looked_count=PEOPLE,
        inside_count=PEOPLE, to_remove_count=PEOPLE, created_at=now, finished_at=now,
    )  # fmt: skip
    session.add(sweep)
    for number in range(PEOPLE):
        user = User(
            tenant_id=tenant_id, id=new_uuid7(), bot_id=bot.id, telegram_id=6_900_000_000 + number,
            first_name=f"Гость {number + 1}", created_at=now, last_seen_at=now,
        )  # fmt: skip
        session.add(user)
        await session.flush()
        member = Membership(
            tenant_id=tenant_id, id=new_uuid7(), channel_id=channel.id, telegram_id=user.telegram_id, user_id=user.id,
            wanted="inside", actual="inside", created_at=now,
        )  # fmt: skip
        session.add(member)
        await session.flush()
        session.add(SweptMember(tenant_id=tenant_id, sweep_id=sweep.id, membership_id=member.id))


async def differ(session: TenantSession, bot: Bot, now: datetime) -> None:
    """Have an earlier reconciliation find a payment of the gateway that no order of ours asked for."""
    run = Reconciliation(
        tenant_id=session.tenant_id, id=new_uuid7(), bot_id=bot.id, shop_id=bot.shop_id or "", status="done",
        stage="ours", from_at=now - timedelta(days=30), until_at=now, listed_count=1, open_count=1, created_at=now,
        finished_at=now,
    )  # fmt: skip
    session.add(run)
    await session.flush()
    theirs = {"status": "succeeded", "amount_minor": 49_900, "currency": "RUB", "is_test": True}
    session.add(
        ReconciliationFinding(
            tenant_id=session.tenant_id, id=new_uuid7(), bot_id=bot.id, reconciliation_id=run.id,
            kind="unknown_payment", state="open", subject=str(new_uuid7()), found_at=now, seen_at=now,
            details={"reason": "", "ours": None, "gateway": theirs},
        )
    )  # fmt: skip


async def main() -> None:
    """Write both into a tenant."""
    database = Database(os.environ["LUMENPAY_DATABASE_URL"])
    now = datetime.now(UTC) - timedelta(hours=1)  # noqa: TID251 - the stage lives today
    async with database.tenant(TenantId(UUID(sys.argv[1]))) as session:
        bot = (await session.execute(select(Bot))).scalar_one()
        await brake(session, bot, now)
        await differ(session, bot, now)
    await database.close()


if __name__ == "__main__":
    asyncio.run(main())
