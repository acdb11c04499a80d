"""Use cases of the platform's bill. Stripe is asked by the doors, outside transactions; what it says is stored here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from lumenpay.audit.service import SYSTEM, Actor, record
from lumenpay.billing.errors import AlreadySubscribedError, NeverBilledError
from lumenpay.billing.repository import (
    ensure_subscription,
    find_plan_of_price,
    find_subscription,
    get_sold_plan,
    list_owners,
)
from lumenpay.billing.rules import (
    LIVE,
    LOOK_EVERY,
    Seen,
    Standing,
    count_notices,
    decide_next_look,
    decide_standing,
    lets_sell,
)
from lumenpay.db.session import TenantSession
from lumenpay.db.versions import require_version, version_of_facts
from lumenpay.jobs.catalogue import CheckBilling, ResumeBroadcasts, SendBillingLetter
from lumenpay.jobs.outbox import enqueue
from lumenpay.models.billing import PlatformPlan, PlatformSubscription
from lumenpay.tenants.repository import get_own_tenant

CHECK_KEY: Final = "stripe"
"""One question a tenant waits at a time; the function that stores events uses the same word."""
PAGE_LASTS: Final = timedelta(minutes=5)
"""After so long Stripe is asked what became of a page that was opened, should its event be lost."""
NOTICES: Final = ("platform_past_due", "platform_past_due_again", "platform_sales_paused")
"""What a debt is told with, in the order of `NOTICES_AFTER`; each is a letter."""
RESUMED: Final = "platform_sales_resumed"


async def begin_checkout(
    session: TenantSession, *, plan_code: str, now: datetime
) -> tuple[PlatformSubscription, PlatformPlan]:  # fmt: skip
    """Return the tenant's row and the plan, if the tenant may subscribe to it now.

    Raises:
        PlatformPlanNotFoundError: The plan is not sold.
        AlreadySubscribedError: There is a subscription that is not over.
    """
    plan = await get_sold_plan(session, plan_code)
    row = await ensure_subscription(session, now=now)
    if row.stripe_status in LIVE - {"incomplete"}:
        raise AlreadySubscribedError
    return row, plan


async def store_customer(session: TenantSession, customer_id: str, *, actor: Actor, now: datetime) -> str:
    """Keep which customer at Stripe stands for the tenant, and return it; the first one stays."""
    row = await ensure_subscription(session, now=now)
    if row.stripe_customer_id is None:
        row.stripe_customer_id = customer_id
        record(session, actor=actor, action="billing.begun", subject_id=row.id, now=now)
    # Events of this customer that came before this moment led nowhere.
    row.next_look_at = now + PAGE_LASTS
    await session.flush()
    return row.stripe_customer_id


async def open_customer(session: TenantSession, *, actor: Actor, now: datetime) -> str:
    """Return the tenant's customer at Stripe, and keep who goes there: what is done there is on Stripe's record only.

    Raises:
        NeverBilledError: There is none.
    """
    row = await find_subscription(session)
    if row is None or row.stripe_customer_id is None:
        raise NeverBilledError
    record(session, actor=actor, action="billing.portal_opened", subject_id=row.id, now=now)
    return row.stripe_customer_id


async def look_again(session: TenantSession, _row_id: UUID, *, is_billed: bool, now: datetime) -> None:
    """Have Stripe asked about the tenant; where nobody is billed any more, let it sell again."""
    row = await find_subscription(session, is_locked=True)
    if row is None or row.next_look_at > now:
        return
    row.next_look_at = now + LOOK_EVERY
    if not is_billed:
        await _pause_sales(session, row, is_paused=False, now=now)
    elif row.stripe_customer_id is not None:
        await enqueue(session, CheckBilling(), now=now, dedupe_key=CHECK_KEY)
    await session.flush()


async def store_seen(
    session: TenantSession, seen: Seen | None, *, unpaid_since_at: datetime | None, asked_at: datetime, now: datetime
) -> None:
    """Make true here what Stripe says, with what follows from it: notices, paused sales, or all back.

    Safe to repeat and in any order: an answer to an older question changes nothing.

    Args:
        unpaid_since_at: When the oldest unpaid invoice was made, where Stripe names one.
        asked_at: When the question was asked.
    """
    row = await find_subscription(session, is_locked=True)
    if row is None or (row.asked_at is not None and asked_at < row.asked_at):
        return
    row.asked_at = asked_at
    await _copy(session, row, seen, now=now)
    is_owing = decide_standing(row.stripe_status, unpaid_since_at=None, now=now) is Standing.PAST_DUE
    row.unpaid_since_at = (unpaid_since_at or row.unpaid_since_at or now) if is_owing else None
    standing = decide_standing(row.stripe_status, unpaid_since_at=row.unpaid_since_at, now=now)
    due = count_notices(standing, unpaid_since_at=row.unpaid_since_at, now=now)
    if due > row.notices_count:
        # Notices that were missed while Stripe was away are not told one after the other.
        await _tell_owners(session, NOTICES[due - 1], now=now)
    row.notices_count = due
    is_changed = await _pause_sales(session, row, is_paused=not lets_sell(standing), now=now)
    if is_changed and standing is Standing.ACTIVE:
        await _tell_owners(session, RESUMED, now=now)
    row.next_look_at = decide_next_look(standing, unpaid_since_at=row.unpaid_since_at, now=now)
    await session.flush()


async def _copy(session: TenantSession, row: PlatformSubscription, seen: Seen | None, *, now: datetime) -> None:
    plan = await find_plan_of_price(session, seen.price_id if seen is not None else None)
    before = (row.stripe_status, row.plan_code)
    row.stripe_subscription_id = seen.id if seen is not None else None
    row.stripe_status = seen.status if seen is not None else None
    row.plan_code = plan.code if plan is not None else None
    row.period_ends_at = seen.period_ends_at if seen is not None else None
    row.trial_ends_at = seen.trial_ends_at if seen is not None else None
    row.cancels_at = seen.cancels_at if seen is not None else None
    if before != (row.stripe_status, row.plan_code):
        details = {"status": row.stripe_status, "plan": row.plan_code}
        record(session, actor=SYSTEM, action="billing.changed", subject_id=row.id, now=now, details=details)


async def _pause_sales(session: TenantSession, row: PlatformSubscription, *, is_paused: bool, now: datetime) -> bool:
    tenant = await get_own_tenant(session, is_locked=True)
    if is_paused == (tenant.sales_paused_at is not None):
        return False
    tenant.sales_paused_at = now if is_paused else None
    action = "billing.sales_paused" if is_paused else "billing.sales_resumed"
    record(session, actor=SYSTEM, action=action, subject_id=row.id, now=now)
    if not is_paused:
        await enqueue(session, ResumeBroadcasts(), now=now)
    return True


async def _tell_owners(session: TenantSession, notice: str, *, now: datetime) -> None:
    for owner in await list_owners(session):
        job = SendBillingLetter(admin_id=owner.id, notice=notice)
        await enqueue(session, job, now=now, dedupe_key=f"{owner.id}:{notice}")


async def is_still_so(session: TenantSession, notice: str) -> bool:
    """Tell whether a notice that waits to be sent is still true."""
    tenant, row = await get_own_tenant(session), await find_subscription(session)
    is_paused, is_owing = tenant.sales_paused_at is not None, row is not None and row.unpaid_since_at is not None
    truths: Mapping[str, bool] = {NOTICES[2]: is_paused, RESUMED: not is_paused}
    return truths.get(notice, is_owing)


def version_of_limits_by_hand(limits: Mapping[str, int | None]) -> str:
    """Return the version of the limits that a tenant has of its own."""
    return version_of_facts(dict(limits))


async def set_limits_by_hand(
    session: TenantSession, limits: Mapping[str, int | None], *, version: str | None = None, actor: Actor,
    now: datetime,
) -> PlatformSubscription:  # fmt: skip
    """Give the tenant limits of its own instead of those of its plan; what is not named is the plan's.

    Args:
        version: Of the limits that were read; without one, whatever is stored is replaced.

    Raises:
        ChangedMeanwhileError: The limits have another version by now.
    """
    row = await ensure_subscription(session, now=now)
    require_version(version_of_limits_by_hand(row.limits_by_hand), version)
    row.limits_by_hand = dict(limits)
    details = {"limits": dict(limits)}
    record(session, actor=actor, action="billing.limits_set", subject_id=row.id, now=now, details=details)
    await session.flush()
    return row
