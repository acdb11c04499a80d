"""Reading control API requests and writing their answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import orjson
from aiohttp import web

from sandbox.telegram.errors import ControlError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sandbox.telegram.state.channels import Channel
    from sandbox.telegram.state.users import Bot, User
    from sandbox.telegram.state.world import World

WORLD: web.AppKey[World] = web.AppKey("world")

Item = TypeVar("Item")


async def read_body(request: web.Request) -> dict[str, Any]:
    """The JSON object of a request; empty without a body.

    Raises:
        ControlError: The body is something else.
    """
    raw = await request.read()
    try:
        body = orjson.loads(raw) if raw else {}
    except orjson.JSONDecodeError as error:
        raise ControlError(400, "the body is not JSON") from error
    if not isinstance(body, dict):
        raise ControlError(400, "the body is not a JSON object")
    return body


def field(body: Mapping[str, Any], name: str, kind: type[Item], default: Item | None = None) -> Item:
    """A field of the right type.

    Raises:
        ControlError: Absent without a default, or of another type.
    """
    value = body.get(name, default)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise ControlError(400, f"{name} must be given as {kind.__name__}")
    return value


def optional(body: Mapping[str, Any], name: str, kind: type[Item]) -> Item | None:
    """A field of the right type, or None.

    Raises:
        ControlError: Of another type.
    """
    return None if body.get(name) is None else field(body, name, kind)


def query_number(request: web.Request, name: str, default: float) -> float:
    """A number from the query string.

    Raises:
        ControlError: Not a number.
    """
    try:
        return float(request.query.get(name, default))
    except ValueError as error:
        raise ControlError(400, f"{name} must be a number") from error


def optional_id(request: web.Request, name: str) -> int | None:
    """An id from the query string, or None.

    Raises:
        ControlError: Not a number.
    """
    return int(query_number(request, name, 0)) if name in request.query else None


def path_id(request: web.Request, name: str = "id") -> int:
    """An id from the path; the route lets only numbers through."""
    return int(request.match_info[name])


def _find(items: Mapping[int, Item], item_id: int, what: str) -> Item:
    item = items.get(item_id)
    if item is None:
        raise ControlError(404, f"no {what} {item_id}")
    return item


def read_new_id(world: World, body: Mapping[str, Any]) -> int | None:
    """The `id` that a new account shall have, or None.

    Raises:
        ControlError: It is taken or impossible.
    """
    wanted = optional(body, "id", int)
    if wanted is not None and (wanted in world.users or not 0 < wanted < 1 << 52):
        raise ControlError(409, f"the id {wanted} is taken or impossible")
    return wanted


def get_user(world: World, user_id: int) -> User:
    """The user or bot account with this id.

    Raises:
        ControlError: There is none.
    """
    return _find(world.users, user_id, "user")


def get_person(world: World, user_id: int) -> User:
    """The human with this id, able to act.

    Raises:
        ControlError: There is none, it is a bot, or the account is deactivated.
    """
    user = get_user(world, user_id)
    if user.is_bot or user.is_deactivated:
        raise ControlError(409, "a bot does not act as a user" if user.is_bot else "the account is deactivated")
    return user


def get_bot(world: World, bot_id: int) -> Bot:
    """The bot with this id.

    Raises:
        ControlError: There is none.
    """
    return _find(world.bots, bot_id, "bot")


def get_channel(world: World, channel_id: int) -> Channel:
    """The channel with this id.

    Raises:
        ControlError: There is none.
    """
    return _find(world.channels, channel_id, "channel")


def respond(content: object, status: int = 200) -> web.Response:
    """A JSON answer."""
    body = orjson.dumps(content, option=orjson.OPT_NON_STR_KEYS)
    return web.Response(body=body, status=status, content_type="application/json")
