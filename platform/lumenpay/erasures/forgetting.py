"""A tenant's rule to forget people who are long gone: set by its owner, and carried out a few people at a time.

Whoever it names is handed over to the same erasure that a person asks for: the same journal, the same rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import func, select

from lumenpay.audit.service import SYSTEM, Actor, record
from lumenpay.db.session import TenantSession
from lumenpay.erasures import gone, letters
from lumenpay.erasures.rules import EVERY, WAIT, decide_horizon, decide_starts_at
from lumenpay.erasures.service import request_erasure
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.erasures import ForgettingRule, GoneMonths
from lumenpay.models.tenants import Tenant, TenantStatus
from lumenpay.tenants.repository import get_own_tenant
from lumenpay.users.repository import get_user

LOOKED_AT: Final = 5_000
"""People of a tenant that one step looks at."""
HANDED_OVER: Final = 20
"""And hands over at most: fewer than are forgotten meanwhile, so that who asks for it never waits behind them."""


@dataclass(frozen=True, slots=True)
class Gone:
    """How many people would be forgotten now; not exact once there are 10,000."""

    people: int
    is_exact: bool


async def find_rule(session: TenantSession) -> ForgettingRule | None:
    """Return the rule of the session's tenant, which has none until its owner sets it."""
    query = select(ForgettingRule).where(ForgettingRule.tenant_id == session.tenant_id)
    return (await session.execute(query)).scalar_one_or_none()


async def count_people(session: TenantSession, *, months: GoneMonths, now: datetime) -> Gone:
    """Return how many people would be forgotten if nobody stirred."""
    return Gone(*await gone.count_gone(session, horizon=decide_horizon(now, months=months), now=now))


async def set_rule(session: TenantSession, *, months: GoneMonths | None, actor: Actor, now: datetime) -> ForgettingRule:
    """Have people forgotten who are gone for so many months, a week from now at the earliest; or nobody by itself.

    More months go on at once: they leave people out and add none. Safe to repeat.

    Args:
        months: Without any, nobody is from now on.
    """
    # The tenant is locked, for a rule that is not there yet cannot be.
    tenant = await get_own_tenant(session, is_locked=True)
    rule = await _lock_rule(session)
    if rule is None:
        rule = ForgettingRule(tenant_id=session.tenant_id, id=new_uuid7(), months=None, changed_at=now)
        session.add(rule)
    if rule.months == months:
        await session.flush()
        return rule
    # A process whose clock is behind must not take the week away that there is to think better of it.
    moment = max(now, (await session.execute(select(func.clock_timestamp()))).scalar_one())
    starts_at = decide_starts_at(moment, months=months, months_before=rule.months, starts_before_at=rule.starts_at)
    is_new = starts_at != rule.starts_at
    rule.months, rule.starts_at, rule.next_step_at, rule.changed_at = months, starts_at, starts_at, now
    rule.looked_user_id = None
    details = {"months": months, "starts_at": None if starts_at is None else starts_at.isoformat()}
    record(session, actor=actor, action="tenant.forgetting_changed", subject_id=tenant.id, now=now, details=details)
    if is_new:
        rule.began_at = None
        if starts_at is not None:
            await letters.tell_set(session, tenant, months=months or 0, starts_at=starts_at, now=now)
    await session.flush()
    return rule


async def take_share(session: TenantSession, *, rule_id: UUID, now: datetime) -> Sequence[UUID]:
    """Return the next people who are gone, and note how far the look is; nobody while another process has it in hand.

    Safe to repeat: whoever is lost on the way is found on the next day.
    """
    rule = await _lock_rule(session, skips_locked=True)
    if rule is None or rule.id != rule_id or rule.next_step_at is None or rule.next_step_at > now:
        return []
    assert rule.months is not None  # noqa: S101 - the table's own constraint
    tenant = await get_own_tenant(session)
    if not _can_think_better(tenant):
        if rule.began_at is None:
            rule.starts_at = now + WAIT
        rule.next_step_at = now + (WAIT if rule.began_at is None else EVERY)
        return []
    if rule.began_at is None:
        rule.began_at = now
        await letters.tell_begun(session, tenant, months=rule.months, now=now)
    after, horizon = rule.looked_user_id, decide_horizon(now, months=rule.months)
    people = await gone.list_next_people(session, after=after, limit=LOOKED_AT)
    found: Sequence[UUID] = []
    if people:
        found = await gone.list_gone(
            session, after=after, until=people[-1], horizon=horizon, now=now, limit=HANDED_OVER
        )  # fmt: skip
    if len(found) == HANDED_OVER:
        rule.looked_user_id = found[-1]
    elif len(people) == LOOKED_AT:
        rule.looked_user_id = people[-1]
    else:
        rule.looked_user_id, rule.next_step_at = None, now + EVERY
    await session.flush()
    return found


async def forget_if_gone(session: TenantSession, *, user_id: UUID, now: datetime) -> bool:
    """Hand a person over to be forgotten, unless they stirred meanwhile or the rule did; tell whether it was done."""
    rule = await _lock_rule(session, is_shared=True)
    if rule is None or rule.months is None or rule.began_at is None:
        return False
    if not _can_think_better(await get_own_tenant(session)):
        return False
    user = await get_user(session, user_id, is_locked=True)
    if not await gone.is_gone(session, user.id, horizon=decide_horizon(now, months=rule.months), now=now):
        return False
    await request_erasure(session, user_id=user.id, ends_access=False, actor=SYSTEM, now=now)
    return True


def _can_think_better(tenant: Tenant) -> bool:
    # Whoever cannot change the rule is not bound by it.
    return tenant.status == TenantStatus.ACTIVE and tenant.removal_at is None


async def _lock_rule(
    session: TenantSession, *, skips_locked: bool = False, is_shared: bool = False
) -> ForgettingRule | None:
    query = select(ForgettingRule).where(ForgettingRule.tenant_id == session.tenant_id)
    locked = query.with_for_update(skip_locked=skips_locked, read=is_shared)
    return (await session.execute(locked.execution_options(populate_existing=True))).scalar_one_or_none()
