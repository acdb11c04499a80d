"""Access that the tenant gives without money: an order that costs nothing, granted on the way of every order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from lumenpay.audit.service import Actor, record
from lumenpay.billing.limits import require_giving
from lumenpay.db.session import TenantSession
from lumenpay.errors import IdempotenceKeyReusedError
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.ids import BotId, PlanId, UserId
from lumenpay.models.pauses import PausedBy
from lumenpay.models.payments import DeliveryState, Payment, PaymentStatus
from lumenpay.models.plans import PeriodUnit, Plan
from lumenpay.models.subscriptions import Subscription
from lumenpay.models.users import User
from lumenpay.payments.terms import IMPORT, MANUAL
from lumenpay.plans.errors import PlanNotFoundError
from lumenpay.plans.repository import get_plan
from lumenpay.subscriptions.errors import GivenTimeInvalidError, SubscriptionHasNoEndError
from lumenpay.subscriptions.pausing import resume_locked
from lumenpay.subscriptions.repository import find_of_plan, get_subscription
from lumenpay.subscriptions.rules import decide_given_minutes
from lumenpay.subscriptions.settlement import settle_free_order
from lumenpay.users.repository import get_user, lock_user
from lumenpay.users.service import require_present

MAX_DAYS = 3660


@dataclass(frozen=True, slots=True)
class GivenTime:
    """How much is given: so many days, or until a moment; neither means the plan's own period."""

    days: int | None = None
    until_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Gift:
    user: User
    plan: Plan
    unit: PeriodUnit
    count: int
    key: str
    fixed_end_at: datetime | None = None
    provider: str = MANUAL


async def grant_by_hand(
    session: TenantSession, *, user_id: UUID, plan_id: UUID, given: GivenTime, key: str, actor: Actor, now: datetime
) -> Subscription:
    """Give a person access to a plan; what is left of it is added to. Safe to repeat with the same `key`.

    Raises:
        UserNotFoundError: Unknown to this tenant.
        UserForgottenError: They asked to be forgotten.
        PlanNotFoundError: Unknown to this tenant, or another bot's.
        SubscriptionHasNoEndError: The person has it for ever.
        GivenTimeInvalidError: The moment is not after the present end, or too far away.
        IdempotenceKeyReusedError: The key was used for another person or plan.
        TenantSuspendedError: The person has no access, and nobody new gets any now.
        LimitReachedError: The person has no access, and the tenant has as many subscribers as it may.
    """
    user = require_present(await get_user(session, user_id))
    plan = await get_plan(session, plan_id)
    if plan.bot_id != user.bot_id:
        raise PlanNotFoundError
    await lock_user(session, user.id)
    present = await find_of_plan(session, user_id=user.id, plan_id=plan.id)
    if await _was_given(session, user, plan.id, key=key) and present is not None:
        return present
    await require_giving(session, user_id=UserId(user.id), now=now)
    if present is not None:
        # Access that is given is access now: a paused one runs again.
        await session.refresh(present, with_for_update=True)
        await resume_locked(session, present, by=PausedBy.TEAM, actor=actor, now=now)
    last_end = present.ends_at if present is not None else now
    if last_end is None:
        raise SubscriptionHasNoEndError
    unit, count, fixed_end_at = PeriodUnit(plan.period_unit), plan.period_count, None
    if given.days is not None:
        unit, count = PeriodUnit.DAY, given.days
    elif given.until_at is not None:
        unit, count = PeriodUnit.MINUTE, decide_given_minutes(max(last_end, now), until_at=given.until_at)
    elif plan.fixed_end_at is not None:
        fixed_end_at = plan.fixed_end_at
        unit, count = PeriodUnit.MINUTE, decide_given_minutes(max(last_end, now), until_at=fixed_end_at)
    if count <= 0 or (unit is PeriodUnit.MINUTE and count > MAX_DAYS * 1440):
        raise GivenTimeInvalidError(fields={"until_at": "not_after_present_end" if count <= 0 else "out_of_range"})
    return await _give(
        session, _Gift(user, plan, unit, count, key, fixed_end_at), "subscription.granted", actor=actor, now=now
    )


async def extend_by_hand(
    session: TenantSession, *, subscription_id: UUID, days: int, key: str, actor: Actor, now: datetime
) -> Subscription:
    """Add days to a subscription, from now on where it has ended. Safe to repeat with the same `key`.

    To a paused one they are added behind the rest, and wait with it.

    Raises:
        TenantSuspendedError: The person has no access any more, and nobody new gets any now.
        LimitReachedError: The person has no access any more, and the tenant has as many subscribers as it may.
        SubscriptionNotFoundError, UserForgottenError, SubscriptionHasNoEndError, IdempotenceKeyReusedError: As
            `add_days` raises them.
    """
    subscription = await get_subscription(session, subscription_id)
    await lock_user(session, subscription.user_id)
    await require_giving(session, user_id=UserId(subscription.user_id), now=now)
    return await add_days(session, subscription_id=subscription_id, days=days, key=key, actor=actor, now=now)


async def add_days(
    session: TenantSession, *, subscription_id: UUID, days: int, key: str, actor: Actor, now: datetime
) -> Subscription:
    """Add days that were promised to a person or earned, as `extend_by_hand` does, whatever the limits are.

    Raises:
        SubscriptionNotFoundError: Unknown to this tenant.
        UserForgottenError: Its person asked to be forgotten.
        SubscriptionHasNoEndError: It is for a lifetime.
        IdempotenceKeyReusedError: The key was used for another person or plan.
    """
    subscription = await get_subscription(session, subscription_id)
    user = require_present(await get_user(session, subscription.user_id))
    await lock_user(session, user.id)
    if await _was_given(session, user, subscription.plan_id, key=key):
        return subscription
    if subscription.ends_at is None:
        raise SubscriptionHasNoEndError
    plan = await get_plan(session, subscription.plan_id)
    gift = _Gift(user, plan, PeriodUnit.DAY, days, key)
    return await _give(session, gift, "subscription.extended", actor=actor, now=now)


async def give_imported(
    session: TenantSession, *, user: User, plan_id: UUID, until_at: datetime, key: str, actor: Actor, now: datetime
) -> Payment:
    """Give a person, who is locked, access to a plan until the moment that a list names. Safe to repeat with `key`.

    `until_at` lies after now and after the present end. Handing it over is left to the caller, and so is looking
    whether there is room for somebody new.

    Raises:
        PlanNotFoundError: Unknown to this tenant.
        IdempotenceKeyReusedError: The key was used for another person or plan.
    """
    plan = await get_plan(session, plan_id)
    given = await _find_given(session, user, plan.id, key=key, provider=IMPORT)
    if given is not None:
        return given
    present = await find_of_plan(session, user_id=user.id, plan_id=plan.id)
    last_end = present.ends_at if present is not None and present.ends_at is not None else now
    minutes = decide_given_minutes(max(last_end, now), until_at=until_at)
    gift = _Gift(user, plan, PeriodUnit.MINUTE, minutes, key, fixed_end_at=until_at, provider=IMPORT)
    await _give(session, gift, "subscription.imported", actor=actor, now=now)
    order = await _find_given(session, user, plan.id, key=key, provider=IMPORT)
    assert order is not None  # noqa: S101 - just stored
    return order


async def get_given(session: TenantSession, *, key: str) -> Payment:
    """Return the order that was given by hand with a key; it exists."""
    query = select(Payment).where(
        Payment.tenant_id == session.tenant_id, Payment.idempotence_key == _key(MANUAL, key)
    )  # fmt: skip
    return (await session.execute(query)).scalar_one()


async def _was_given(session: TenantSession, user: User, plan_id: UUID, *, key: str) -> bool:
    return await _find_given(session, user, plan_id, key=key, provider=MANUAL) is not None


async def _find_given(session: TenantSession, user: User, plan_id: UUID, *, key: str, provider: str) -> Payment | None:
    of_key = Payment.idempotence_key == _key(provider, key)
    query = select(Payment).where(Payment.tenant_id == session.tenant_id, of_key)
    found = (await session.execute(query)).scalar_one_or_none()
    if found is None:
        return None
    if (found.user_id, found.plan_id) != (user.id, plan_id):
        raise IdempotenceKeyReusedError(fields={"idempotence_key": "reused"})
    return found


async def _give(session: TenantSession, gift: _Gift, action: str, *, actor: Actor, now: datetime) -> Subscription:
    payment = Payment(
        tenant_id=session.tenant_id, id=new_uuid7(), bot_id=BotId(gift.user.bot_id), user_id=UserId(gift.user.id),
        plan_id=PlanId(gift.plan.id), provider=gift.provider, status=PaymentStatus.CREATED,
        delivery_state=DeliveryState.NOT_PAID, amount_minor=0, list_price_minor=0, currency=gift.plan.currency,
        period_unit=gift.unit, period_count=gift.count, fixed_end_at=gift.fixed_end_at,
        description=gift.plan.title[:128], idempotence_key=_key(gift.provider, gift.key), created_at=now,
        # It does not stand in the way of an order that the person has open.
        superseded_at=now,
    )  # fmt: skip
    session.add(payment)
    await session.flush()
    await settle_free_order(session, payment_id=payment.id, now=now)
    payment.superseded_at = None
    subscription = await find_of_plan(session, user_id=gift.user.id, plan_id=gift.plan.id)
    assert subscription is not None  # noqa: S101 - settling has made it
    details = {
        "user_id": str(gift.user.id), "payment_id": str(payment.id), "period_unit": gift.unit.value,
        "period_count": gift.count, "ends_at": subscription.ends_at.isoformat() if subscription.ends_at else None,
    }  # fmt: skip
    record(session, actor=actor, action=action, subject_id=subscription.id, now=now, details=details)
    await session.flush()
    return subscription


def _key(provider: str, key: str) -> str:
    return f"{provider}-{key}"
