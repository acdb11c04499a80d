"""What kinds of broadcasts are called in the bot."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from lumenpay.models.broadcasts import BroadcastCategory

CATEGORIES: Final[Mapping[str, Mapping[BroadcastCategory, str]]] = {
    "ru": {
        BroadcastCategory.NEWS: "Новости",
        BroadcastCategory.OFFERS: "Скидки и акции",
        BroadcastCategory.EVENTS: "События",
    },
    "en": {
        BroadcastCategory.NEWS: "News",
        BroadcastCategory.OFFERS: "Offers",
        BroadcastCategory.EVENTS: "Events",
    },
}
SWITCHED_OFF: Final[Mapping[str, str]] = {
    "ru": "«{category}» больше не пришлю",
    "en": "No more of “{category}”",
}
