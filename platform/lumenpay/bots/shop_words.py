"""What owners read of a shop that can sell nothing: what is wrong with it, and what they have to do."""

from __future__ import annotations

from typing import Final

from lumenpay.bots.health_words import FaultWords
from lumenpay.bots.rules import KEYS_REFUSED, PAYMENTS_FORBIDDEN

SHOP_WORDS: Final[dict[str, dict[str, FaultWords]]] = {
    "ru": {
        KEYS_REFUSED: FaultWords(
            "ЮKassa больше не принимает ключ магазина",
            "Бот сейчас ничего не продаёт, автопродления ждут. Выпустите новый ключ в кабинете ЮKassa (Интеграция → "
            "Ключи API) и замените его в разделе «Магазин». Если ключ прежний и снова заработает, продажи возобновятся "
            "сами: мы проверяем его каждые полчаса.",
        ),
        PAYMENTS_FORBIDDEN: FaultWords(
            "ЮKassa не разрешает магазину принимать платежи",
            "Бот сейчас ничего не продаёт, автопродления ждут. Ключ верный, но прав у магазина не хватает: узнайте в "
            "поддержке ЮKassa, почему, а потом нажмите «Проверить» в разделе «Магазин».",
        ),
    },
    "en": {
        KEYS_REFUSED: FaultWords(
            "YooKassa no longer accepts the shop’s key",
            "The bot sells nothing for now, and auto-renewals wait. Issue a new key in YooKassa (Integration → API "
            "keys) and replace it under “Shop”. If the key works again as it is, sales resume by themselves: we try it "
            "every half an hour.",
        ),
        PAYMENTS_FORBIDDEN: FaultWords(
            "YooKassa doesn’t let the shop take payments",
            "The bot sells nothing for now, and auto-renewals wait. The key is right, but the shop lacks rights: ask "
            "YooKassa’s support why, then press “Check” under “Shop”.",
        ),
    },
}
"""By the language and the fault."""
