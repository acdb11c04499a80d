"""The end of a sweep: the people it found are removed, after a human's word where the brake asked for it, or stay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, literal, select

from lumenpay.access import repository, sweep_repository
from lumenpay.access.errors import SweepDecidedError
from lumenpay.access.rules import RemovalDecision, decide_removal
from lumenpay.access.sweeping import move_sweep
from lumenpay.audit.service import Actor, record
from lumenpay.channels.repository import get_channel
from lumenpay.db.counting import list_page
from lumenpay.db.session import TenantSession
from lumenpay.jobs.catalogue import CloseSweep, RemoveMember
from lumenpay.jobs.outbox import enqueue
from lumenpay.kit.paging import CountedPage, Page, PageRequest
from lumenpay.models.access import AccessAction, ActualPlace, Membership, WantedPlace
from lumenpay.models.channels import Channel
from lumenpay.models.ids import AdminId, BotId
from lumenpay.models.sweeps import MembershipSweep, SweepStatus
from lumenpay.models.users import User

AT_ONCE = 200
KEPT = "kept_by_decision"


@dataclass(frozen=True, slots=True)
class SweptPerson:
    """Somebody who was found inside without a right; no user for one who never wrote to the bot."""

    membership: Membership
    user: User | None


async def decide_sweep(
    session: TenantSession, sweep_id: UUID, *, is_removal: bool, people: int, actor: Actor, now: datetime
) -> MembershipSweep:
    """Store a human's word about a sweep that the brake stopped: those people are removed, or stay for good.

    Whoever got the right to be inside meanwhile stays in either case.

    Args:
        people: About how many the decision was made, as the asking said.

    Raises:
        SweepNotFoundError: Unknown to this tenant.
        SweepDecidedError: It does not wait for a decision, or not for one about so many people.
    """
    sweep = await sweep_repository.get_sweep(session, sweep_id, is_locked=True)
    if sweep.status != SweepStatus.BRAKED or sweep.to_remove_count != people:
        raise SweepDecidedError
    sweep.decided_at, sweep.decided_by = now, AdminId(actor.id) if actor.id else None
    await session.flush()
    await move_sweep(session, sweep, SweepStatus.REMOVING if is_removal else SweepStatus.KEEPING, now=now)
    action = f"membership_sweep.{'confirmed' if is_removal else 'kept'}"
    details = {"channel_id": str(sweep.channel_id), "people": people}
    record(session, actor=actor, action=action, subject_id=sweep.id, now=now, details=details)
    channel = await get_channel(session, sweep.channel_id)
    await enqueue(session, CloseSweep(sweep.id), now=now, bot_id=BotId(channel.bot_id), dedupe_key=str(sweep.id))
    return sweep


async def close_some(session: TenantSession, sweep_id: UUID, *, now: datetime) -> bool:
    """Deal with the next people of a sweep; True while there are more. Safe to repeat."""
    sweep = await sweep_repository.get_sweep(session, sweep_id, is_locked=True)
    if sweep.status not in (SweepStatus.REMOVING, SweepStatus.KEEPING):
        return False
    found = await sweep_repository.list_swept(session, sweep.id, limit=AT_ONCE)
    if not found:
        is_kept = sweep.status == SweepStatus.KEEPING
        await move_sweep(session, sweep, SweepStatus.KEPT if is_kept else SweepStatus.DONE, now=now)
        return False
    channel = await get_channel(session, sweep.channel_id)
    for membership_id in found:
        if sweep.status == SweepStatus.KEEPING:
            await _keep(session, channel, membership_id, now=now)
        else:
            # The right to stay is looked at once more immediately before the call.
            payload, key = RemoveMember(membership_id), str(membership_id)
            await enqueue(session, payload, now=now, bot_id=BotId(channel.bot_id), dedupe_key=key)
    await sweep_repository.drop_swept(session, sweep.id, found)
    return True


async def _keep(session: TenantSession, channel: Channel, membership_id: UUID, *, now: datetime) -> None:
    membership = await repository.find_membership(session, membership_id, is_locked=True)
    if membership is None:
        return
    standing = await repository.find_standing(session, channel, telegram_id=membership.telegram_id, now=now)
    wanted, actual = WantedPlace(membership.wanted), ActualPlace(membership.actual)
    if decide_removal(standing, wanted=wanted, actual=actual) is RemovalDecision.REMOVE:
        membership.wanted = WantedPlace.UNMANAGED
        repository.log_access(
            session, AccessAction.REMOVAL_SKIPPED, reason=KEPT, telegram_id=membership.telegram_id,
            user_id=membership.user_id, channel_id=membership.channel_id, now=now,
        )  # fmt: skip


async def list_sweeps(
    session: TenantSession, page: PageRequest, *, channel_id: UUID | None = None, status: SweepStatus | None = None
) -> CountedPage[MembershipSweep]:
    """Return sweeps, newest first.

    Raises:
        PageTooDeepError: The page of a narrowed list lies beyond what is counted of it.
    """
    where: list[ColumnElement[bool]] = [MembershipSweep.tenant_id == session.tenant_id]
    if channel_id is not None:
        where.append(MembershipSweep.channel_id == channel_id)
    if status is not None:
        # Said in the statement itself, so that the index of those alone is used.
        where.append(MembershipSweep.status == literal(status.value, literal_execute=True))
    order = (MembershipSweep.created_at.desc(), MembershipSweep.id.desc())
    return await list_page(session, MembershipSweep, where, page, order=order, is_narrowed=len(where) > 1)


async def list_people(session: TenantSession, sweep_id: UUID, page: PageRequest) -> Page[SweptPerson]:
    """Return whom a sweep found inside without a right and who is not dealt with.

    Raises:
        SweepNotFoundError: Unknown to this tenant.
    """
    await sweep_repository.get_sweep(session, sweep_id)
    ids = await sweep_repository.list_swept(session, sweep_id, limit=page.size, offset=page.offset)
    query = (
        select(Membership, User)
        .outerjoin(User, (User.tenant_id == Membership.tenant_id) & (User.id == Membership.user_id))
        .where(Membership.tenant_id == session.tenant_id, Membership.id.in_(ids))
        .order_by(Membership.id)
    )
    people = [SweptPerson(membership, user) for membership, user in await session.execute(query)]
    return Page(people, await sweep_repository.count_swept(session, sweep_id))
