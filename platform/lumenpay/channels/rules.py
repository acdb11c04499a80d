"""Pure rules of channels: what the bot's rights there mean."""

from __future__ import annotations

from datetime import timedelta

from lumenpay.models.channels import Channel, ChannelStatus


def decide_status(*, is_admin: bool, can_invite_users: bool, can_restrict_members: bool) -> ChannelStatus:
    """Return whether people can be let in and out with these rights."""
    if not is_admin:
        return ChannelStatus.BOT_REMOVED
    return ChannelStatus.ACTIVE if can_invite_users and can_restrict_members else ChannelStatus.RIGHTS_MISSING


def check_pause(status: ChannelStatus) -> timedelta:
    """Return how long after a look at the bot's rights the next one comes: soon where something is missing."""
    return timedelta(hours=1) if status is ChannelStatus.ACTIVE else timedelta(minutes=10)


def can_invite(channel: Channel) -> bool:
    """Tell whether the bot can make links and answer who knocks."""
    is_there = channel.status == ChannelStatus.RIGHTS_MISSING and channel.can_invite_users
    return is_there or channel.status == ChannelStatus.ACTIVE


def can_remove(channel: Channel) -> bool:
    """Tell whether the bot can take people out."""
    is_there = channel.status == ChannelStatus.RIGHTS_MISSING and channel.can_restrict_members
    return is_there or channel.status == ChannelStatus.ACTIVE


def list_missing_rights(*, status: ChannelStatus, can_invite_users: bool, can_restrict_members: bool) -> list[str]:
    """Return codes of what the owner has to give the bot; empty when nothing is missing."""
    if status is ChannelStatus.BOT_REMOVED:
        return ["make_bot_admin"]
    missing = [] if can_invite_users else ["can_invite_users"]
    return missing if can_restrict_members else [*missing, "can_restrict_members"]
