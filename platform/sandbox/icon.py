"""The icon of the stand-ins' pages: browsers ask for it at the root of a site, whatever page they show."""

from aiohttp import web

_ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="9" fill="#5b3df5"/>'
    '<path d="M9 22V10m0 12h14M15 17l4-4 4 4" fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round" '
    'stroke-linejoin="round"/></svg>'
)


def add_icon_route(app: web.Application) -> None:
    """Add the icon."""
    app.router.add_get("/favicon.ico", show_icon)


async def show_icon(_request: web.Request) -> web.Response:
    """Show the icon; browsers go by its type and not by the name that they ask for."""
    return web.Response(text=_ICON, content_type="image/svg+xml", headers={"Cache-Control": "max-age=86400"})
