"""Invite links: create, edit, revoke, export."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from sandbox.telegram.errors import bad_request
from sandbox.telegram.methods.registry import MethodCall, api_method
from sandbox.telegram.methods.targets import get_channel_with_right
from sandbox.telegram.state.links import InviteLink

if TYPE_CHECKING:
    from sandbox.telegram.state.channels import Channel
    from sandbox.telegram.state.users import User
    from sandbox.telegram.state.world import World

MOST_MEMBERS = 99_999
NO_RIGHT = "not enough rights to manage chat invite link"


def new_link(world: World, channel: Channel, creator: User, **fields: Any) -> InviteLink:
    """A link that leads into the channel."""
    url = f"https://t.me/+{secrets.token_urlsafe(12)}"
    link = channel.links[url] = InviteLink(url, creator.id, creator.as_json(), **fields)
    world.channels_by_link[url] = channel
    channel.book.touch()
    return link


@api_method("createChatInviteLink")
def create_chat_invite_link(call: MethodCall) -> dict[str, Any]:
    """An additional link."""
    channel = get_channel_with_right(call, "can_invite_users", NO_RIGHT)
    return new_link(call.world, channel, call.bot.user, **_read_terms(call)).as_json()


@api_method("editChatInviteLink")
def edit_chat_invite_link(call: MethodCall) -> dict[str, Any]:
    """The bot's own link has new terms; what is not given is unset."""
    channel, link = _get_own_link(call)
    if link.is_primary or link.is_revoked:
        raise bad_request("INVITE_HASH_EXPIRED" if link.is_revoked else "CHAT_INVITE_PERMANENT")
    for name, value in _read_terms(call).items():
        setattr(link, name, value)
    channel.book.touch()
    return link.as_json(channel.pending_by(link))


@api_method("revokeChatInviteLink")
def revoke_chat_invite_link(call: MethodCall) -> dict[str, Any]:
    """The bot's own link leads nowhere. A primary one is replaced."""
    channel, link = _get_own_link(call)
    if link.is_revoked:
        raise bad_request("INVITE_HASH_EXPIRED")
    link.is_revoked = True
    channel.book.touch()
    if link.is_primary:
        new_link(call.world, channel, call.bot.user, is_primary=True)
    return link.as_json(channel.pending_by(link))


@api_method("exportChatInviteLink")
def export_chat_invite_link(call: MethodCall) -> str:
    """A new primary link of the bot; the one before is revoked."""
    channel = get_channel_with_right(call, "can_invite_users", NO_RIGHT)
    for link in channel.links.values():
        if link.is_primary and link.creator_id == call.bot.id:
            link.is_revoked = True
    return new_link(call.world, channel, call.bot.user, is_primary=True).url


def _get_own_link(call: MethodCall) -> tuple[Channel, InviteLink]:
    channel = get_channel_with_right(call, "can_invite_users", NO_RIGHT)
    link = channel.links.get(call["invite_link"])
    if link is None or link.creator_id != call.bot.id:
        raise bad_request("INVITE_HASH_INVALID")
    return channel, link


def _read_terms(call: MethodCall) -> dict[str, Any]:
    member_limit = min(max(call.get("member_limit", 0), 0), MOST_MEMBERS)
    creates_join_request = call.get("creates_join_request", False)
    if member_limit and creates_join_request:
        raise bad_request("member limit can't be specified for links requiring administrator approval")
    expire_date = max(call.get("expire_date", 0), 0)
    if expire_date and expire_date <= call.now:
        raise bad_request("EXPIRE_DATE_INVALID")
    return {
        "name": call.get("name"),
        "expire_date": expire_date,
        "member_limit": member_limit,
        "creates_join_request": creates_join_request,
    }
