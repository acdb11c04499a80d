"""The mailbox over HTTP: a page for people, JSON for programs; the SMTP server starts and stops with it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

from aiohttp import web

from sandbox.icon import add_icon_route
from sandbox.mail.mailbox import FAULTS, Mailbox, serve_smtp

PAGE = Path(__file__).parent / "page"
MAILBOX = web.AppKey("mailbox", Mailbox)
SMTP_PORT = web.AppKey("smtp_port", list[int])
_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
}


def create_app(*, smtp_host: str = "127.0.0.1", smtp_port: int = 0) -> web.Application:
    """Return the mailbox; `app[SMTP_PORT][0]` tells the port that mail is taken on once it runs."""
    app = web.Application()
    app[MAILBOX] = Mailbox()
    app[SMTP_PORT] = [smtp_port]

    async def serve(app: web.Application) -> AsyncIterator[None]:
        server = await serve_smtp(app[MAILBOX], host=smtp_host, port=smtp_port)
        app[SMTP_PORT][0] = server.sockets[0].getsockname()[1]
        yield
        server.close()

    app.cleanup_ctx.append(serve)
    app.add_routes(
        [
            web.get("/sandbox/health", health),
            web.get("/sandbox/letters", list_letters),
            web.get("/sandbox/letters/{id}", get_letter),
            web.delete("/sandbox/letters", forget_letters),
            web.put("/sandbox/fault", set_fault),
            web.get("/", page),
            web.static("/page", PAGE),
        ]
    )
    add_icon_route(app)
    return app


async def health(_request: web.Request) -> web.Response:
    return web.json_response({"status": "ok"})


async def page(_request: web.Request) -> web.StreamResponse:
    return web.FileResponse(PAGE / "index.html", headers=_HEADERS)


async def list_letters(request: web.Request) -> web.Response:
    found = request.app[MAILBOX].find(request.query.get("to", ""))
    return web.json_response({"letters": [item.as_json() for item in reversed(found)]})


async def get_letter(request: web.Request) -> web.Response:
    for item in request.app[MAILBOX].letters:
        if str(item.id) == request.match_info["id"]:
            return web.json_response(item.as_json())
    raise web.HTTPNotFound


async def forget_letters(request: web.Request) -> web.Response:
    request.app[MAILBOX].letters.clear()
    return web.json_response({"status": "ok"})


async def set_fault(request: web.Request) -> web.Response:
    fault = (await request.json()).get("fault")
    if fault not in FAULTS:
        raise web.HTTPBadRequest(text=f"one of {', '.join(FAULTS)}")
    request.app[MAILBOX].fault = fault
    return web.json_response({"fault": fault})
