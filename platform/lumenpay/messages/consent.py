"""What a person agrees to before a subscription may renew by itself. Tenants cannot change it; it is kept as shown."""

from __future__ import annotations

from typing import Final

CONSENT_VERSION: Final = "1"
"""Goes up with every change of the words: it stands in the button, so that nobody agrees to words not shown."""
_TEXTS: Final[dict[str, str]] = {
    "ru": "Автопродление: нажимая «{button}», вы соглашаетесь, что способ оплаты будет сохранён и что {price} будут "
    "списываться за каждый следующий срок ({period}) незадолго до конца оплаченного. За день до списания я напишу, "
    "сколько и когда спишется. Отключить автопродление можно в любой момент: /status.",
    "en": "Autopay: by pressing “{button}” you agree that the payment method is saved and that {price} is charged for "
    "each further period ({period}) shortly before the paid time ends. A day before each charge I will write how much "
    "is charged and when. You can turn autopay off at any time: /status.",
}


def write_consent(locale: str, *, button: str, price: str, period: str) -> str:
    """Return the plain text that stands above the button."""
    return _TEXTS[locale].format(button=button, price=price, period=period)
