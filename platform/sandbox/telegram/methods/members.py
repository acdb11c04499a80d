"""Removing and limiting members: banChatMember, unbanChatMember, restrictChatMember."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.telegram.errors import bad_request
from sandbox.telegram.methods.registry import MethodCall, api_method
from sandbox.telegram.methods.targets import get_channel_with_right, get_user
from sandbox.telegram.state.joining import change_member, forget_request
from sandbox.telegram.state.members import MEMBER_PERMISSIONS, Member, ban_until

if TYPE_CHECKING:
    from sandbox.telegram.state.channels import Channel
    from sandbox.telegram.state.users import User

NO_RIGHT = "not enough rights to restrict/unrestrict chat member"


@api_method("banChatMember")
def ban_chat_member(call: MethodCall) -> bool:
    """The user is outside and cannot come back until the ban ends or is lifted."""
    channel, user, _ = _get_removable(call)
    forget_request(call.world, channel, user.id)
    until = ban_until(call.get("until_date"), call.now)
    change_member(call.world, channel, Member(user.id, "kicked", until_date=until), actor=call.bot.user)
    return True


@api_method("unbanChatMember")
def unban_chat_member(call: MethodCall) -> bool:
    """The user is not banned, and, unless `only_if_banned`, not a member either."""
    channel, user, member = _get_removable(call)
    if call.get("only_if_banned", False) and member.status != "kicked":
        return True
    change_member(call.world, channel, Member(user.id), actor=call.bot.user)
    return True


@api_method("restrictChatMember")
def restrict_chat_member(call: MethodCall) -> bool:
    """A member of a supergroup may do only what `permissions` says."""
    channel, user, member = _get_removable(call)
    if channel.kind != "supergroup":
        raise bad_request("method is available only for supergroups")
    granted = frozenset(name for name in MEMBER_PERMISSIONS if call["permissions"].get(name))
    new = Member(
        user.id,
        "restricted",
        rights=granted,
        is_member=member.is_inside,
        until_date=ban_until(call.get("until_date"), call.now),
        joined_by_link=member.joined_by_link,
    )
    if granted == frozenset(MEMBER_PERMISSIONS):
        new = Member(user.id, "member" if member.is_inside else "left", joined_by_link=member.joined_by_link)
    change_member(call.world, channel, new, actor=call.bot.user)
    return True


def _get_removable(call: MethodCall) -> tuple[Channel, User, Member]:
    channel = get_channel_with_right(call, "can_restrict_members", NO_RIGHT)
    user = get_user(call)
    member = channel.member(user.id, call.now)
    if user.id == call.bot.id:
        raise bad_request("can't restrict self")
    if member.status == "creator":
        raise bad_request("can't remove chat owner")
    if member.status == "administrator":
        raise bad_request("user is an administrator of the chat")
    return channel, user, member
