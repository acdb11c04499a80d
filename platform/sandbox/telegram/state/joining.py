"""How people get into a channel and out of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.telegram.state.links import InviteLink, JoinRequest
from sandbox.telegram.state.members import Member
from sandbox.telegram.updates.events import tell_join_request, tell_member_change

if TYPE_CHECKING:
    from sandbox.telegram.state.channels import Channel
    from sandbox.telegram.state.users import User
    from sandbox.telegram.state.world import World


def change_member(
    world: World,
    channel: Channel,
    new: Member,
    *,
    actor: User,
    link: InviteLink | None = None,
    via_join_request: bool = False,
) -> None:
    """The member's standing is `new`, a pending request is settled and the bots concerned are told."""
    old = channel.member(new.user_id, world.clock.unix())
    if old == new:
        return
    if new.status == "left" and new.until_date == 0:
        channel.members.pop(new.user_id, None)
    else:
        channel.members[new.user_id] = new
    if new.is_inside:
        channel.known.add(new.user_id)
        forget_request(world, channel, new.user_id)
    channel.book.touch()
    tell_member_change(world, channel, actor=actor, old=old, new=new, link=link, via_join_request=via_join_request)


def forget_request(world: World, channel: Channel, user_id: int) -> JoinRequest | None:
    """No request of this user is pending; the bots told about it may not write first any more."""
    request = channel.requests.pop(user_id, None)
    if request is not None:
        for bot_id in request.told_bots:
            world.bots[bot_id].may_write_until.pop(user_id, None)
    return request


def join_by_link(world: World, user: User, url: str) -> tuple[str, int | None]:
    """Follow an invite link: what came of it, and which chat it leads to."""
    channel = world.channels_by_link.get(url)
    if channel is None:
        return "invalid", None
    link = channel.links[url]
    outcome = _decide_outcome(channel, link, user.id, world.clock.unix())
    if outcome == "requested":
        _ask_to_join(world, channel, user, link)
    elif outcome == "joined":
        change_member(world, channel, Member(user.id, "member", joined_by_link=url), actor=user, link=link)
    return outcome, channel.id


def _decide_outcome(channel: Channel, link: InviteLink, user_id: int, now: int) -> str:
    member = channel.member(user_id, now)
    refusals = {
        "already_member": member.is_inside,
        "banned": member.status == "kicked",
        "revoked": link.is_revoked,
        "expired": link.is_expired(now),
    }
    refusal = next((name for name, holds in refusals.items() if holds), None)
    if refusal is not None:
        return refusal
    if link.creates_join_request or channel.is_approval_forced:
        return "requested"
    return "full" if link.member_limit and channel.joined_by(link, now) >= link.member_limit else "joined"


def _ask_to_join(world: World, channel: Channel, user: User, link: InviteLink) -> None:
    if user.id in channel.requests:
        return
    request = channel.requests[user.id] = JoinRequest(user.id, link, world.clock.unix())
    channel.book.touch()
    tell_join_request(world, channel, request)
