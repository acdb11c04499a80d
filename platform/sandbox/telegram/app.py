"""The Telegram sandbox as one aiohttp application: the Bot API, the control API and the chat page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from sandbox.telegram.bot_api import BotApi, serve_unknown_path
from sandbox.telegram.control.body import WORLD
from sandbox.telegram.control.routes import control_routes, show_control_errors
from sandbox.telegram.control.stars import renew_due
from sandbox.telegram.limits import GENEROUS, Limits
from sandbox.telegram.state.world import Settings, World
from sandbox.telegram.updates.delivery import Courier

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

__all__ = ["WORLD", "create_app"]

LARGEST_REQUEST_BYTES = 51 * 1024 * 1024


def create_app(
    *,
    chat_dir: Path | None = None,
    yookassa_url: str = "",
    call_log_size: int = 200_000,
    seed: int = 0,
    limits: Limits = GENEROUS,
) -> web.Application:
    """A sandbox with nobody in it. Its state is `app[WORLD]`.

    Args:
        chat_dir: Folder of the chat page, served at `/` and `/chat/` when it exists.
        call_log_size: Calls and deliveries to remember; 0 keeps only counts.
        seed: Seed of the faults.
        limits: How fast bots may send before they get 429.
    """
    world = World(Settings(yookassa_url=yookassa_url, call_log_size=call_log_size, seed=seed, limits=limits))
    world.clock.on_advance(lambda: renew_due(world))
    bot_api = BotApi(world)
    app = web.Application(middlewares=[show_control_errors], client_max_size=LARGEST_REQUEST_BYTES)
    app[WORLD] = world
    app.router.add_route("*", "/bot{token:[^/]+}/{method:[^/]+}", bot_api.serve)
    app.add_routes(control_routes())
    if chat_dir is not None and chat_dir.is_dir():
        _serve_chat_page(app, chat_dir)
    app.router.add_route("*", "/{path:.*}", serve_unknown_path)

    async def deliver(_app: web.Application) -> AsyncIterator[None]:
        world.courier = Courier(world, bot_api.execute_from_answer)
        await world.courier.open()
        yield
        await world.courier.close()

    app.cleanup_ctx.append(deliver)
    return app


def _serve_chat_page(app: web.Application, folder: Path) -> None:
    async def show_page(_request: web.Request) -> web.FileResponse:
        return web.FileResponse(folder / "index.html", headers={"Cache-Control": "no-store"})

    app.router.add_get("/", show_page)
    app.router.add_get("/chat/", show_page)
    app.router.add_static("/chat/", folder)
