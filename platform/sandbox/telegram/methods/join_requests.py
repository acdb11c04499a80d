"""approveChatJoinRequest, declineChatJoinRequest and answerChatJoinRequestQuery."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.telegram.errors import ApiError, bad_request
from sandbox.telegram.methods.callbacks import TOO_OLD
from sandbox.telegram.methods.registry import MethodCall, api_method
from sandbox.telegram.methods.targets import get_channel_with_right, get_user
from sandbox.telegram.state.joining import change_member, forget_request
from sandbox.telegram.state.members import Member

if TYPE_CHECKING:
    from sandbox.telegram.state.channels import Channel

ANSWER_SECONDS = 10
NO_RIGHT = "not enough rights to manage chat join requests"


@api_method("approveChatJoinRequest")
def approve_chat_join_request(call: MethodCall) -> bool:
    """The user who asked is a member."""
    channel = get_channel_with_right(call, "can_invite_users", NO_RIGHT)
    user = get_user(call)
    request = channel.requests.get(user.id)
    if request is None:
        raise _no_request(call, channel, user.id)
    if user.is_deactivated:
        raise bad_request("INPUT_USER_DEACTIVATED")
    new = Member(user.id, "member", joined_by_link=request.link.url)
    change_member(call.world, channel, new, actor=call.bot.user, link=request.link, via_join_request=True)
    return True


@api_method("declineChatJoinRequest")
def decline_chat_join_request(call: MethodCall) -> bool:
    """The user who asked waits no more and is not a member."""
    channel = get_channel_with_right(call, "can_invite_users", NO_RIGHT)
    user = get_user(call)
    if forget_request(call.world, channel, user.id) is None:
        raise _no_request(call, channel, user.id)
    channel.book.touch()
    return True


@api_method("answerChatJoinRequestQuery")
def answer_chat_join_request_query(call: MethodCall) -> bool:
    """The appointed bot has decided, or left the request to other administrators. Possible once, within ten seconds."""
    if call["result"] not in ("approve", "decline", "queue"):
        raise bad_request("invalid join request query result specified")
    query_id = call["chat_join_request_query_id"]
    asked = ((channel, channel.request_asked_by(query_id)) for channel in call.world.channels.values())
    channel, request = next(((one, found) for one, found in asked if found), (None, None))
    if channel is None or request is None or not query_id or channel.guard_bot_id != call.bot.id:
        raise bad_request(TOO_OLD)
    if call.world.clock.timestamp() - request.query_at > ANSWER_SECONDS:
        raise bad_request(TOO_OLD)
    request.query_id = ""
    if call["result"] == "approve":
        new = Member(request.user_id, "member", joined_by_link=request.link.url)
        change_member(call.world, channel, new, actor=call.bot.user, link=request.link, via_join_request=True)
    elif call["result"] == "decline":
        forget_request(call.world, channel, request.user_id)
        channel.book.touch()
    return True


def _no_request(call: MethodCall, channel: Channel, user_id: int) -> ApiError:
    is_inside = channel.member(user_id, call.now).is_inside
    return bad_request("USER_ALREADY_PARTICIPANT" if is_inside else "HIDE_REQUESTER_MISSING")
