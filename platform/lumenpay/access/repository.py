"""SQL of the doors."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert

from lumenpay.access.rules import Standing
from lumenpay.db.session import TenantSession
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.access import (
    AccessAction,
    AccessLog,
    ActualPlace,
    EntryLink,
    EntryLinkStatus,
    Membership,
    WantedPlace,
)
from lumenpay.models.channels import Channel, EntryMode
from lumenpay.models.ids import UserId
from lumenpay.models.payments import DeliveryState, Payment, PaymentStatus
from lumenpay.models.plans import PlanChannel
from lumenpay.models.subscriptions import Subscription, SubscriptionStatus
from lumenpay.models.users import User

_ELSEWHERE = text("SELECT has_place_elsewhere(:tenant_id, :channel_id, :chat_id, :telegram_id, :now)")


async def find_standing(session: TenantSession, channel: Channel, *, telegram_id: int, now: datetime) -> Standing:
    """Return what a person may do at the door of a channel now."""
    user = (
        await session.execute(
            select(User).where(
                User.tenant_id == session.tenant_id, User.bot_id == channel.bot_id, User.telegram_id == telegram_id
            )
        )
    ).scalar_one_or_none()
    has_right = user is not None and await has_right_to_be_inside(
        session, channel_id=channel.id, user_id=user.id, now=now
    )
    is_elsewhere = not has_right and await has_place_elsewhere(session, channel, telegram_id=telegram_id, now=now)
    return Standing(has_right, user is not None and user.is_whitelisted, is_elsewhere)


async def has_place_elsewhere(session: TenantSession, channel: Channel, *, telegram_id: int, now: datetime) -> bool:
    """Tell whether the person may be in the same chat through another bot, of this tenant or of another one.

    By a running subscription or the owner's word. Another tenant's bot counts as long as it works and has its rights in
    the chat: that is the proof that the chat is its business.
    """
    values = {
        "tenant_id": session.tenant_id, "channel_id": channel.id, "chat_id": channel.chat_id,
        "telegram_id": telegram_id, "now": now,
    }  # fmt: skip
    return bool((await session.execute(_ELSEWHERE, values)).scalar_one())


async def has_right_to_be_inside(session: TenantSession, *, channel_id: UUID, user_id: UUID, now: datetime) -> bool:
    """Tell whether a running subscription of the person opens the channel."""
    query = (
        select(Subscription.id)
        .join(
            PlanChannel,
            (PlanChannel.tenant_id == Subscription.tenant_id) & (PlanChannel.plan_id == Subscription.plan_id),
        )
        .where(
            Subscription.tenant_id == session.tenant_id,
            Subscription.user_id == user_id,
            Subscription.status == SubscriptionStatus.ACTIVE,
            or_(Subscription.access_ends_at.is_(None), Subscription.access_ends_at > now),
            PlanChannel.channel_id == channel_id,
        )
        .limit(1)
    )
    return (await session.execute(query)).first() is not None


async def find_last_end(session: TenantSession, *, channel_id: UUID, user_id: UUID, now: datetime) -> datetime | None:
    """Return when a subscription of the person that opened the channel last ended."""
    query = (
        select(func.max(Subscription.access_ends_at))
        .join(
            PlanChannel,
            (PlanChannel.tenant_id == Subscription.tenant_id) & (PlanChannel.plan_id == Subscription.plan_id),
        )
        .where(
            Subscription.tenant_id == session.tenant_id,
            Subscription.user_id == user_id,
            Subscription.access_ends_at <= now,
            PlanChannel.channel_id == channel_id,
        )
    )
    return (await session.execute(query)).scalar_one()


async def ensure_membership(
    session: TenantSession, *, channel_id: UUID, telegram_id: int, user_id: UUID | None, now: datetime
) -> Membership:
    """Return the locked row of a person in a channel, made if there is none."""
    await session.execute(
        insert(Membership)
        .values(
            tenant_id=session.tenant_id, id=new_uuid7(), channel_id=channel_id, telegram_id=telegram_id,
            user_id=user_id, wanted=WantedPlace.OUTSIDE, actual=ActualPlace.UNKNOWN, created_at=now,
        )
        .on_conflict_do_nothing()
    )  # fmt: skip
    query = select(Membership).where(
        Membership.tenant_id == session.tenant_id,
        Membership.channel_id == channel_id,
        Membership.telegram_id == telegram_id,
    )
    membership = (await session.execute(query.with_for_update().execution_options(populate_existing=True))).scalar_one()
    if user_id is not None and membership.user_id is None:
        membership.user_id = UserId(user_id)
    return membership


async def find_membership(session: TenantSession, membership_id: UUID, *, is_locked: bool = False) -> Membership | None:
    """Return a person's row in a channel."""
    query = select(Membership).where(Membership.tenant_id == session.tenant_id, Membership.id == membership_id)
    if is_locked:
        query = query.with_for_update().execution_options(populate_existing=True)
    return (await session.execute(query)).scalar_one_or_none()


async def list_memberships_of_user(session: TenantSession, user_id: UUID) -> list[Membership]:
    """Return where a person is or should be."""
    query = select(Membership).where(Membership.tenant_id == session.tenant_id, Membership.user_id == user_id)
    return list((await session.execute(query)).scalars())


async def find_active_link(
    session: TenantSession, *, channel_id: UUID, user_id: UUID, now: datetime
) -> EntryLink | None:
    """Return the person's link into a channel that still opens it; one that ran out is put aside."""
    query = select(EntryLink).where(
        EntryLink.tenant_id == session.tenant_id,
        EntryLink.channel_id == channel_id,
        EntryLink.user_id == user_id,
        EntryLink.status == EntryLinkStatus.ACTIVE,
    )
    link = (await session.execute(query)).scalar_one_or_none()
    if link is not None and link.expires_at is not None and link.expires_at <= now:
        link.status = EntryLinkStatus.REVOKED
        await session.flush()
        return None
    return link


async def find_link_by_url(session: TenantSession, *, channel_id: UUID, url: str) -> EntryLink | None:
    """Return the personal link behind an address."""
    query = select(EntryLink).where(
        EntryLink.tenant_id == session.tenant_id, EntryLink.channel_id == channel_id, EntryLink.url == url
    )
    return (await session.execute(query.limit(1))).scalar_one_or_none()


async def store_link(
    session: TenantSession, *, channel_id: UUID, user_id: UUID, mode: EntryMode, url: str,
    expires_at: datetime | None, now: datetime,
) -> None:  # fmt: skip
    """Store a new link; if another worker stored one first, that one stays and this one is never shown."""
    await session.execute(
        insert(EntryLink)
        .values(
            tenant_id=session.tenant_id, id=new_uuid7(), channel_id=channel_id, user_id=user_id, mode=mode, url=url,
            status=EntryLinkStatus.ACTIVE, expires_at=expires_at, created_at=now,
        )
        .on_conflict_do_nothing()
    )  # fmt: skip


async def list_joined_payments(session: TenantSession, *, channel_id: UUID, user_id: UUID) -> Sequence[UUID]:
    """Return the paid orders of a person that open a channel and whose every channel has the person inside."""
    elsewhere = (
        select(PlanChannel.channel_id)
        .outerjoin(
            Membership,
            (Membership.tenant_id == PlanChannel.tenant_id)
            & (Membership.channel_id == PlanChannel.channel_id)
            & (Membership.user_id == user_id)
            & Membership.actual.in_((ActualPlace.INSIDE, ActualPlace.ADMIN)),
        )
        .where(
            PlanChannel.tenant_id == session.tenant_id,
            PlanChannel.plan_id == Payment.plan_id,
            Membership.id.is_(None),
        )
    )
    query = select(Payment.id).where(
        Payment.tenant_id == session.tenant_id,
        Payment.id.in_(await list_delivered_payments(session, channel_id=channel_id, user_id=user_id)),
        ~elsewhere.exists(),
    )
    return list((await session.execute(query)).scalars())


async def list_delivered_payments(session: TenantSession, *, channel_id: UUID, user_id: UUID) -> Sequence[UUID]:
    """Return the paid orders of a person that open a channel and are not yet joined."""
    query = (
        select(Payment.id)
        .join(PlanChannel, (PlanChannel.tenant_id == Payment.tenant_id) & (PlanChannel.plan_id == Payment.plan_id))
        .where(
            Payment.tenant_id == session.tenant_id,
            Payment.user_id == user_id,
            Payment.status == PaymentStatus.SUCCEEDED,
            Payment.delivery_state != DeliveryState.JOINED,
            ~Payment.is_gift,
            PlanChannel.channel_id == channel_id,
        )
    )
    return list((await session.execute(query)).scalars())


async def mark_link_opened(session: TenantSession, link: EntryLink, *, now: datetime) -> None:
    """Store the first time that the link was used."""
    await session.execute(
        update(EntryLink)
        .where(EntryLink.tenant_id == session.tenant_id, EntryLink.id == link.id, EntryLink.opened_at.is_(None))
        .values(opened_at=now)
    )


def log_access(
    session: TenantSession, action: AccessAction, *, now: datetime, reason: str = "", telegram_id: int | None = None,
    user_id: UUID | None = None, channel_id: UUID | None = None, payment_id: UUID | None = None,
) -> None:  # fmt: skip
    """Write one event at the door."""
    session.add(
        AccessLog(
            tenant_id=session.tenant_id, id=new_uuid7(), action=action, reason=reason, telegram_id=telegram_id,
            user_id=user_id, channel_id=channel_id, payment_id=payment_id, created_at=now,
        )
    )  # fmt: skip
