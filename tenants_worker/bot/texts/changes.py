"""What changing a plan costs and gives, in a subscriber's words, and why it cannot be done."""

from __future__ import annotations

from typing import Final

BUTTONS: Final[dict[str, dict[str, str]]] = {
    "ru": {
        "change": "🔀 Сменить тариф",
        "pay": "Доплатить {price}",
        "pay_and_renew": "Доплатить {price} с автопродлением",
        "turn": "Сменить без доплаты",
        "turn_and_renew": "Сменить, автопродление оставить",
        "to_paid": "{plan} — доплата {price}",
        "to_turned": "{plan} — без доплаты, на {left}",
        "back": "← К списку тарифов",
    },
    "en": {
        "change": "🔀 Change the plan",
        "pay": "Pay {price} on top",
        "pay_and_renew": "Pay {price} on top, with autopay",
        "turn": "Change, nothing to pay",
        "turn_and_renew": "Change and keep autopay",
        "to_paid": "{plan} — {price} on top",
        "to_turned": "{plan} — nothing to pay, {left}",
        "back": "← Back to the plans",
    },
}
DETAILS: Final[dict[str, dict[str, str]]] = {
    "ru": {
        "opened": "Откроется: {channels}",
        "closed": "Закроется: {channels}",
        "stays": "Подаренное время ({left}) останется на прежнем тарифе.",
        "autopay_ends": "Автопродление прежнего тарифа отключится.",
    },
    "en": {
        "opened": "Opens: {channels}",
        "closed": "Closes: {channels}",
        "stays": "Time that was given ({left}) stays with the plan before.",
        "autopay_ends": "Autopay of the plan before is turned off.",
    },
}
_REASONS: Final[dict[str, dict[str, str]]] = {
    "ru": {
        "not_running": "подписка сейчас не действует",
        "paused": "она на паузе; сначала продолжите её",
        "has_no_end": "доступ навсегда, менять нечего",
        "renewed_in_stars": "она продлевается звёздами; сначала отключите автопродление",
        "being_charged": "следующий срок как раз оплачивается; загляните через несколько минут",
        "changed_lately": "тариф уже менялся за последние сутки",
        "nothing_to_carry": "оплаченного времени в этой валюте не осталось, новый тариф можно просто купить",
        "worth_more": "оплаченное время дороже нового тарифа",
        "same_plan": "это тот же самый тариф",
        "sold_out": "все места заняты",
        "owned_for_ever": "новый тариф у вас уже есть, навсегда",
    },
    "en": {
        "not_running": "the subscription is not running",
        "paused": "it is paused; let it go on first",
        "has_no_end": "access is for ever, there is nothing to change",
        "renewed_in_stars": "it renews in Stars; turn autopay off first",
        "being_charged": "the next period is being paid just now; come back in a few minutes",
        "changed_lately": "the plan was changed within the last day",
        "nothing_to_carry": "no paid time in this currency is left; the other plan can simply be bought",
        "worth_more": "the paid time is worth more than the new plan",
        "same_plan": "it is the same plan",
        "sold_out": "all places are taken",
        "owned_for_ever": "you have the new plan already, for ever",
    },
}
_OTHER: Final = {"ru": "сейчас на этот тариф перейти нельзя", "en": "this plan cannot be changed to now"}


def change_button(locale: str, key: str, **values: str) -> str:
    """Return a button's caption, within the 64 characters that look well."""
    text = BUTTONS[locale][key].format(**values)
    return text if len(text) <= 64 else text[:63] + "…"  # noqa: PLR2004 - the length just named


def change_reason(locale: str, code: str) -> str:
    """Return why a plan cannot be changed."""
    return _REASONS[locale].get(code, _OTHER[locale])
