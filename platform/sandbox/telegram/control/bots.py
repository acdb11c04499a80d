"""BotFather: bots and their tokens; and updates that nobody caused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.telegram.control.body import (
    WORLD,
    field,
    get_bot,
    get_user,
    optional,
    path_id,
    read_body,
    read_new_id,
    respond,
)
from sandbox.telegram.errors import ControlError

if TYPE_CHECKING:
    from aiohttp import web


async def create_bot(request: web.Request) -> web.Response:
    """A bot exists; its token is told."""
    world, body = request.app[WORLD], await read_body(request)
    username = field(body, "username", str).removeprefix("@")
    if not username.lower().endswith("bot"):
        raise ControlError(400, "a bot's username ends in bot")
    if any((user.username or "").lower() == username.lower() for user in world.users.values()):
        raise ControlError(409, f"the username {username} is taken")
    owner_user_id = optional(body, "owner_user_id", int)
    if owner_user_id is not None:
        get_user(world, owner_user_id)
    bot = world.add_bot(
        name=field(body, "name", str), username=username, owner_user_id=owner_user_id, bot_id=read_new_id(world, body)
    )
    return respond(bot.as_json(), 201)


async def list_bots(request: web.Request) -> web.Response:
    """Every bot."""
    return respond([bot.as_json() for bot in request.app[WORLD].bots.values()])


async def revoke_token(request: web.Request) -> web.Response:
    """The old token answers 401; the new one is told."""
    world = request.app[WORLD]
    bot = get_bot(world, path_id(request))
    world.revoke_token(bot)
    return respond(bot.as_json())


async def inject_update(request: web.Request) -> web.Response:
    """The bot gets this update as it is; `update_id` is filled in when absent."""
    body = await read_body(request)
    bot = get_bot(request.app[WORLD], path_id(request))
    return respond({"update_id": bot.feed.push_raw(field(body, "update", dict))}, 201)
