"""Updates that follow from what people and administrators do."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from sandbox.telegram.state.members import Member, member_as_json

if TYPE_CHECKING:
    from sandbox.telegram.state.channels import Channel
    from sandbox.telegram.state.invoices import StarSubscription
    from sandbox.telegram.state.links import InviteLink, JoinRequest
    from sandbox.telegram.state.users import User
    from sandbox.telegram.state.world import World

# How long a bot may write to someone who asked to join.
JOIN_REQUEST_CONTACT_SECONDS = 300


def tell_member_change(
    world: World,
    channel: Channel,
    *,
    actor: User,
    old: Member,
    new: Member,
    link: InviteLink | None = None,
    via_join_request: bool = False,
) -> None:
    """The bot itself gets `my_chat_member`; bots that administer the chat get `chat_member`."""
    subject = world.users[new.user_id]
    content: dict[str, Any] = {
        "chat": channel.as_chat(),
        "from": actor.as_json(),
        "date": world.clock.unix(),
        "old_chat_member": member_as_json(old, subject.as_json(), channel.kind),
        "new_chat_member": member_as_json(new, subject.as_json(), channel.kind),
    }
    if subject.id in world.bots:
        world.bots[subject.id].feed.push("my_chat_member", content)
    if link is not None:
        content["invite_link"] = link.as_json(channel.pending_by(link))
    if via_join_request:
        content["via_join_request"] = True
    now = world.clock.unix()
    for member in list(channel.members.values()):
        bot = world.bots.get(member.user_id)
        if bot is not None and bot.id != subject.id and member.at(now).is_admin:
            bot.feed.push("chat_member", content)


def tell_join_request(world: World, channel: Channel, request: JoinRequest) -> None:
    """Bots that may invite users get `chat_join_request` and may write to the user for five minutes.

    The one that is appointed to process requests is asked, too.
    """
    user = world.users[request.user_id]
    now = world.clock.unix()
    content: dict[str, Any] = {
        "chat": channel.as_chat(),
        "from": user.as_json(),
        "user_chat_id": user.id,
        "date": request.date,
        "invite_link": request.link.as_json(channel.pending_by(request.link)),
    }
    for member in list(channel.members.values()):
        bot = world.bots.get(member.user_id)
        if bot is not None and member.at(now).may("can_invite_users"):
            bot.may_write_until[user.id] = now + JOIN_REQUEST_CONTACT_SECONDS
            request.told_bots.add(bot.id)
            is_asked = bot.id == channel.guard_bot_id
            if is_asked:
                request.query_id, request.query_at = str(secrets.randbits(62)), world.clock.timestamp()
            bot.feed.push("chat_join_request", content | ({"query_id": request.query_id} if is_asked else {}))


def tell_state(world: World, subscription: StarSubscription, state: str) -> None:
    """The bot gets `subscription`: the person's subscription in Stars is in another state."""
    subscription.state = state
    user = world.users[subscription.user_id]
    content = {"user": user.as_json(), "invoice_payload": subscription.link.payload, "state": state}
    world.bots[subscription.bot_id].feed.push("subscription", content)


def tell_block(world: World, *, bot_id: int, user: User, is_blocked: bool) -> None:
    """The bot gets `my_chat_member` for the private chat that was stopped or started again."""
    bot = world.bots[bot_id]
    inside = {"status": "member", "user": bot.user.as_json()}
    outside = {"status": "kicked", "user": bot.user.as_json(), "until_date": 0}
    bot.feed.push(
        "my_chat_member",
        {
            "chat": user.as_chat(),
            "from": user.as_json(),
            "date": world.clock.unix(),
            "old_chat_member": inside if is_blocked else outside,
            "new_chat_member": outside if is_blocked else inside,
        },
    )
