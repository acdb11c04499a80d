"""The record of calls and deliveries, faults, the clock, settings, health and reset."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from sandbox.telegram.control.body import (
    WORLD,
    field,
    optional_id,
    path_id,
    query_number,
    read_body,
    respond,
)
from sandbox.telegram.errors import ControlError
from sandbox.telegram.limits import BotBuckets, Limits

if TYPE_CHECKING:
    from aiohttp import web


async def list_calls(request: web.Request) -> web.Response:
    """Recorded Bot API calls, oldest first; `bot_id`, `method` and `after` narrow them."""
    calls = request.app[WORLD].recorder.calls(
        bot_id=optional_id(request, "bot_id"),
        method=request.query.get("method"),
        after=int(query_number(request, "after", 0)),
    )
    return respond([call.as_json() for call in calls])


async def show_counts(request: web.Request) -> web.Response:
    """How often each method and delivery was answered with each status."""
    return respond(request.app[WORLD].recorder.counts())


async def list_deliveries(request: web.Request) -> web.Response:
    """Attempts to deliver updates; `bot_id` and `after` narrow them."""
    deliveries = request.app[WORLD].recorder.deliveries(
        bot_id=optional_id(request, "bot_id"), after=int(query_number(request, "after", 0))
    )
    return respond([asdict(delivery) for delivery in deliveries])


async def add_fault(request: web.Request) -> web.Response:
    """The rule is part of the fault plan."""
    try:
        rule = request.app[WORLD].faults.add(await read_body(request))
    except ValueError as error:
        raise ControlError(400, str(error)) from error
    return respond(rule.as_json(), 201)


async def list_faults(request: web.Request) -> web.Response:
    """The fault plan."""
    return respond([rule.as_json() for rule in request.app[WORLD].faults.rules()])


async def clear_faults(request: web.Request) -> web.Response:
    """No fault is planned."""
    request.app[WORLD].faults.clear()
    return respond([])


async def remove_fault(request: web.Request) -> web.Response:
    """The rule is not part of the fault plan."""
    world = request.app[WORLD]
    if not world.faults.remove(path_id(request)):
        raise ControlError(404, "no such fault")
    return respond([rule.as_json() for rule in world.faults.rules()])


async def show_clock(request: web.Request) -> web.Response:
    """The sandbox's time."""
    clock = request.app[WORLD].clock
    return respond({"now": clock.now(), "unix": clock.unix(), "ahead_seconds": clock.ahead_seconds})


async def advance_clock(request: web.Request) -> web.Response:
    """The sandbox's time is `advance_seconds` later; retries that waited are due."""
    seconds = field(await read_body(request), "advance_seconds", object)
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or seconds < 0:
        raise ControlError(400, "advance_seconds must be a number of at least 0")
    request.app[WORLD].clock.advance(seconds)
    return await show_clock(request)


async def show_config(request: web.Request) -> web.Response:
    """What the chat page needs to know."""
    settings = request.app[WORLD].settings
    limits = {name: min(value, 1e9) for name, value in asdict(settings.limits).items()}
    return respond({"yookassa_url": settings.yookassa_url, "seed": settings.seed, "limits": limits})


async def change_config(request: web.Request) -> web.Response:
    """`yookassa_url` or some of `limits` (those of a bot, a private chat, a group) are others; buckets are full."""
    world, body = request.app[WORLD], await read_body(request)
    world.settings.yookassa_url = field(body, "yookassa_url", str, default=world.settings.yookassa_url)
    changes = field(body, "limits", dict, default={})
    try:
        world.settings.limits = Limits(**asdict(world.settings.limits) | changes)
    except TypeError as error:
        raise ControlError(400, "limits are bot_, chat_ and group_rate, and bot_, chat_ and group_burst") from error
    if changes:
        for bot in world.bots.values():
            bot.buckets = BotBuckets(world.settings.limits)
    return await show_config(request)


async def show_health(_request: web.Request) -> web.Response:
    """The server answers."""
    return respond({"status": "ok", "server": "telegram"})


async def reset(request: web.Request) -> web.Response:
    """Nobody and nothing exists."""
    request.app[WORLD].reset()
    return respond({"status": "ok"})
