"""The page of a Checkout Session: subscribe with a card, have it declined, or go back."""

from html import escape

from aiohttp import web

from sandbox.stripe.cards import BY_NUMBER
from sandbox.stripe.checkout import complete, return_url_of
from sandbox.stripe.errors import ApiError
from sandbox.stripe.http import GATEWAY
from sandbox.stripe.pages.layout import alert, card_fields, grouped, money, page, price_text, tax_fields, unknown_page
from sandbox.stripe.pages.words import WORDS, language_of
from sandbox.stripe.store import Account, Body


def add_checkout_routes(app: web.Application) -> None:
    """Add the page."""
    app.router.add_get("/c/pay/{session_id}", show)
    app.router.add_post("/c/pay/{session_id}", submit)


async def show(request: web.Request) -> web.Response:
    """Show the form while the session is open, and how it ended afterwards."""
    found = _find(request)
    if found is None:
        return unknown_page(language_of(None, request.headers.get("Accept-Language", "")))
    account, session = found
    return _page(request, account, session)


async def submit(request: web.Request) -> web.Response:
    """Subscribe with the card that was typed or chosen; a refused card leaves the page open."""
    found = _find(request)
    if found is None:
        return unknown_page(language_of(None, request.headers.get("Accept-Language", "")))
    account, session = found
    form = {name: str(value) for name, value in (await request.post()).items()}
    form["number"] = (form.get("number") or form.get("typed") or "").replace(" ", "")
    card = BY_NUMBER.get(form["number"])
    if card is not None and card.asks and "authentication" not in form and session["status"] == "open":
        return _ask(request, account, session, form)
    try:
        complete(request.app[GATEWAY], account, session, form)
    except ApiError as error:
        return _page(request, account, session, message=error.message, form=form)
    raise web.HTTPSeeOther(return_url_of(session))


def _find(request: web.Request) -> tuple[Account, Body] | None:
    known = request.app[GATEWAY].store.pages.get(request.match_info["session_id"])
    session = known[0].find("checkout.session", known[1]) if known else None
    return (known[0], session) if known and session else None


def _language(request: web.Request, session: Body) -> str:
    return language_of(session["locale"], request.query.get("lang") or request.headers.get("Accept-Language", ""))


def _page(
    request: web.Request, account: Account, session: Body, *, message: str = "", form: dict[str, str] | None = None
) -> web.Response:
    language = _language(request, session)
    words = WORDS[language]
    if session["status"] != "open":
        link = (
            f'<p><a href="{escape(return_url_of(session))}">{words["to_shop"]}</a></p>'
            if session["status"] == "complete"
            else ""
        )
        return page(language, words[session["status"]], link, shop=account.name)
    lines = account.hidden[session["id"]]["line_items"]
    title = f"{words['subscribe_to']} {lines[0]['description']}"
    body = (
        f"{_summary(account, session, lines, language)}{alert(message)}{_form(account, session, form or {}, language)}"
    )
    return page(language, title, body, shop=account.name, status=402 if message else 200)


def _summary(account: Account, session: Body, lines: list[Body], language: str) -> str:
    words, hidden = WORDS[language], account.hidden[session["id"]]
    rows = "".join(
        f'<div class="row"><span>{line["quantity"]} × {escape(line["description"])}</span>'
        f"<span>{price_text(line['price'], language)}</span></div>"
        for line in lines
    )
    trial = ""
    if hidden["has_trial"]:
        data = hidden["data"]
        days = data.get("trial_period_days") or max((data["trial_end"] - session["created"]) // 86_400, 1)
        trial = f'<p class="good">{words["trial"].format(days=days, price=price_text(lines[0]["price"], language))}</p>'
    total = money(session["amount_total"], session["currency"], language)
    return f'<section><p class="sum">{total}</p><p class="quiet">{words["due_today"]}</p>{trial}{rows}</section>'


def _form(account: Account, session: Body, form: dict[str, str], language: str) -> str:
    words = WORDS[language]
    customer = account.find("customer", session["customer"]) or {}
    email = session["customer_email"] or customer.get("email") or form.get("email", "")
    is_known = bool(session["customer_email"] or customer.get("email"))
    tax = ""
    if session["tax_id_collection"]["enabled"]:
        kind, value = form.get("tax_id_type", ""), form.get("tax_id", "")
        tax = tax_fields(language, words["tax_id"], kind=kind, value=value)
    button = words["start_trial"] if account.hidden[session["id"]]["has_trial"] else words["subscribe"]
    needs_card = session["payment_method_collection"] == "always" or session["amount_total"] > 0
    back = f'<p><a href="{escape(session["cancel_url"])}">{words["back"]}</a></p>' if session["cancel_url"] else ""
    return f"""<form class="sheet" method="post">
<label class="wide">{words["email"]}<input name="email" type="email" autocomplete="email" required value="{escape(email)}" {"readonly" if is_known else ""}></label>
<label class="wide">{words["name"]}<input name="name" autocomplete="cc-name" value="{escape(form.get("name", customer.get("name") or ""))}"></label>
{tax}{card_fields(language, button, is_optional=not needs_card)}</form>{back}"""


def _ask(request: web.Request, account: Account, session: Body, form: dict[str, str]) -> web.Response:
    language = _language(request, session)
    words = WORDS[language]
    kept = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in form.items()
        if name != "typed"
    )
    body = f"""<section><p>{words["secure_text"]}</p><p class="digits">{grouped(form["number"])}</p>
<form method="post">{kept}<button class="pay" name="authentication" value="ok">{words["secure_ok"]}</button>
<button name="authentication" value="fail">{words["secure_fail"]}</button></form></section>"""
    return page(language, words["secure_title"], body, shop=account.name)
