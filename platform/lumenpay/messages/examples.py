"""Values that stand in for a subscriber's own when a tenant looks at a text before it is used."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from lumenpay.messages.formatting import format_left, format_moment, format_money, format_period, format_until
from lumenpay.messages.rules import Html
from lumenpay.models.plans import PeriodUnit

_ENDS_AT: Final = datetime(2027, 1, 31, 12, 0, tzinfo=UTC)
_ZONE: Final = "Europe/Moscow"
_WORDS: Final[dict[str, dict[str, str]]] = {
    "ru": {
        "name": "Анна",
        "plan": "Клуб на месяц",
        "before": "Клуб на неделю",
        "description": "Всё, что мы пишем для своих: разборы, записи встреч и ответы на вопросы.",
        "channels": "Клуб, Клуб: обсуждение",
        "channel": "Клуб",
        "discount": " (вместо 1 490 ₽)",
        "code": "SPRING25",
        "saving": "−25 %",
        "reason": "срок его действия истёк",
        "contact": "@club_help",
        "address": "a•••@example.org",
        "wanted": "адрес электронной почты",
        "method": "MasterCard ··4477",
        "link": "https://t.me/club_bot?start=ref_…",
        "gifts": "Вам: 7 дней доступа\nДругу: скидка 10 % на первую оплату",
        "reward": "7 дней доступа",
        "welcome": "скидка 10 % на первую оплату",
        "giver": "Пётр",
        "receiver": "Анна",
        "links": "Клуб",
        "subscriptions": "Клуб на месяц",
    },
    "en": {
        "name": "Anna",
        "plan": "Club, one month",
        "before": "Club, one week",
        "description": "Everything that we write for our own: reviews, recordings and answers.",
        "channels": "Club, Club: the talk",
        "channel": "Club",
        "discount": " (instead of ₽1,490)",
        "code": "SPRING25",
        "saving": "−25%",
        "reason": "it has expired",
        "contact": "@club_help",
        "address": "a•••@example.org",
        "wanted": "an e-mail address",
        "method": "MasterCard ··4477",
        "link": "https://t.me/club_bot?start=ref_…",
        "gifts": "For you: 7 days of access\nFor your friend: 10% off the first payment",
        "reward": "7 days of access",
        "welcome": "10% off the first payment",
        "giver": "Peter",
        "receiver": "Anna",
        "links": "Club",
        "subscriptions": "Club, one month",
    },
}


def example_values(locale: str, *, bot_username: str) -> Mapping[str, str]:
    """Return a value for every variable that a text may have, written as the bot writes it."""
    words = _WORDS[locale]
    amount = format_money(99_000, "RUB", locale=locale)
    until = format_until(_ENDS_AT, time_zone=_ZONE, locale=locale)
    period = format_period(PeriodUnit.MONTH, 1, locale=locale)
    return words | {
        "bot": f"@{bot_username}",
        "price": amount,
        "credit": format_money(24_500, "RUB", locale=locale),
        "details": {"ru": "Откроется: Клуб: обсуждение", "en": "Opens: Club: the talk"}[locale],
        "amount": amount,
        "period": period,
        "until": format_moment(_ENDS_AT, time_zone=_ZONE, locale=locale),
        "days": "7",
        "invited": "5",
        "bought": "2",
        "ends": format_moment(_ENDS_AT, time_zone=_ZONE, locale=locale),
        "when": format_moment(_ENDS_AT - timedelta(hours=1), time_zone=_ZONE, locale=locale),
        "left": format_left(timedelta(days=3), locale=locale),
        "paid_until": until,
        "prices": Html(f"{words['plan']}: <s>{format_money(132_000, 'RUB', locale=locale)}</s> <b>{amount}</b>"),
        "card": Html(f"<b>{words['plan']}</b>\n\n{period} — {amount}"),
        "link": Html('<a href="https://t.me/example_bot?start=gift_example">t.me/example_bot?start=gift_example</a>'),
        "links": Html(f'• <a href="https://t.me/+example">{words["links"]}</a>'),
        "subscriptions": Html(f"• <b>{words['subscriptions']}</b> — {until}"),
    }
