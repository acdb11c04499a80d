"""The one trial that a person has with a tenant: kept by an open order, used by a paid one, given back by neither."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, column, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from lumenpay.db.session import TenantSession
from lumenpay.models.payments import Payment
from lumenpay.models.plans import Plan, TrialUse
from lumenpay.models.users import User
from lumenpay.plans.errors import PlanRefusedError
from lumenpay.plans.sale_rules import PlanRefusal


async def find_trial(session: TenantSession, telegram_id: int, *, is_marked_only: bool = False) -> TrialUse | None:
    """Return the trial that a person keeps or has used, or of somebody who was forgotten the one that they had.

    Args:
        is_marked_only: Look for the one of before they were forgotten, and for no other.
    """
    # A used one counts before one that is kept.
    marks = select(func.mark_person(telegram_id).table_valued(column("mark", BigInteger())).c.mark)
    mine = TrialUse.telegram_id.in_(marks)
    query = select(TrialUse).where(
        TrialUse.tenant_id == session.tenant_id,
        mine if is_marked_only else or_(mine, TrialUse.telegram_id == telegram_id),
    )
    found = query.order_by(TrialUse.used_at.nulls_last()).limit(1).execution_options(populate_existing=True)
    return (await session.execute(found)).scalar_one_or_none()


async def keep_trial(session: TenantSession, payment: Payment, *, telegram_id: int, now: datetime) -> None:
    """Keep a person's trial for an order, in place of an earlier order for the same plan.

    Raises:
        PlanRefusedError: The person has used it, or another order keeps it.
    """
    insertion = insert(TrialUse).values(
        tenant_id=session.tenant_id, telegram_id=telegram_id, plan_id=payment.plan_id, payment_id=payment.id,
        created_at=now,
    )  # fmt: skip
    if await find_trial(session, telegram_id, is_marked_only=True) is not None:
        raise PlanRefusedError(PlanRefusal.TRIAL_USED)
    kept = await session.execute(
        insertion.on_conflict_do_update(
            index_elements=[TrialUse.tenant_id, TrialUse.telegram_id],
            set_={"payment_id": insertion.excluded.payment_id},
            where=TrialUse.used_at.is_(None) & (TrialUse.plan_id == insertion.excluded.plan_id),
        ).returning(TrialUse.payment_id)
    )
    if kept.scalar_one_or_none() is None:
        raise PlanRefusedError(PlanRefusal.TRIAL_USED)


async def use_trial(session: TenantSession, payment: Payment, plan: Plan, *, now: datetime) -> None:
    """Make a granted order's trial used up; money that came after it was given back uses it too. Safe to repeat."""
    if not plan.is_trial:
        await _use_kept(session, payment.id, now=now)
        return
    telegram_id = select(User.telegram_id).where(User.tenant_id == session.tenant_id, User.id == payment.user_id)
    insertion = insert(TrialUse).values(
        tenant_id=session.tenant_id, telegram_id=telegram_id.scalar_subquery(), plan_id=plan.id,
        payment_id=payment.id, used_at=now, created_at=now,
    )  # fmt: skip
    await session.execute(
        insertion.on_conflict_do_update(
            index_elements=[TrialUse.tenant_id, TrialUse.telegram_id],
            set_={"payment_id": payment.id, "plan_id": plan.id, "used_at": now},
            where=TrialUse.used_at.is_(None),
        )
    )


async def _use_kept(session: TenantSession, payment_id: UUID, *, now: datetime) -> None:
    # The plan was a trial when it was ordered.
    await session.execute(
        update(TrialUse)
        .where(
            TrialUse.tenant_id == session.tenant_id, TrialUse.payment_id == payment_id, TrialUse.used_at.is_(None)
        )
        .values(used_at=now)
        .execution_options(synchronize_session=False)
    )  # fmt: skip


async def give_trial_back(session: TenantSession, payment_id: UUID) -> None:
    """Let go of the trial that an unpaid order kept. Safe to repeat."""
    await session.execute(
        delete(TrialUse)
        .where(
            TrialUse.tenant_id == session.tenant_id, TrialUse.payment_id == payment_id, TrialUse.used_at.is_(None)
        )
        .execution_options(synchronize_session=False)
    )  # fmt: skip
