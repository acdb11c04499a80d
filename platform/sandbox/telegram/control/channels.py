"""What a channel's owner does: make it, appoint administrators, add and remove members."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.telegram.control.body import (
    WORLD,
    field,
    get_channel,
    get_person,
    get_user,
    optional,
    path_id,
    read_body,
    respond,
)
from sandbox.telegram.errors import ControlError
from sandbox.telegram.state.channels import Channel
from sandbox.telegram.state.joining import change_member
from sandbox.telegram.state.members import DEFAULT_BOT_RIGHTS, Member, rights_of
from sandbox.telegram.state.world import FIRST_CHANNEL_ID

if TYPE_CHECKING:
    from aiohttp import web

    from sandbox.telegram.state.world import World

KINDS = frozenset({"channel", "supergroup"})


async def create_channel(request: web.Request) -> web.Response:
    """A channel or supergroup exists and has an owner."""
    world, body = request.app[WORLD], await read_body(request)
    owner = get_person(world, field(body, "owner_user_id", int))
    kind = field(body, "type", str, default="channel")
    if kind not in KINDS:
        raise ControlError(400, "type must be channel or supergroup")
    channel = Channel(
        id=_read_channel_id(world, body) or world.new_id(FIRST_CHANNEL_ID, -1, world.channels),
        title=field(body, "title", str),
        kind=kind,
        owner_id=owner.id,
        username=optional(body, "username", str),
        members={owner.id: Member(owner.id, "creator")},
        known={owner.id},
    )
    world.channels[channel.id] = channel
    return respond(show_channel(world, channel), 201)


async def list_channels(request: web.Request) -> web.Response:
    """Every channel, without its members."""
    world = request.app[WORLD]
    return respond([_show_head(world, channel) for channel in world.channels.values()])


async def read_channel(request: web.Request) -> web.Response:
    """A channel with members, links, requests and posts."""
    world = request.app[WORLD]
    return respond(show_channel(world, get_channel(world, path_id(request))))


async def change_channel(request: web.Request) -> web.Response:
    """The title is another, every link asks for approval (`is_approval_forced`), or a bot decides (`guard_bot_id`)."""
    world, body = request.app[WORLD], await read_body(request)
    channel = get_channel(world, path_id(request))
    channel.title = field(body, "title", str, default=channel.title)
    channel.guard_bot_id = optional(body, "guard_bot_id", int) if "guard_bot_id" in body else channel.guard_bot_id
    channel.is_approval_forced = field(body, "is_approval_forced", bool, default=channel.is_approval_forced)
    return respond(show_channel(world, channel))


async def promote(request: web.Request) -> web.Response:
    """The user or bot administers the channel.

    `rights` lists the exact rights; else single `can_…` flags change the default, which is what an access bot needs.
    """
    world, body = request.app[WORLD], await read_body(request)
    channel = get_channel(world, path_id(request))
    user = get_user(world, path_id(request, "member_id"))
    _refuse_owner(channel, user.id)
    rights = _read_rights(channel, body)
    change_member(world, channel, Member(user.id, "administrator", rights), actor=world.users[channel.owner_id])
    return respond(show_channel(world, channel))


async def demote(request: web.Request) -> web.Response:
    """An ordinary member; a bot is not inside a channel any more, as it can only be there as an administrator."""
    world = request.app[WORLD]
    channel = get_channel(world, path_id(request))
    user = get_user(world, path_id(request, "member_id"))
    _refuse_owner(channel, user.id)
    if not channel.member(user.id, world.clock.unix()).is_admin:
        raise ControlError(409, "not an administrator")
    stays = not (user.is_bot and channel.kind == "channel")
    new = Member(user.id, "member") if stays else Member(user.id)
    change_member(world, channel, new, actor=world.users[channel.owner_id])
    return respond(show_channel(world, channel))


async def add_member(request: web.Request) -> web.Response:
    """The owner, or in a supergroup the member `by_user_id`, has added a person, or a bot to a supergroup."""
    world, body = request.app[WORLD], await read_body(request)
    channel = get_channel(world, path_id(request))
    user = get_user(world, field(body, "user_id", int))
    if user.is_bot and channel.kind == "channel":
        raise ControlError(409, "a bot can only be an administrator of a channel")
    if channel.member(user.id, world.clock.unix()).is_inside:
        raise ControlError(409, "already a member")
    adder = get_person(world, field(body, "by_user_id", int, default=channel.owner_id))
    its_place = channel.member(adder.id, world.clock.unix())
    if not (its_place.is_admin or (its_place.is_inside and channel.kind == "supergroup")):
        raise ControlError(403, "only members of a supergroup and administrators can add people")
    change_member(world, channel, Member(user.id, "member"), actor=adder)
    return respond(show_channel(world, channel), 201)


async def remove_member(request: web.Request) -> web.Response:
    """A person leaves by choice; a bot is kicked by the owner."""
    world = request.app[WORLD]
    channel = get_channel(world, path_id(request))
    user = get_user(world, path_id(request, "user_id"))
    _refuse_owner(channel, user.id)
    if not channel.member(user.id, world.clock.unix()).is_inside:
        raise ControlError(409, "not a member")
    if user.is_bot:
        change_member(world, channel, Member(user.id, "kicked"), actor=world.users[channel.owner_id])
    else:
        change_member(world, channel, Member(user.id), actor=user)
    return respond(show_channel(world, channel))


def show_channel(world: World, channel: Channel) -> dict[str, Any]:
    """A channel as the control API shows it."""
    now = world.clock.unix()
    return _show_head(world, channel) | {
        "members": [_show_member(world, member.at(now)) for member in channel.members.values()],
        "links": [
            link.as_json(channel.pending_by(link)) | {"joined_count": channel.joined_by(link, now)}
            for link in channel.links.values()
        ],
        "join_requests": [
            {"user_id": request.user_id, "invite_link": request.link.url, "date": request.date}
            for request in channel.requests.values()
        ],
        "messages": [message.as_view() for message in channel.book.messages.values()],
    }


def _show_head(world: World, channel: Channel) -> dict[str, Any]:
    return {
        "id": channel.id,
        "title": channel.title,
        "type": channel.kind,
        "username": channel.username,
        "owner_user_id": channel.owner_id,
        "member_count": len(channel.inside(world.clock.unix())),
        "is_approval_forced": channel.is_approval_forced,
        "version": channel.book.version,
    }


def _show_member(world: World, member: Member) -> dict[str, Any]:
    user = world.users[member.user_id]
    return {
        "user_id": user.id,
        "first_name": user.first_name,
        "is_bot": user.is_bot,
        "status": member.status,
        "is_inside": member.is_inside,
        "rights": sorted(member.rights),
        "until_date": member.until_date,
        "joined_by_link": member.joined_by_link,
    }


def _read_rights(channel: Channel, body: dict[str, Any]) -> frozenset[str]:
    known = {*rights_of(channel.kind), "is_anonymous"}
    exact = optional(body, "rights", list)
    given = exact if exact is not None else [name for name in body if name != "rights"]
    unknown = sorted(set(map(str, given)) - known)
    if unknown:
        raise ControlError(400, f"no such right in a {channel.kind}: {', '.join(unknown)}")
    if exact is not None:
        return frozenset(exact)
    rights = set(DEFAULT_BOT_RIGHTS & known)
    for name in given:
        rights.add(name) if field(body, name, bool) else rights.discard(name)
    return frozenset(rights)


def _read_channel_id(world: World, body: dict[str, Any]) -> int | None:
    wanted = optional(body, "id", int)
    if wanted is not None and (wanted in world.channels or not -(1 << 52) < wanted < 0):
        raise ControlError(409, f"the id {wanted} is taken or impossible")
    return wanted


def _refuse_owner(channel: Channel, user_id: int) -> None:
    if user_id == channel.owner_id:
        raise ControlError(409, "the owner stays the owner")
