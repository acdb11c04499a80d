"""Pure rules of channels: what the bot's rights there mean."""

from __future__ import annotations

from lumenpay.models.channels import ChannelStatus


def decide_status(*, is_admin: bool, can_invite_users: bool, can_restrict_members: bool) -> ChannelStatus:
    """Return whether people can be let in and out with these rights."""
    if not is_admin:
        return ChannelStatus.BOT_REMOVED
    return ChannelStatus.ACTIVE if can_invite_users and can_restrict_members else ChannelStatus.RIGHTS_MISSING


def list_missing_rights(*, status: ChannelStatus, can_invite_users: bool, can_restrict_members: bool) -> list[str]:
    """Return codes of what the owner has to give the bot; empty when nothing is missing."""
    if status is ChannelStatus.BOT_REMOVED:
        return ["make_bot_admin"]
    missing = [] if can_invite_users else ["can_invite_users"]
    return missing if can_restrict_members else [*missing, "can_restrict_members"]
