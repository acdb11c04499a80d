"""How the payment page looks, in Russian and English."""

from dataclasses import dataclass
from html import escape
from importlib.resources import files
from typing import Any

from sandbox.yookassa.cards import DECLINES, SUCCESS_CARD

_STYLE = files("sandbox.yookassa").joinpath("pay_page.css").read_text(encoding="utf-8")
_SYMBOLS = {"RUB": "₽", "USD": "$", "EUR": "€", "KZT": "₸"}
_RU = {
    "title": "Оплата",
    "test": "Тестовая оплата: деньги не списываются",
    "to": "Получатель",
    "number": "Номер карты",
    "expiry": "ММ/ГГ",
    "csc": "CVC",
    "pay": "Оплатить",
    "cards": "Тестовые карты",
    "decline": "Отказаться от оплаты",
    "back": "Вернуться в магазин",
    "succeeded": "Оплачено",
    "waiting_for_capture": "Деньги зарезервированы",
    "canceled": "Платёж не прошёл",
    "pending": "Ожидает оплаты",
    "unknown": "Такого платежа нет",
    "number_hint": "Введите номер карты: 16 цифр",
    "ok": "Оплата пройдёт",
    "insufficient_funds": "Недостаточно денег",
    "card_expired": "Срок карты истёк",
    "3d_secure_failed": "Не пройден 3-D Secure",
    "country_forbidden": "Карта этой страны не принимается",
    "general_decline": "Отказ без причины",
    "invalid_card_number": "Неверный номер карты",
    "expired_on_confirmation": "Время на оплату вышло",
    "expired_on_capture": "Время на подтверждение вышло",
    "canceled_by_merchant": "Отменено магазином",
}
_EN = {
    "title": "Payment",
    "test": "Test payment: no money is charged",
    "to": "Paid to",
    "number": "Card number",
    "expiry": "MM/YY",
    "csc": "CVC",
    "pay": "Pay",
    "cards": "Test cards",
    "decline": "Decline the payment",
    "back": "Back to the shop",
    "succeeded": "Paid",
    "waiting_for_capture": "The money is held",
    "canceled": "The payment failed",
    "pending": "Waiting for payment",
    "unknown": "There is no such payment",
    "number_hint": "Enter a card number: 16 digits",
    "ok": "Pays",
    "insufficient_funds": "Not enough money",
    "card_expired": "Card expired",
    "3d_secure_failed": "3-D Secure failed",
    "country_forbidden": "Card of a refused country",
    "general_decline": "Declined, no reason given",
    "invalid_card_number": "Wrong card number",
    "expired_on_confirmation": "The time to pay is over",
    "expired_on_capture": "The time to capture is over",
    "canceled_by_merchant": "Canceled by the shop",
}
_WORDS = {"ru": _RU, "en": _EN}


@dataclass(frozen=True, slots=True)
class View:
    """What one rendering of the page is about."""

    payment: dict[str, Any]
    shop_name: str
    language: str
    framed: bool
    action: str
    return_url: str | None


def render_form(view: View) -> str:
    """Return the page on which the payer pays or declines."""
    words = _WORDS[view.language]
    cards = [(SUCCESS_CARD, "ok"), *((card, end.reason) for card, end in DECLINES.items())]
    buttons = "".join(
        f'<li><button class="card" name="card" value="{card}" formnovalidate>'
        f'<span class="digits">{_grouped(card)}</span>'
        f'<span class="{"good" if reason == "ok" else "bad"}">{words[reason]}</span></button></li>'
        for card, reason in cards
    )
    return _document(
        view.language,
        words["title"],
        f"""{_summary(view, words)}
<form method="post" action="{escape(view.action)}">
  <label class="wide">{words["number"]}
    <input name="number" inputmode="numeric" autocomplete="cc-number" required pattern="[0-9 ]{{16,23}}"
      title="{words["number_hint"]}" placeholder="0000 0000 0000 0000"></label>
  <label>{words["expiry"]}<input name="expiry" value="12/31" inputmode="numeric" autocomplete="cc-exp"></label>
  <label>{words["csc"]}<input name="csc" value="123" inputmode="numeric" autocomplete="cc-csc"></label>
  <button class="pay">{words["pay"]} {_money(view.payment["amount"], view.language)}</button>
  <fieldset><legend>{words["cards"]}</legend><ul>{buttons}</ul></fieldset>
  <button class="decline" name="action" value="decline" formnovalidate>{words["decline"]}</button>
</form>""",
    )


def render_outcome(view: View, *, is_fresh: bool = False) -> str:
    """Return the page that says how the payment stands; when fresh and framed it also tells the page around it."""
    words, status = _WORDS[view.language], view.payment["status"]
    reason = view.payment.get("cancellation_details", {}).get("reason")
    details = f"<p>{escape(words.get(reason, reason))}</p>" if reason else ""
    link = (
        f'<a class="pay" href="{escape(view.return_url)}" target="_top">{words["back"]}</a>'
        if view.return_url and not view.framed
        else ""
    )
    tell = (
        "<script>parent.postMessage({type:'payment',status:'" + status + "'},'*')</script>"
        if view.framed and is_fresh
        else ""
    )
    mark = "✕" if status == "canceled" else "✓"
    return _document(
        view.language,
        words[status],
        f"""{_summary(view, words)}
<section class="outcome {status}" role="status"><span class="mark" aria-hidden="true">{mark}</span>
<h2>{words[status]}</h2>{details}</section>{link}{tell}""",
    )


def render_unknown(language: str) -> str:
    """Return the page for an address that leads to no payment."""
    words = _WORDS[language]
    return _document(language, words["unknown"], f"<h1>{words['unknown']}</h1>")


def _summary(view: View, words: dict[str, str]) -> str:
    payment = view.payment
    test = f'<p class="test">{words["test"]}</p>' if payment["test"] else ""
    description = f'<p class="what">{escape(payment["description"])}</p>' if payment.get("description") else ""
    return f"""{test}<header><p class="to">{words["to"]}</p><p class="shop">{escape(view.shop_name)}</p>
<h1>{_money(payment["amount"], view.language)}</h1>{description}</header>"""


def _money(amount: dict[str, str], language: str) -> str:
    whole, _, cents = amount["value"].partition(".")
    grouped = f"{int(whole):,}".replace(",", "\u00a0" if language == "ru" else ",")
    point = "," if language == "ru" else "."
    value = grouped if cents == "00" else f"{grouped}{point}{cents}"
    symbol = _SYMBOLS.get(amount["currency"], amount["currency"])
    return f"{value}\u00a0{symbol}" if language == "ru" else f"{symbol}{value}"


def _grouped(card: str) -> str:
    return " ".join(card[index : index + 4] for index in range(0, len(card), 4))


def _document(language: str, title: str, body: str) -> str:
    return f"""<!doctype html><html lang="{language}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(title)}</title>
<style>{_STYLE}</style></head><body><main>{body}</main></body></html>"""
