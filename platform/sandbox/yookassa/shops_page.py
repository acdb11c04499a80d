"""The page of the shops: what a merchant does in the gateway's cabinet. All that it does goes through the control API."""

from pathlib import Path

from aiohttp import web

PAGE = Path(__file__).parent / "page"
_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


def add_shops_page_routes(app: web.Application) -> None:
    """Add the page at `/` and its files."""
    app.router.add_get("/", show_page)
    app.router.add_static("/page", PAGE)


async def show_page(_request: web.Request) -> web.FileResponse:
    """Show the shops."""
    return web.FileResponse(PAGE / "index.html", headers=_HEADERS)
