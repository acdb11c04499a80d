"""Which channels are open to a person, and why the others are not: what /channels and /status show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from lumenpay.access import repository
from lumenpay.channels.rules import can_invite
from lumenpay.db.session import TenantSession
from lumenpay.models.access import ActualPlace
from lumenpay.models.channels import Channel
from lumenpay.models.ids import BotId
from lumenpay.models.subscriptions import Subscription, SubscriptionStatus
from lumenpay.models.users import User
from lumenpay.plans.repository import list_channels_of_plan, list_on_sale
from lumenpay.subscriptions.repository import list_of_user


@dataclass(frozen=True, slots=True)
class ChannelAccess:
    """One channel as one person finds it."""

    channel: Channel
    is_open: bool
    is_ready: bool
    """Whether the bot can let anybody in at the moment."""
    is_inside: bool
    entry_url: str | None
    ends_at: datetime | None
    why_not: str
    """Empty when open, else `expired`, `on_pause` or `not_paid`."""


async def list_access(session: TenantSession, *, user: User, now: datetime) -> list[ChannelAccess]:
    """Return every channel that the bot sells or that the person has or had, open ones first."""
    owned: dict[Channel, Subscription] = {}
    channels: dict[Channel, None] = {}
    for subscription, plan in await list_of_user(session, user.id):
        for channel in await list_channels_of_plan(session, plan.id):
            channels[channel] = None
            if channel not in owned or is_running(subscription, now=now):
                owned.setdefault(channel, subscription)
                if is_running(subscription, now=now) and not is_running(owned[channel], now=now):
                    owned[channel] = subscription
    for plan in await list_on_sale(session, bot_id=BotId(user.bot_id)):
        channels.update(dict.fromkeys(await list_channels_of_plan(session, plan.id)))
    places = {row.channel_id: row.actual for row in await repository.list_memberships_of_user(session, user.id)}
    found = []
    for channel in channels:
        mine = owned.get(channel)
        is_open = mine is not None and is_running(mine, now=now)
        link = (
            await repository.find_active_link(session, channel_id=channel.id, user_id=user.id, now=now)
            if is_open
            else None
        )
        found.append(
            ChannelAccess(
                channel=channel,
                is_open=is_open,
                is_ready=can_invite(channel),
                is_inside=places.get(channel.id) in (ActualPlace.INSIDE, ActualPlace.ADMIN),
                # One of the kind that the channel had before is replaced when links are asked for.
                entry_url=link.url if link and link.mode == channel.entry_mode else None,
                ends_at=mine.ends_at if mine is not None else None,
                why_not="" if is_open else "not_paid" if mine is None else _why_closed(mine),
            )
        )
    return sorted(found, key=lambda item: (not item.is_open, item.channel.title))


async def list_still_open(session: TenantSession, *, user: User, plan_id: UUID, now: datetime) -> list[Channel]:
    """Return the channels of a plan that are open to a person now, through whatever it may be."""
    found = []
    for channel in await list_channels_of_plan(session, plan_id):
        standing = await repository.find_standing(session, channel, telegram_id=user.telegram_id, now=now)
        if standing.has_right or standing.is_whitelisted or standing.has_place_elsewhere:
            found.append(channel)
    return found


def is_running(subscription: Subscription, *, now: datetime) -> bool:
    """Tell whether a subscription gives access now."""
    ends_at = subscription.access_ends_at
    return subscription.status == SubscriptionStatus.ACTIVE and (ends_at is None or ends_at > now)


def _why_closed(subscription: Subscription) -> str:
    return "on_pause" if subscription.status == SubscriptionStatus.PAUSED else "expired"
