"""The bot's command menu, by language; the empty key serves all languages without a list of their own."""

from typing import Final

_RU: Final = [
    ("buy", "Купить или продлить доступ"),
    ("status", "Мои подписки и ссылки"),
    ("channels", "Мои каналы"),
    ("help", "Что умеет бот"),
    ("paysupport", "Вопросы об оплате"),
    ("terms", "Условия"),
    ("privacy", "Какие данные хранятся"),
]
_EN: Final = [
    ("buy", "Buy or renew access"),
    ("status", "My subscriptions and links"),
    ("channels", "My channels"),
    ("help", "What the bot can do"),
    ("paysupport", "Payment questions"),
    ("terms", "Terms"),
    ("privacy", "What data is stored"),
]
COMMANDS: Final[dict[str, list[tuple[str, str]]]] = {"": _EN, "ru": _RU, "en": _EN}
