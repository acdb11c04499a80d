"""People who left a stall a long time ago, its rule to forget them, and the ticks that carry it out."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from lumenpay.models.access import EntryLink
from lumenpay.models.audit import AuditEvent
from lumenpay.models.erasures import Erasure
from lumenpay.models.tenants import Role
from lumenpay.models.users import User
from tenants_worker.tasks import erasures
from tests.support.asgi import Answer
from tests.support.desk import Desk
from tests.support.market import Market
from tests.support.stall import Stall

DAYS_GONE = 400


async def former(stall: Stall, **names: Any) -> User:
    """Somebody who bought, came in, and was taken out when it was over."""
    user = await stall.buyer(**names)
    await stall.bought(user)
    links = await stall.market.rows(stall.tenant_id, EntryLink, EntryLink.user_id == user.id)
    await stall.join(user, links[0].url)
    assert await stall.is_inside(user.telegram_id)
    await stall.market.skip(days=31)
    await stall.sweep()
    assert not await stall.is_inside(user.telegram_id)
    return user


async def set_rule(desk: Desk, months: int | None, *, role: Role = Role.OWNER) -> Answer:
    return await desk.ask("PUT", "/forgetting-rule", role=role, json={"months": months})


async def switch_on(desk: Desk, months: int = 12) -> dict[str, Any]:
    answer = await set_rule(desk, months)
    assert answer.status == 200, answer.body
    return dict(answer.json())


async def count_gone(desk: Desk, months: int = 12) -> int:
    shown = await desk.get("/forgetting-rule/people", months=str(months))
    assert shown["is_exact"]
    return int(shown["people"])


async def look(market: Market) -> None:
    """A minute later the workers have looked for people who are gone, and have forgotten whom they can."""
    await market.skip(minutes=1)
    await erasures.find_gone(market.worker, market.now())
    await market.work()
    await erasures.forget_due(market.worker, market.now())


async def forgotten(market: Market, stall: Stall) -> set[Any]:
    return {row.user_id for row in await market.rows(stall.tenant_id, Erasure, Erasure.erased_at.is_not(None))}


async def actions(market: Market, stall: Stall, action: str) -> list[AuditEvent]:
    async with market.tenant(stall.tenant_id) as session:
        query = select(AuditEvent).where(AuditEvent.tenant_id == stall.tenant_id, AuditEvent.action == action)
        return list((await session.execute(query.order_by(AuditEvent.id))).scalars())
