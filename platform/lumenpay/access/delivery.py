"""Handing a paid order over: which channels it opens, which links are missing, and what was sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from lumenpay.access import repository
from lumenpay.bots.repository import find_any_bot
from lumenpay.channels.repository import get_channel
from lumenpay.channels.rules import can_invite
from lumenpay.db.session import TenantSession
from lumenpay.jobs.catalogue import DeliverAccess
from lumenpay.jobs.outbox import enqueue
from lumenpay.jobs.repository import is_put_off
from lumenpay.models.access import AccessAction, ActualPlace, EntryLink, EntryLinkStatus, Membership, WantedPlace
from lumenpay.models.bots import BotStatus
from lumenpay.models.channels import Channel, EntryMode
from lumenpay.models.ids import BotId
from lumenpay.models.payments import DeliveryState, Payment
from lumenpay.models.users import User
from lumenpay.payments.repository import advance_delivery, get_payment, list_to_deliver
from lumenpay.payments.terms import GIFT, IMPORT, MANUAL
from lumenpay.plans.repository import get_plan, list_channels_of_plan
from lumenpay.subscriptions.change_records import find_change
from lumenpay.subscriptions.repository import is_continuation, list_of_user
from lumenpay.telegram.facts import MemberFacts
from lumenpay.users.repository import get_user

SINGLE_USE_LIFETIME = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Door:
    """One channel of an order, and how the person gets in."""

    channel: Channel
    membership: Membership
    url: str | None
    is_ready: bool
    is_place_unknown: bool
    old_link: EntryLink | None = None
    """A link of the kind that the channel had before; it must not be shown any more."""

    @property
    def is_inside(self) -> bool:
        """Whether the person is inside already."""
        return self.membership.actual in (ActualPlace.INSIDE, ActualPlace.ADMIN)


@dataclass(frozen=True, slots=True)
class ChangedFrom:
    """A plan that was left for another one, and its channels that are not open any more."""

    plan_title: str
    closed: Sequence[Channel]


@dataclass(frozen=True, slots=True)
class Delivery:
    """A paid order on its way to the person."""

    payment: Payment
    user: User
    plan_title: str
    ends_at: datetime | None
    doors: Sequence[Door]
    is_farewell: bool
    """Whether the bot was deleted: it will hear of nobody who knocks, so a link has to open by itself."""
    is_given: bool
    """Whether it cost this person nothing: the tenant gave it, by hand or with a list, or somebody else paid."""
    is_prolonging: bool
    """Whether what was given follows on what the person had."""
    changed_from: ChangedFrom | None = None
    """The plan that the order took the place of."""

    @property
    def is_quiet(self) -> bool:
        """Whether there is nothing to say: a list told of somebody who is inside everywhere already."""
        return self.payment.provider == IMPORT and all(door.is_inside for door in self.doors)


async def prepare_delivery(session: TenantSession, payment_id: UUID, *, now: datetime) -> Delivery | None:
    """Return what a paid person is to get; None when the subscription has ended meanwhile."""
    payment = await get_payment(session, payment_id)
    user = await get_user(session, payment.user_id)
    found = [(s, plan) for s, plan in await list_of_user(session, user.id) if plan.id == payment.plan_id]
    if not found or (found[0][0].access_ends_at is not None and found[0][0].access_ends_at <= now):
        return None
    subscription, plan = found[0]
    doors = [
        await _prepare_door(session, channel, user=user, now=now)
        for channel in await list_channels_of_plan(session, payment.plan_id)
    ]
    bot = await find_any_bot(session, payment.bot_id)
    is_farewell = bot is None or bot.status == BotStatus.DELETED
    if is_farewell:
        doors = [replace(door, url=None) for door in doors]
    is_given = payment.provider in (MANUAL, IMPORT, GIFT)
    is_prolonging = is_given and await is_continuation(session, payment.id)
    changed_from = await _find_before(session, payment, now=now)
    return Delivery(
        payment, user, plan.title, subscription.ends_at, doors, is_farewell, is_given, is_prolonging, changed_from
    )


async def _find_before(session: TenantSession, payment: Payment, *, now: datetime) -> ChangedFrom | None:
    change = await find_change(session, payment.id)
    if change is None or change.applied_at is None:
        return None
    closed = [
        channel
        for channel in await list_channels_of_plan(session, change.from_plan_id)
        if not await repository.has_right_to_be_inside(
            session, channel_id=channel.id, user_id=payment.user_id, now=now
        )
    ]  # fmt: skip
    return ChangedFrom((await get_plan(session, change.from_plan_id)).title, closed)


async def _prepare_door(session: TenantSession, channel: Channel, *, user: User, now: datetime) -> Door:
    membership = await repository.ensure_membership(
        session, channel_id=channel.id, telegram_id=user.telegram_id, user_id=user.id, now=now
    )
    if membership.wanted != WantedPlace.UNMANAGED:
        membership.wanted = WantedPlace.INSIDE
    link = await repository.find_active_link(session, channel_id=channel.id, user_id=user.id, now=now)
    is_of_this_kind = link is not None and link.mode == channel.entry_mode
    return Door(
        channel,
        membership,
        url=link.url if link is not None and is_of_this_kind else None,
        is_ready=can_invite(channel),
        is_place_unknown=membership.actual == ActualPlace.UNKNOWN,
        old_link=None if is_of_this_kind else link,
    )


async def record_look(
    session: TenantSession, membership_id: UUID, facts: MemberFacts, *, now: datetime, is_imported: bool = False
) -> None:
    """Store where Telegram says that a buyer is, before links are made or shown.

    Looked at for the first time, who was inside already is never taken out, unless it was another bot that opened the
    chat for them.

    Args:
        is_imported: A list of the tenant's says until when the person may stay: that counts from now on.
    """
    membership = await repository.find_membership(session, membership_id, is_locked=True)
    if membership is None:
        return
    is_first = membership.actual == ActualPlace.UNKNOWN
    membership.actual_seen_at = now
    if not facts.is_inside:
        membership.actual = ActualPlace.OUTSIDE
        if membership.wanted == WantedPlace.UNMANAGED:
            # Whoever left of their own accord comes back like everybody else.
            membership.wanted = WantedPlace.INSIDE
        return
    membership.actual = ActualPlace.ADMIN if facts.is_admin else ActualPlace.INSIDE
    if facts.is_admin:
        membership.wanted = WantedPlace.UNMANAGED
    if facts.is_admin or not is_first or is_imported:
        return
    channel = await get_channel(session, membership.channel_id)
    came_by_another = await repository.has_place_elsewhere(
        session, channel, telegram_id=membership.telegram_id, now=now
    )
    if not came_by_another:
        membership.wanted = WantedPlace.UNMANAGED


async def store_new_link(session: TenantSession, door: Door, *, user_id: UUID, url: str, now: datetime) -> str:
    """Store a link that Telegram made and return the one to show, which may be another worker's."""
    is_single = door.channel.entry_mode == EntryMode.SINGLE_USE_LINK
    await repository.store_link(
        session,
        channel_id=door.channel.id,
        user_id=user_id,
        mode=EntryMode(door.channel.entry_mode),
        url=url,
        expires_at=now + SINGLE_USE_LIFETIME if is_single else None,
        now=now,
    )
    link = await repository.find_active_link(session, channel_id=door.channel.id, user_id=user_id, now=now)
    return link.url if link is not None else url


async def record_told(session: TenantSession, delivery: Delivery, *, has_link: bool, now: datetime) -> None:
    """Store that the person has the receipt, and the links if there were any in it."""
    payment = await get_payment(session, delivery.payment.id, is_locked=True)
    payment.receipt_sent_at = payment.receipt_sent_at or now
    places = [door.is_inside for door in delivery.doors]
    if has_link or any(places):
        await session.flush()
        state = DeliveryState.JOINED if all(places) else DeliveryState.LINK_SENT
        await advance_delivery(session, [payment.id], state)
    if has_link:
        repository.log_access(session, AccessAction.LINK_SENT, user_id=delivery.user.id, payment_id=payment.id, now=now)


async def record_quiet(session: TenantSession, delivery: Delivery) -> None:
    """Store that an imported person is inside everywhere, without a word to them. Safe to repeat."""
    await advance_delivery(session, [delivery.payment.id], DeliveryState.JOINED)


async def want_inside(session: TenantSession, *, user: User, plan_id: UUID, now: datetime) -> None:
    """Have a person in the channels of a plan from now on, and out of them after its end. Admins are not ours to move.

    Whoever was let be until now, because they were inside before the bot, is looked after like everybody else.
    """
    for channel in await list_channels_of_plan(session, plan_id):
        membership = await repository.ensure_membership(
            session, channel_id=channel.id, telegram_id=user.telegram_id, user_id=user.id, now=now
        )
        if membership.actual != ActualPlace.ADMIN:
            membership.wanted = WantedPlace.INSIDE


async def request_delivery(session: TenantSession, *, user: User, now: datetime) -> bool:
    """Have the links of a person's running subscriptions sent again; False when there are none."""
    orders = await _list_running_orders(session, user, now=now)
    for payment in orders:
        await _request(session, payment, now=now)
    return bool(orders)


async def request_unsent(session: TenantSession, *, user: User, now: datetime) -> None:
    """Have the links sent that a person never got, because the bot was blocked for example."""
    for payment in await _list_running_orders(session, user, now=now):
        if payment.delivery_state == DeliveryState.GRANTED:
            await _request(session, payment, now=now)


async def request_closed(session: TenantSession, *, user: User, now: datetime) -> None:
    """Have the links sent of channels that a person paid for and cannot enter now, as soon as that is possible."""
    for payment in await _list_running_orders(session, user, now=now):
        channels = await list_channels_of_plan(session, payment.plan_id)
        if not all(can_invite(channel) for channel in channels):
            await _request(session, payment, now=now)


async def _list_running_orders(session: TenantSession, user: User, *, now: datetime) -> list[Payment]:
    """Return the newest paid order of each plan that is open to a person now."""
    running = {
        plan.id
        for subscription, plan in await list_of_user(session, user.id)
        if subscription.access_ends_at is None or subscription.access_ends_at > now
    }
    latest: dict[UUID, Payment] = {}
    for payment in await list_to_deliver(session, user_id=user.id):
        if payment.plan_id in running:
            latest.setdefault(payment.plan_id, payment)
    return list(latest.values())


async def _request(session: TenantSession, payment: Payment, *, now: datetime) -> None:
    payload, key = DeliverAccess(payment.id), str(payment.id)
    # One that waits for a closed channel does it all; a second one would write the same message again.
    if not await is_put_off(session, payload, dedupe_key=key):
        await enqueue(session, payload, now=now, bot_id=BotId(payment.bot_id), dedupe_key=key)


async def redeliver(session: TenantSession, *, membership_id: UUID, now: datetime) -> None:
    """Have a person let in again who was taken out at the moment of paying."""
    membership = await repository.find_membership(session, membership_id)
    if membership is not None and membership.user_id is not None:
        membership.wanted = WantedPlace.INSIDE
        await request_delivery(session, user=await get_user(session, membership.user_id), now=now)


async def record_link_revoked(session: TenantSession, entry_link_id: UUID, *, now: datetime) -> None:
    """Store that a link opens nothing any more. Safe to repeat."""
    link = await session.get(EntryLink, (session.tenant_id, entry_link_id))
    if link is not None and link.status == EntryLinkStatus.ACTIVE:
        link.status = EntryLinkStatus.REVOKED
        repository.log_access(
            session, AccessAction.LINK_REVOKED, user_id=link.user_id, channel_id=link.channel_id, now=now
        )
