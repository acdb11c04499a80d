"""What the hosted pages have in common: the frame, the card form, sums and days."""

from datetime import UTC, datetime
from html import escape
from importlib.resources import files

from aiohttp import web

from sandbox.stripe.cards import BY_NUMBER
from sandbox.stripe.customers import TAX_KINDS
from sandbox.stripe.pages.words import WORDS
from sandbox.stripe.store import Body

_STYLE = files("sandbox.stripe.pages").joinpath("page.css").read_text(encoding="utf-8")
_SYMBOLS = {"usd": "$", "eur": "€", "rub": "₽", "gbp": "£"}
_ZERO_DECIMAL = {"jpy", "krw", "vnd", "clp"}


def page(language: str, title: str, body: str, *, shop: str, status: int = 200) -> web.Response:
    """Return a whole page."""
    words = WORDS[language]
    html = f"""<!doctype html><html lang="{language}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(title)}</title>
<style>{_STYLE}</style></head><body><p class="test">{words["test"]}</p>
<main><header><p class="shop">{escape(shop)}</p><h1>{escape(title)}</h1></header>{body}</main></body></html>"""
    return web.Response(text=html, status=status, content_type="text/html", headers={"Cache-Control": "no-store"})


def unknown_page(language: str) -> web.Response:
    """Return the page for an address that leads nowhere."""
    return page(language, WORDS[language]["unknown"], "", shop="Stripe", status=404)


def alert(message: str) -> str:
    """Return what went wrong, so that a screen reader says it at once."""
    return f'<p class="alert" role="alert">{escape(message)}</p>' if message else ""


def card_fields(language: str, button: str, *, is_optional: bool = False) -> str:
    """Return the fields of a card with a button, and one button for each test card."""
    words = WORDS[language]
    required = "" if is_optional else "required"
    cards = "".join(
        f'<li><button class="card" name="number" value="{card.number}" formnovalidate>'
        f'<span class="digits">{grouped(card.number)}</span> '
        f'<span class="{"bad" if card.on_charge else "good"}">{escape(card.title)}</span></button></li>'
        for card in BY_NUMBER.values()
    )
    return f"""<label class="wide">{words["number"]}
<input name="typed" inputmode="numeric" autocomplete="cc-number" {required} pattern="[0-9 ]{{12,23}}" placeholder="4242 4242 4242 4242"></label>
<label>{words["expiry"]}<input value="12/34" inputmode="numeric" autocomplete="cc-exp"></label>
<label>{words["cvc"]}<input value="123" inputmode="numeric" autocomplete="cc-csc"></label>
<button class="pay wide">{escape(button)}</button>
<details class="wide"><summary>{words["cards"]}</summary><ul>{cards}</ul></details>"""


def tax_fields(language: str, label: str, *, kind: str = "", value: str = "") -> str:
    """Return the fields of a tax id: of which kind it is, and its value."""
    words = WORDS[language]
    options = "".join(
        f'<option value="{name}"{" selected" if name == kind else ""}>{name.replace("_", " ").upper()}</option>'
        for name in TAX_KINDS
    )
    return (
        f'<label>{words["tax_kind"]}<select name="tax_id_type">{options}</select></label>'
        f'<label>{escape(label)}<input name="tax_id" value="{escape(value)}" placeholder="DE123456789"></label>'
    )


def money(amount: int, currency: str, language: str) -> str:
    """Write a sum of minor units as the language does."""
    value = f"{amount:,}" if currency in _ZERO_DECIMAL else f"{amount / 100:,.2f}"
    if language == "ru":
        value = value.replace(",", "\u00a0").replace(".", ",")
    symbol = _SYMBOLS.get(currency, currency.upper())
    return f"{value}\u00a0{symbol}" if language == "ru" else f"{symbol}{value}"


def price_text(price: Body, language: str) -> str:
    """Write a price with its interval: `$20.00 per month`."""
    words, recurring = WORDS[language], price["recurring"]
    count = recurring["interval_count"]
    interval = words[recurring["interval"]] if count == 1 else f"{count} × {words[recurring['interval']]}"
    return f"{money(price['unit_amount'], price['currency'], language)} {words['per'].format(interval=interval)}"


def day(moment: int) -> str:
    """Write a day."""
    return datetime.fromtimestamp(moment, UTC).strftime("%d.%m.%Y")


def grouped(number: str) -> str:
    """Write a card's number in groups of four."""
    return " ".join(number[index : index + 4] for index in range(0, len(number), 4))
