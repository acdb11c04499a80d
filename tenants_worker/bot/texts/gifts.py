"""Why a gift cannot be taken, and why it waits no more."""

from __future__ import annotations

from typing import Final

REFUSALS: Final[dict[str, dict[str, str]]] = {
    "ru": {
        "unknown": "такого подарка нет. Проверьте, что ссылка скопирована целиком",
        "taken": "его уже забрали",
        "expired": "срок, в который его можно было забрать, вышел",
        "closed": "ссылка закрыта. Спросите у того, кто её прислал",
        "adds_nothing": "этот доступ у вас уже есть, прибавить к нему нечего. Передайте ссылку кому-нибудь ещё",
    },
    "en": {
        "unknown": "there is no such gift. Check that the link was copied whole",
        "taken": "somebody has taken it already",
        "expired": "the time to take it is over",
        "closed": "its link is closed. Ask whoever sent it to you",
        "adds_nothing": "you have this access already, there is nothing to add. Hand the link on to somebody else",
    },
}

CLOSED_REASONS: Final[dict[str, dict[str, str]]] = {
    "ru": {"expired": "за отведённый срок его никто не забрал", "revoked": "владелец канала закрыл ссылку"},
    "en": {"expired": "nobody took it in time", "revoked": "the channel owner closed its link"},
}
