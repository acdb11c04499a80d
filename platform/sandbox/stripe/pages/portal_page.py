"""The page of a portal session: change the card, cancel, resume, switch, tax ids, invoices."""

from typing import Any

from aiohttp import web

from sandbox.stripe import portal
from sandbox.stripe.customers import update_customer
from sandbox.stripe.errors import ApiError, invalid
from sandbox.stripe.gateway import Gateway
from sandbox.stripe.http import GATEWAY
from sandbox.stripe.pages.layout import page, unknown_page
from sandbox.stripe.pages.portal_view import View, render
from sandbox.stripe.pages.words import WORDS, language_of
from sandbox.stripe.standing import ENDED
from sandbox.stripe.store import Account, Body

_FEATURE_OF = {
    "change_card": "payment_method_update",
    "cancel": "subscription_cancel",
    "resume": "subscription_cancel",
    "switch": "subscription_update",
    "update_customer": "customer_update",
}


def add_portal_routes(app: web.Application) -> None:
    """Add the page."""
    app.router.add_get("/p/session/{token}", show)
    app.router.add_post("/p/session/{token}", submit)


async def show(request: web.Request) -> web.Response:
    """Show what the configuration lets the customer see and do."""
    found = _find(request)
    if found is None:
        return unknown_page(language_of(None, request.headers.get("Accept-Language", "")))
    view = _view(request, *found)
    if view is None:
        return page("en", WORDS["en"]["expired"], "", shop=found[0].name, status=410)
    return render(view)


async def submit(request: web.Request) -> web.Response:
    """Do what the form asks for, then show the page again or go where the flow leads."""
    found = _find(request)
    if found is None:
        return unknown_page(language_of(None, request.headers.get("Accept-Language", "")))
    account, session = found
    view = _view(request, account, session)
    if view is None:
        return page("en", WORDS["en"]["expired"], "", shop=account.name, status=410)
    form = {name: str(value) for name, value in (await request.post()).items()}
    try:
        _act(request.app[GATEWAY], account, view.configuration, session["customer"], form)
    except ApiError as error:
        return render(_with(view, message=error.message))
    redirect = ((session["flow"] or {}).get("after_completion") or {}).get("redirect")
    if redirect:
        raise web.HTTPSeeOther(redirect["return_url"])
    raise web.HTTPSeeOther(f"{request.path}?done=1")


def _act(gateway: Gateway, account: Account, configuration: Body, customer_id: str, form: dict[str, str]) -> None:
    action = form.get("action", "change_card" if form.get("number") or form.get("typed") else "")
    feature = _FEATURE_OF.get(action)
    if feature is None or not configuration["features"][feature]["enabled"]:
        raise invalid("This portal does not offer that.")
    if action == "change_card":
        number = (form.get("number") or form.get("typed") or "").replace(" ", "")
        portal.change_card(gateway, account, customer_id, number)
        return
    if action == "update_customer":
        _update_customer(gateway, account, configuration, customer_id, form)
        return
    subscription = account.get("subscription", form.get("subscription", ""))
    if subscription["customer"] != customer_id or subscription["status"] in ENDED:
        raise invalid("There is no such subscription.")
    if action == "cancel":
        details: dict[str, Any] = {"feedback": form["feedback"]} if form.get("feedback") else {}
        portal.cancel_on_page(gateway, account, configuration, subscription, details)
    elif action == "resume":
        portal.resume_on_page(gateway, account, subscription)
    else:
        portal.switch_price_on_page(gateway, account, configuration, subscription, form.get("price", ""))


def _update_customer(
    gateway: Gateway, account: Account, configuration: Body, customer_id: str, form: dict[str, str]
) -> None:
    allowed = configuration["features"]["customer_update"]["allowed_updates"]
    changes: dict[str, Any] = {
        name: form[name].strip() for name in ("email", "name") if name in allowed and name in form
    }
    if "tax_id" in allowed and form.get("tax_id"):
        portal.add_tax_id_on_page(gateway, account, customer_id, form.get("tax_id_type", "eu_vat"), form["tax_id"])
    if changes:
        update_customer(gateway, account, customer_id, changes)


def _find(request: web.Request) -> tuple[Account, Body] | None:
    known = request.app[GATEWAY].store.pages.get(request.match_info["token"])
    session = known[0].find("billing_portal.session", known[1]) if known else None
    return (known[0], session) if known and session else None


def _view(request: web.Request, account: Account, session: Body) -> View | None:
    gateway = request.app[GATEWAY]
    if gateway.now() - session["created"] > portal.SESSION_LIFE_SECONDS:
        return None
    customer = account.get("customer", session["customer"])
    if customer.get("deleted"):
        return None
    accepted = request.query.get("lang") or request.headers.get("Accept-Language", "")
    return View(
        account=account,
        session=session,
        configuration=account.get("billing_portal.configuration", session["configuration"]),
        customer=customer,
        language=language_of(session["locale"], accepted),
        is_done="done" in request.query,
    )


def _with(view: View, *, message: str) -> View:
    return View(
        account=view.account, session=view.session, configuration=view.configuration, customer=view.customer,
        language=view.language, message=message,
    )  # fmt: skip
