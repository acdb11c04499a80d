"""The series that an owner sets: its steps and the hours in which people are written to; off until switched on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from lumenpay.audit.service import Actor, record
from lumenpay.db.session import TenantSession
from lumenpay.db.versions import require_version, version_of_facts
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.promo_codes import DiscountKind
from lumenpay.models.tenants import Tenant
from lumenpay.models.win_backs import WinBackSeries, WinBackStep
from lumenpay.plans.repository import get_plan
from lumenpay.win_backs.errors import WinBackInvalidError
from lumenpay.win_backs.rules import Hours, Step, find_problems


@dataclass(frozen=True, slots=True)
class Series:
    """What stands now."""

    is_on: bool = False
    hours: Hours = field(default_factory=Hours)
    steps: tuple[Step, ...] = ()

    @property
    def version(self) -> str:
        """Differs whenever the series does."""
        steps = [
            [step.after_days, step.discount_kind.value, step.discount_value, step.valid_days, *step.plan_ids]
            for step in self.steps
        ]
        return version_of_facts(self.is_on, self.hours.from_hour, self.hours.until_hour, steps)


async def load_series(session: TenantSession) -> Series:
    """Return the tenant's series; one that was never set is off and has no steps."""
    row = await session.scalar(
        select(WinBackSeries)
        .where(WinBackSeries.tenant_id == session.tenant_id)
        .execution_options(populate_existing=True)
    )
    if row is None:
        return Series()
    found = await session.execute(
        select(WinBackStep)
        .where(WinBackStep.tenant_id == session.tenant_id)
        .order_by(WinBackStep.number)
        .execution_options(populate_existing=True)
    )
    steps = tuple(
        Step(
            step.after_days, DiscountKind(step.discount_kind), step.discount_value, step.valid_days,
            tuple(step.plan_ids),
        )
        for step in found.scalars()
    )  # fmt: skip
    return Series(row.is_on, Hours(row.from_hour, row.until_hour), steps)


async def set_series(
    session: TenantSession, *, is_on: bool, hours: Hours, steps: Sequence[Step], version: str | None, actor: Actor,
    now: datetime,
) -> Series:  # fmt: skip
    """Set the series from now on. Offers that were made stay good; people in the series go on with the new steps.

    Only subscriptions that end while it is on begin it: nobody hears of an old end all at once.

    Raises:
        WinBackInvalidError: The steps make no series.
        PlanNotFoundError: A plan is unknown to this tenant.
        ChangedMeanwhileError: The series has another version by now.
    """
    problems = find_problems(steps, hours, is_on=is_on)
    if problems:
        raise WinBackInvalidError(fields=problems)
    for plan_id in {plan_id for step in steps for plan_id in step.plan_ids}:
        await get_plan(session, plan_id)
    # Two owners at once come one after the other, also the first time, when there is no row to lock.
    await session.execute(select(Tenant.id).where(Tenant.id == session.tenant_id).with_for_update(key_share=True))
    require_version((await load_series(session)).version, version)
    values = {"is_on": is_on, "from_hour": hours.from_hour, "until_hour": hours.until_hour, "changed_at": now}
    await session.execute(
        insert(WinBackSeries)
        .values(tenant_id=session.tenant_id, id=new_uuid7(), **values)
        .on_conflict_do_update(index_elements=["tenant_id"], set_=values)
    )
    await session.execute(delete(WinBackStep).where(WinBackStep.tenant_id == session.tenant_id))
    session.add_all(
        WinBackStep(
            tenant_id=session.tenant_id, number=number, after_days=step.after_days, discount_kind=step.discount_kind,
            discount_value=step.discount_value, valid_days=step.valid_days, plan_ids=list(step.plan_ids),
        )
        for number, step in enumerate(steps, 1)
    )  # fmt: skip
    details = {"is_on": is_on, "steps": [f"{s.after_days}d {s.discount_value} {s.discount_kind.value}" for s in steps]}
    record(session, actor=actor, action="win_back.changed", subject_id=session.tenant_id, now=now, details=details)
    await session.flush()
    return Series(is_on, hours, tuple(steps))
