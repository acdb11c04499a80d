"""Who and what a call is about: chats, users and the bot's rights there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.telegram.errors import ApiError, bad_request, forbidden
from sandbox.telegram.state.channels import Channel

if TYPE_CHECKING:
    from sandbox.telegram.methods.registry import MethodCall
    from sandbox.telegram.state.members import Member
    from sandbox.telegram.state.messages import PrivateChat
    from sandbox.telegram.state.users import User


def chat_not_found() -> ApiError:
    """The answer for a chat that the bot cannot know."""
    return bad_request("chat not found")


def find_channel(call: MethodCall) -> Channel | None:
    """The channel or supergroup that `chat_id` names, by number or by @name."""
    chat_id = call["chat_id"]
    if isinstance(chat_id, int):
        return call.world.channels.get(chat_id)
    name = chat_id.removeprefix("@").lower()
    found = (one for one in call.world.channels.values() if one.username and one.username.lower() == name)
    return next(found, None)


def get_channel(call: MethodCall) -> tuple[Channel, Member]:
    """The channel that `chat_id` names and the bot's own standing in it.

    Raises:
        ApiError: Unknown to the bot, private, or the bot is not inside (any more).
    """
    channel = find_channel(call)
    if channel is None:
        if isinstance(call["chat_id"], int) and call["chat_id"] in call.world.users:
            raise bad_request("method is available for supergroup and channel chats only")
        raise chat_not_found()
    own = channel.member(call.bot.id, call.now)
    if own.status == "kicked":
        raise forbidden(f"bot was kicked from the {channel.kind} chat")
    if not own.is_inside and channel.username is None:
        if call.bot.id not in channel.known:
            raise chat_not_found()
        raise forbidden(f"bot is not a member of the {channel.kind} chat")
    return channel, own


def get_channel_with_right(call: MethodCall, right: str, refusal: str) -> Channel:
    """The channel that `chat_id` names, where the bot holds a right.

    Raises:
        ApiError: The bot does not administer it, or lacks the right (with the text `refusal`).
    """
    channel, own = get_channel(call)
    if not own.is_admin:
        raise bad_request("CHAT_ADMIN_REQUIRED")
    if not own.may(right):
        raise bad_request(refusal)
    return channel


def get_user(call: MethodCall) -> User:
    """The user that `user_id` names.

    Raises:
        ApiError: There is no such user.
    """
    user = call.world.users.get(call["user_id"])
    if user is None:
        raise bad_request("user not found")
    return user


def get_place_to_write(call: MethodCall) -> PrivateChat | Channel:
    """The chat that the bot wants to write to, if it may.

    Raises:
        ApiError: Unknown, closed to the bot, blocked, deactivated, or the bot lacks the right to post.
    """
    user = call.world.users.get(call["chat_id"]) if isinstance(call["chat_id"], int) else None
    if user is None:
        channel, own = get_channel(call)
        if channel.kind == "channel" and not own.may("can_post_messages"):
            raise bad_request("need administrator rights in the channel chat")
        return channel
    if user.is_bot:
        raise forbidden("bots can't send messages to bots")
    if user.is_deactivated:
        raise forbidden("user is deactivated")
    chat = call.world.private_chat(call.bot.id, user.id)
    if chat.is_blocked:
        raise forbidden("bot was blocked by the user")
    if not chat.is_started and call.bot.may_write_until.get(user.id, 0) <= call.now:
        raise forbidden("bot can't initiate conversation with a user")
    return chat
