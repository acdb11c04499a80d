"""The people of the sandbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.telegram.control.body import (
    WORLD,
    field,
    get_person,
    optional,
    path_id,
    read_body,
    read_new_id,
    respond,
)

if TYPE_CHECKING:
    from aiohttp import web

    from sandbox.telegram.state.users import User


def show_user(user: User) -> dict[str, object]:
    """A user as the control API shows it."""
    return user.as_json() | {"is_deactivated": user.is_deactivated, "is_test_drive": user.is_test_drive}


async def create_user(request: web.Request) -> web.Response:
    """A person exists."""
    world, body = request.app[WORLD], await read_body(request)
    user = world.add_user(
        user_id=read_new_id(world, body),
        first_name=field(body, "first_name", str),
        last_name=optional(body, "last_name", str),
        username=optional(body, "username", str),
        language_code=optional(body, "language_code", str),
        is_premium=field(body, "is_premium", bool, default=False),
        is_test_drive=field(body, "is_test_drive", bool, default=False),
    )
    return respond(show_user(user), 201)


async def list_users(request: web.Request) -> web.Response:
    """Every person; bots are listed apart."""
    return respond([show_user(user) for user in request.app[WORLD].users.values() if not user.is_bot])


async def deactivate_user(request: web.Request) -> web.Response:
    """The account is deleted: it does nothing more and bots cannot write to it."""
    user = get_person(request.app[WORLD], path_id(request))
    user.is_deactivated = True
    return respond(show_user(user))


async def erase_user(request: web.Request) -> web.Response:
    """The person never was, nor were the bots and channels that the person owned. Safe to repeat."""
    world = request.app[WORLD]
    user = world.users.get(path_id(request))
    if user is not None and not user.is_bot:
        world.erase_user(user)
    return respond({"status": "ok"})
