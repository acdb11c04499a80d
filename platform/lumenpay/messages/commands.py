"""The bot's command menu, by language; the empty key serves all languages without a list of their own."""

import hashlib
import json
from typing import Final

Commands = dict[str, list[tuple[str, str]]]
_RU: Final = [
    ("buy", "Купить или продлить доступ"),
    ("status", "Мои подписки и ссылки"),
    ("channels", "Мои каналы"),
    ("settings", "Какие рассылки присылать"),
    ("timezone", "Мой часовой пояс"),
    ("help", "Что умеет бот"),
    ("paysupport", "Вопросы об оплате"),
    ("terms", "Условия"),
    ("privacy", "Какие данные хранятся"),
    ("mydata", "Копия моих данных"),
]
_EN: Final = [
    ("buy", "Buy or renew access"),
    ("status", "My subscriptions and links"),
    ("channels", "My channels"),
    ("settings", "Which broadcasts to get"),
    ("timezone", "My time zone"),
    ("help", "What the bot can do"),
    ("paysupport", "Payment questions"),
    ("terms", "Terms"),
    ("privacy", "What data is stored"),
    ("mydata", "A copy of my data"),
]
COMMANDS: Final[Commands] = {"": _EN, "ru": _RU, "en": _EN}
_DIGEST_LENGTH: Final = 16
_BUTTON: Final = "commands"
"""What the button beside the text field opens: part of the menu, so that bots of an older one get it too."""
_RECEIPT: Final = {
    "": ("receipt", "Where my receipts go"),
    "ru": ("receipt", "Куда приходят чеки"),
    "en": ("receipt", "Where my receipts go"),
}


def choose_commands(*, sends_receipts: bool) -> Commands:
    """Return the menu of a bot: one whose shop sends fiscal receipts lets people see and change where theirs go."""
    if not sends_receipts:
        return COMMANDS
    return {language: [*pairs, _RECEIPT[language]] for language, pairs in COMMANDS.items()}


def digest_commands(commands: Commands) -> str:
    """Return a word that differs whenever a menu does."""
    return hashlib.sha256(json.dumps([_BUTTON, commands], sort_keys=True).encode()).hexdigest()[:_DIGEST_LENGTH]
