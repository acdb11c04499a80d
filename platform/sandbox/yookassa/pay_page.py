"""The payment page: what the payer sees, and the form that pays or declines. It works without scripts."""

from aiohttp import web

from sandbox.yookassa.api import base_url_of
from sandbox.yookassa.cards import GENERAL_DECLINE
from sandbox.yookassa.errors import ApiError
from sandbox.yookassa.http import GATEWAY
from sandbox.yookassa.pay_view import View, render_form, render_outcome, render_unknown
from sandbox.yookassa.payments import decline_payment, pay
from sandbox.yookassa.store import Entry


def add_pay_page_routes(app: web.Application) -> None:
    """Add the payment page."""
    app.router.add_get("/pay/{payment_id}", show_page)
    app.router.add_post("/pay/{payment_id}", submit_page)


async def show_page(request: web.Request) -> web.Response:
    """Show the form while the payment is pending, and how it ended afterwards."""
    entry = _entry(request)
    if entry is None:
        return _page(render_unknown(_language(request)), 404)
    view = _view(request, entry)
    return _page(render_form(view) if entry.body["status"] == "pending" else render_outcome(view))


async def submit_page(request: web.Request) -> web.Response:
    """Pay with the card that was typed or chosen, or decline; then send the payer back to the shop.

    Inside a frame (`frame=1`) the outcome is shown instead, because the shop's page may not be framed.
    """
    entry = _entry(request)
    if entry is None:
        return _page(render_unknown(_language(request)), 404)
    gateway, form = request.app[GATEWAY], await request.post()
    try:
        if form.get("action") == "decline":
            decline_payment(gateway, entry, GENERAL_DECLINE)
        else:
            pay(gateway, entry, str(form.get("card") or form.get("number") or ""))
    except ApiError:
        # Paid twice from two tabs: the page below shows how the payment ended.
        return _page(render_outcome(_view(request, entry)), 409)
    if entry.return_url and not request.query.get("frame"):
        raise web.HTTPSeeOther(entry.return_url)
    return _page(render_outcome(_view(request, entry), is_fresh=True))


def _entry(request: web.Request) -> Entry | None:
    return request.app[GATEWAY].store.payments.by_id.get(request.match_info["payment_id"])


def _language(request: web.Request) -> str:
    asked = request.query.get("lang") or request.headers.get("Accept-Language") or "ru"
    return "en" if asked.lower().startswith("en") else "ru"


def _view(request: web.Request, entry: Entry) -> View:
    language, framed = _language(request), bool(request.query.get("frame"))
    query = f"?lang={language}" + ("&frame=1" if framed else "")
    return View(
        payment=entry.body,
        shop_name=entry.shop.name,
        language=language,
        framed=framed,
        action=f"{base_url_of(request)}/pay/{entry.body['id']}{query}",
        return_url=entry.return_url,
    )


def _page(html: str, status: int = 200) -> web.Response:
    return web.Response(text=html, status=status, content_type="text/html", headers={"Cache-Control": "no-store"})
