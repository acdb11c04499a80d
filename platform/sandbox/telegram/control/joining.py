"""What a person does with invite links, and where a person is inside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.telegram.control.body import WORLD, field, get_person, get_user, path_id, read_body, respond
from sandbox.telegram.state.joining import join_by_link

if TYPE_CHECKING:
    from aiohttp import web


async def join(request: web.Request) -> web.Response:
    """Follow an invite link; `outcome` says what came of it."""
    world, body = request.app[WORLD], await read_body(request)
    user = get_person(world, path_id(request))
    outcome, chat_id = join_by_link(world, user, field(body, "invite_link", str))
    return respond({"outcome": outcome, "chat_id": chat_id})


async def list_memberships(request: web.Request) -> web.Response:
    """Every channel in which the person has a standing or a pending request."""
    world = request.app[WORLD]
    user, now = get_user(world, path_id(request)), world.clock.unix()
    shown = []
    for channel in world.channels.values():
        member = channel.member(user.id, now)
        is_requested = user.id in channel.requests
        if member.status == "left" and not is_requested:
            continue
        shown.append(
            {
                "chat_id": channel.id,
                "title": channel.title,
                "type": channel.kind,
                "status": member.status,
                "is_inside": member.is_inside,
                "is_requested": is_requested,
                "joined_by_link": member.joined_by_link,
            }
        )
    return respond(shown)
