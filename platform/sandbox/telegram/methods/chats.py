"""What a bot can learn about chats and members, and leaveChat."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.telegram.errors import bad_request
from sandbox.telegram.methods.registry import MethodCall, api_method
from sandbox.telegram.methods.targets import chat_not_found, get_channel, get_user
from sandbox.telegram.state.joining import change_member
from sandbox.telegram.state.members import Member, member_as_json

if TYPE_CHECKING:
    from sandbox.telegram.state.channels import Channel

GIFTS = dict.fromkeys(
    ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False
)


@api_method("getChat")
def get_chat(call: MethodCall) -> dict[str, Any]:
    """The full chat; a user's only after the user has written to the bot."""
    details = {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": GIFTS}
    user = call.world.users.get(call["chat_id"]) if isinstance(call["chat_id"], int) else None
    if user is None:
        channel, own = get_channel(call)
        own_links = [one for one in channel.links.values() if one.creator_id == call.bot.id]
        primary = next((one for one in own_links if one.is_primary and not one.is_revoked), None)
        if own.may("can_invite_users") and primary is not None:
            details["invite_link"] = primary.url
        return channel.as_chat() | details
    if user.is_bot or (call.bot.id, user.id) not in call.world.private_chats:
        raise chat_not_found()
    return user.as_chat() | details


@api_method("getChatMember")
def get_chat_member(call: MethodCall) -> dict[str, Any]:
    """The standing of a user; of others than the bot itself only for administrators."""
    channel, own = get_channel(call)
    user = get_user(call)
    if user.id != call.bot.id and not own.is_admin:
        raise bad_request("member list is inaccessible")
    return _show(call, channel, channel.member(user.id, call.now))


@api_method("getChatAdministrators")
def get_chat_administrators(call: MethodCall) -> list[dict[str, Any]]:
    """The owner and administrators, other bots left out."""
    channel, _ = get_channel(call)
    admins = [member for member in channel.inside(call.now) if member.is_admin]
    return [
        _show(call, channel, member)
        for member in admins
        if member.user_id == call.bot.id or not call.world.users[member.user_id].is_bot
    ]


@api_method("getChatMemberCount")
def get_chat_member_count(call: MethodCall) -> int:
    """How many are inside, bots and the owner included."""
    channel, _ = get_channel(call)
    return len(channel.inside(call.now))


@api_method("leaveChat")
def leave_chat(call: MethodCall) -> bool:
    """The bot is not inside any more."""
    channel, own = get_channel(call)
    if not own.is_inside:
        raise bad_request("USER_NOT_PARTICIPANT")
    change_member(call.world, channel, Member(call.bot.id), actor=call.bot.user)
    return True


def _show(call: MethodCall, channel: Channel, member: Member) -> dict[str, Any]:
    return member_as_json(member, call.world.users[member.user_id].as_json(), channel.kind)
