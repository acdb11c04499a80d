"""SQL of sweeps through the people of a channel."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, delete, func, or_, select
from sqlalchemy.dialects.postgresql import insert

from lumenpay.access.errors import SweepNotFoundError
from lumenpay.access.sweep_rules import LONG_GONE, SHARE_PEOPLE
from lumenpay.db.session import TenantSession
from lumenpay.jobs.catalogue import RemoveMember
from lumenpay.models.access import AccessAction, AccessLog, ActualPlace, Membership, WantedPlace
from lumenpay.models.jobs import Job, JobStatus
from lumenpay.models.plans import PlanChannel
from lumenpay.models.subscriptions import Subscription, SubscriptionStatus
from lumenpay.models.sweeps import MembershipSweep, SweepStatus, SweptMember

_FINISHED = (SweepStatus.DONE, SweepStatus.KEPT)
_PASSAGES = (AccessAction.JOINED, AccessAction.LEFT, AccessAction.REMOVED, AccessAction.REQUEST_APPROVED)


async def get_sweep(session: TenantSession, sweep_id: UUID, *, is_locked: bool = False) -> MembershipSweep:
    """Return a sweep.

    Raises:
        SweepNotFoundError: Unknown to this tenant.
    """
    query = select(MembershipSweep).where(
        MembershipSweep.tenant_id == session.tenant_id, MembershipSweep.id == sweep_id
    )  # fmt: skip
    if is_locked:
        query = query.with_for_update().execution_options(populate_existing=True)
    sweep = (await session.execute(query)).scalar_one_or_none()
    if sweep is None:
        raise SweepNotFoundError
    return sweep


async def find_unfinished(session: TenantSession, channel_id: UUID) -> MembershipSweep | None:
    """Return the sweep of a channel that is not over."""
    query = select(MembershipSweep).where(
        MembershipSweep.tenant_id == session.tenant_id,
        MembershipSweep.channel_id == channel_id,
        MembershipSweep.status.not_in(_FINISHED),
    )
    return (await session.execute(query)).scalar_one_or_none()


async def list_share(session: TenantSession, sweep: MembershipSweep, *, now: datetime) -> list[Membership]:
    """Return the next people to ask Telegram about; who was outside a few days ago, as wanted, is left for later."""
    is_long_gone = and_(
        Membership.wanted == WantedPlace.OUTSIDE,
        Membership.actual == ActualPlace.OUTSIDE,
        Membership.actual_seen_at > now - LONG_GONE,
    )
    query = select(Membership).where(
        Membership.tenant_id == session.tenant_id,
        Membership.channel_id == sweep.channel_id,
        Membership.wanted != WantedPlace.UNMANAGED,
        or_(~is_long_gone, Membership.actual_seen_at.is_(None)),
    )
    if sweep.last_telegram_id is not None:
        query = query.where(Membership.telegram_id > sweep.last_telegram_id)
    return list((await session.execute(query.order_by(Membership.telegram_id).limit(SHARE_PEOPLE))).scalars())


async def list_leaving(
    session: TenantSession, *, channel_id: UUID, membership_ids: Collection[UUID]
) -> set[UUID]:  # fmt: skip
    """Return which of these people an ordinary end takes out already, or is about to."""
    keys = [str(membership_id) for membership_id in membership_ids]
    jobs = select(Job.dedupe_key).where(
        Job.tenant_id == session.tenant_id,
        Job.queue == RemoveMember.queue.value,
        Job.kind == RemoveMember.kind,
        Job.status == JobStatus.READY,
        Job.dedupe_key.in_(keys),
    )
    removed = {UUID(key) for key in (await session.execute(jobs)).scalars() if key is not None}
    opening = select(PlanChannel.plan_id).where(
        PlanChannel.tenant_id == session.tenant_id, PlanChannel.channel_id == channel_id
    )
    # Whoever is wanted inside is taken out with the end of a subscription, also where its plan does not open the
    # channel any more: it did when they paid.
    ending = (
        select(Membership.id)
        .join(
            Subscription,
            (Subscription.tenant_id == Membership.tenant_id) & (Subscription.user_id == Membership.user_id),
        )
        .where(
            Membership.tenant_id == session.tenant_id,
            Membership.id.in_(membership_ids),
            Subscription.status == SubscriptionStatus.ACTIVE,
            or_(Membership.wanted == WantedPlace.INSIDE, Subscription.plan_id.in_(opening)),
        )
    )
    return removed | set((await session.execute(ending)).scalars())


async def was_removed_last(session: TenantSession, membership: Membership) -> bool:
    """Tell whether it was our removal by which the person last passed the door."""
    query = (
        select(AccessLog.action)
        .where(
            AccessLog.tenant_id == session.tenant_id,
            AccessLog.telegram_id == membership.telegram_id,
            AccessLog.channel_id == membership.channel_id,
            AccessLog.action.in_(_PASSAGES),
        )
        .order_by(AccessLog.id.desc())
        .limit(1)
    )
    return (await session.execute(query)).scalar_one_or_none() == AccessAction.REMOVED


async def add_swept(session: TenantSession, sweep_id: UUID, membership_id: UUID) -> None:
    """Remember somebody who should not be inside. Safe to repeat."""
    values = {"tenant_id": session.tenant_id, "sweep_id": sweep_id, "membership_id": membership_id}
    await session.execute(insert(SweptMember).values(values).on_conflict_do_nothing())


async def count_swept(session: TenantSession, sweep_id: UUID) -> int:
    """Return how many people a sweep found who should not be inside."""
    query = select(func.count()).where(SweptMember.tenant_id == session.tenant_id, SweptMember.sweep_id == sweep_id)
    return (await session.execute(query)).scalar_one()


async def list_swept(session: TenantSession, sweep_id: UUID, *, limit: int, offset: int = 0) -> Sequence[UUID]:
    """Return memberships that a sweep found and that are not dealt with."""
    query = (
        select(SweptMember.membership_id)
        .where(SweptMember.tenant_id == session.tenant_id, SweptMember.sweep_id == sweep_id)
        .order_by(SweptMember.membership_id)
        .limit(limit)
        .offset(offset)
    )
    return list((await session.execute(query)).scalars())


async def drop_swept(session: TenantSession, sweep_id: UUID, membership_ids: Collection[UUID]) -> None:
    """Forget people who are dealt with."""
    await session.execute(
        delete(SweptMember).where(
            SweptMember.tenant_id == session.tenant_id,
            SweptMember.sweep_id == sweep_id,
            SweptMember.membership_id.in_(membership_ids),
        )
    )
