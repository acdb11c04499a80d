"""How the page of a portal session looks."""

from dataclasses import dataclass
from html import escape

from aiohttp import web

from sandbox.stripe.pages.layout import alert, card_fields, day, money, page, price_text, tax_fields
from sandbox.stripe.pages.words import WORDS
from sandbox.stripe.portal import offered_prices
from sandbox.stripe.standing import ENDED
from sandbox.stripe.store import Account, Body


@dataclass(frozen=True, slots=True)
class View:
    """What one rendering of the page is about."""

    account: Account
    session: Body
    configuration: Body
    customer: Body
    language: str
    message: str = ""
    is_done: bool = False


def render(view: View) -> web.Response:
    """Return the page: of a flow only its part, otherwise everything that the configuration has."""
    words, features = WORDS[view.language], view.configuration["features"]
    flow = (view.session["flow"] or {}).get("type")
    parts = []
    if flow in {None, "subscription_cancel", "subscription_update"}:
        parts.append(_subscriptions(view))
    if features["payment_method_update"]["enabled"] and flow in {None, "payment_method_update"}:
        parts.append(_card(view))
    if features["customer_update"]["enabled"] and flow is None:
        parts.append(_customer(view))
    if features["invoice_history"]["enabled"] and flow is None:
        parts.append(_invoices(view))
    done = f'<p class="done" role="status">{words["done"]}</p>' if view.is_done else ""
    back = view.session["return_url"]
    link = f'<p><a href="{escape(back)}">{words["to_shop"]}</a></p>' if back else ""
    body = link + done + alert(view.message) + "".join(parts)
    return page(view.language, words["portal"], body, shop=view.account.name, status=402 if view.message else 200)


def _subscriptions(view: View) -> str:
    words = WORDS[view.language]
    mine = view.account.oldest_first("subscription", customer=view.customer["id"])
    parts = "".join(_subscription(view, one) for one in reversed(mine)) or f'<p class="quiet">{words["none"]}</p>'
    return f"<h2>{words['subscriptions']}</h2>{parts}"


def _subscription(view: View, subscription: Body) -> str:
    words, item = WORDS[view.language], subscription["items"]["data"][0]
    name = view.account.get("product", item["price"]["product"])["name"]
    bad = subscription["status"] in {"past_due", "unpaid", "canceled", "incomplete", "incomplete_expired"}
    return f"""<section><div class="row"><strong>{escape(name)}</strong>
<span class="chip {"bad" if bad else "good"}">{words["status_" + subscription["status"]]}</span></div>
<p>{price_text(item["price"], view.language)}</p><p class="quiet">{_fate(view, subscription)}</p>{_actions(view, subscription)}</section>"""


def _fate(view: View, subscription: Body) -> str:
    words, until = WORDS[view.language], subscription["items"]["data"][0]["current_period_end"]
    if subscription["status"] in ENDED:
        return words["ended"].format(date=day(subscription["ended_at"]))
    if subscription["cancel_at"]:
        return words["ends"].format(date=day(subscription["cancel_at"]))
    if subscription["status"] == "trialing":
        return words["trial_until"].format(date=day(subscription["trial_end"]))
    return words["renews"].format(date=day(until))


def _actions(view: View, subscription: Body) -> str:
    words, features = WORDS[view.language], view.configuration["features"]
    if subscription["status"] in ENDED:
        return ""
    hidden = f'<input type="hidden" name="subscription" value="{subscription["id"]}">'
    parts = []
    if features["subscription_cancel"]["enabled"]:
        if subscription["cancel_at"]:
            parts.append(
                f'<form method="post">{hidden}<button class="wide" name="action" value="resume">{words["resume"]}</button></form>'
            )
        else:
            parts.append(
                f'<form method="post">{hidden}{_reasons(view)}<button class="wide" name="action" value="cancel">{words["cancel"]}</button></form>'
            )
    current = subscription["items"]["data"][0]["price"]["id"]
    for price_id in offered_prices(view.configuration):
        if price_id != current:
            price = view.account.get("price", price_id)
            name = view.account.get("product", price["product"])["name"]
            parts.append(
                f'<form method="post">{hidden}<input type="hidden" name="price" value="{price_id}">'
                f"<p>{escape(name)}: {price_text(price, view.language)}</p>"
                f'<button name="action" value="switch">{words["switch"]}</button></form>'
            )
    return "".join(parts)


def _reasons(view: View) -> str:
    words, asked = WORDS[view.language], view.configuration["features"]["subscription_cancel"]["cancellation_reason"]
    if not asked["enabled"]:
        return ""
    options = "".join(f'<option value="{name}">{words[name]}</option>' for name in asked["options"])
    return f'<label class="wide">{words["reason"]}<select name="feedback"><option value="">{words["no_reason"]}</option>{options}</select></label>'


def _card(view: View) -> str:
    words, default = WORDS[view.language], view.customer["invoice_settings"]["default_payment_method"]
    method_ids = [default, *(one["default_payment_method"] for one in view.account.newest_first("subscription")
                             if one["customer"] == view.customer["id"])]  # fmt: skip
    method = next((found for one in method_ids if (found := view.account.find("payment_method", one))), None)
    shown = f"{method['card']['brand']} •••• {method['card']['last4']}" if method else words["no_card"]
    return f"""<h2>{words["card"]}</h2><section><p>{escape(shown)}</p>
<form method="post">{card_fields(view.language, words["change_card"])}</form></section>"""


def _customer(view: View) -> str:
    words, allowed = WORDS[view.language], view.configuration["features"]["customer_update"]["allowed_updates"]
    fields = ""
    if "email" in allowed:
        fields += f'<label class="wide">{words["email"]}<input name="email" type="email" required value="{escape(view.customer["email"] or "")}"></label>'
    if "tax_id" in allowed:
        known = view.account.oldest_first("tax_id", customer=view.customer["id"])
        listed = ", ".join(escape(f"{one['value']}") for one in known)
        fields += f'<p class="wide quiet">{words["tax_ids"]}: {listed or "—"}</p>'
        fields += tax_fields(view.language, words["tax_id_new"])
    if not fields:
        return ""
    return f'<form class="sheet" method="post">{fields}<button class="wide" name="action" value="update_customer">{words["save"]}</button></form>'


def _invoices(view: View) -> str:
    words = WORDS[view.language]
    rows = "".join(
        f'<div class="row"><span>{day(one["created"])}</span><span>{money(one["total"], one["currency"], view.language)}</span>'
        f'<span>{words["status_" + one["status"]]}</span><a href="{escape(one["hosted_invoice_url"])}">{words["open_invoice"]}</a></div>'
        for one in view.account.newest_first("invoice")
        if one["customer"] == view.customer["id"] and one["status"] != "draft"
    )
    return f"<h2>{words['invoices']}</h2><section>{rows or words['none']}</section>"
