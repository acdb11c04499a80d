"""What time zones are called in the bot: by the city whose time people know theirs by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from lumenpay.broadcasts.zones import Zone

CITIES: Final[Mapping[str, Mapping[Zone, str]]] = {
    "ru": {
        "Europe/Kaliningrad": "Калининград",
        "Europe/Moscow": "Москва",
        "Europe/Samara": "Самара",
        "Asia/Yekaterinburg": "Екатеринбург",
        "Asia/Omsk": "Омск",
        "Asia/Krasnoyarsk": "Красноярск",
        "Asia/Irkutsk": "Иркутск",
        "Asia/Yakutsk": "Якутск",
        "Asia/Vladivostok": "Владивосток",
        "Asia/Magadan": "Магадан",
        "Asia/Kamchatka": "Камчатка",
        "Asia/Almaty": "Алматы",
        "Europe/Berlin": "Берлин",
        "Europe/London": "Лондон",
        "America/New_York": "Нью-Йорк",
        "America/Los_Angeles": "Лос-Анджелес",
    },
    "en": {
        "Europe/Kaliningrad": "Kaliningrad",
        "Europe/Moscow": "Moscow",
        "Europe/Samara": "Samara",
        "Asia/Yekaterinburg": "Yekaterinburg",
        "Asia/Omsk": "Omsk",
        "Asia/Krasnoyarsk": "Krasnoyarsk",
        "Asia/Irkutsk": "Irkutsk",
        "Asia/Yakutsk": "Yakutsk",
        "Asia/Vladivostok": "Vladivostok",
        "Asia/Magadan": "Magadan",
        "Asia/Kamchatka": "Kamchatka",
        "Asia/Almaty": "Almaty",
        "Europe/Berlin": "Berlin",
        "Europe/London": "London",
        "America/New_York": "New York",
        "America/Los_Angeles": "Los Angeles",
    },
}
AS_THE_PROJECTS: Final[Mapping[str, str]] = {"ru": "Как у канала", "en": "Same as the channel"}
OWN_ZONE: Final[Mapping[str, str]] = {"ru": "🕐 Мой часовой пояс: {zone}", "en": "🕐 My time zone: {zone}"}
TO_CHOICE: Final[Mapping[str, str]] = {"ru": "← К рассылкам", "en": "← Back to messages"}
