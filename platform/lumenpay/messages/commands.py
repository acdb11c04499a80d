"""The bot's command menu, by language; the empty key serves all languages without a list of their own."""

from typing import Final

Commands = dict[str, list[tuple[str, str]]]
_RU: Final = [
    ("buy", "Купить или продлить доступ"),
    ("status", "Мои подписки и ссылки"),
    ("channels", "Мои каналы"),
    ("settings", "Какие рассылки присылать"),
    ("help", "Что умеет бот"),
    ("paysupport", "Вопросы об оплате"),
    ("terms", "Условия"),
    ("privacy", "Какие данные хранятся"),
]
_EN: Final = [
    ("buy", "Buy or renew access"),
    ("status", "My subscriptions and links"),
    ("channels", "My channels"),
    ("settings", "Which broadcasts to get"),
    ("help", "What the bot can do"),
    ("paysupport", "Payment questions"),
    ("terms", "Terms"),
    ("privacy", "What data is stored"),
]
COMMANDS: Final[Commands] = {"": _EN, "ru": _RU, "en": _EN}
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
