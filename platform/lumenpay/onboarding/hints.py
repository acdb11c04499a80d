"""What the owner reads beside a step, in Russian and English."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

HINTS: Final[dict[str, dict[str, str]]] = {
    "ru": {
        "email_verified": "Адрес подтверждён.",
        "email_not_verified": "Откройте ссылку из письма, которое мы прислали.",
        "bot_missing": "Создайте бота у @BotFather и вставьте его сообщение с токеном.",
        "bot_paused": "Бот на паузе. Возобновите его, чтобы он отвечал.",
        "token_revoked": "Telegram больше не принимает токен. Возьмите новый у @BotFather и замените.",
        "bot_connected": "Бот подключён.",
        "webhook_set": "Telegram присылает нам сообщения бота.",
        "webhook_waiting": "Настраиваем бота. Обычно это несколько секунд.",
        "webhook_unhealthy": "Telegram не может передать нам сообщения бота. Нажмите «Проверить снова».",
        "shop_missing": "Подключите магазин ЮKassa: номер и секретный ключ. Подойдёт и тестовый.",
        "shop_keys_refused": "ЮKassa не принимает ключ. Выпустите новый в кабинете и вставьте.",
        "shop_test": "Подключён тестовый магазин: деньги не списываются.",
        "shop_live": "Подключён настоящий магазин.",
        "channel_missing": "Сделайте бота администратором канала: он появится здесь сам.",
        "channel_ready": "У бота есть все нужные права в канале.",
        "rights_missing": "Дайте боту в канале: {rights}.",
        "plan_missing": "Создайте тариф: цену, срок и каналы.",
        "plan_not_on_sale": "Включите продажу тарифа и проверьте права в его каналах.",
        "plan_on_sale": "Тариф в продаже.",
        "purchase_missing": "Откройте своего бота и купите тариф сами, чтобы увидеть путь подписчика.",
        "test_purchase_done": "Пробная покупка прошла.",
        "purchase_done": "Первая покупка прошла.",
        "make_bot_admin": "права администратора",
        "can_invite_users": "«Добавление участников»",
        "can_restrict_members": "«Блокировка участников»",
    },
    "en": {
        "email_verified": "The address is verified.",
        "email_not_verified": "Open the link in the letter that we sent.",
        "bot_missing": "Make a bot with @BotFather and paste its message with the token.",
        "bot_paused": "The bot is paused. Resume it, so that it answers.",
        "token_revoked": "Telegram does not accept the token any more. Take a new one from @BotFather and replace it.",
        "bot_connected": "The bot is connected.",
        "webhook_set": "Telegram sends us the bot's messages.",
        "webhook_waiting": "The bot is being set up. It usually takes a few seconds.",
        "webhook_unhealthy": "Telegram cannot hand us the bot's messages. Press “Check again”.",
        "shop_missing": "Connect a YooKassa shop: its number and secret key. A test shop will do.",
        "shop_keys_refused": "YooKassa does not accept the key. Issue a new one in its cabinet and paste it.",
        "shop_test": "A test shop is connected: no money is taken.",
        "shop_live": "A live shop is connected.",
        "channel_missing": "Make the bot an administrator of your channel: it appears here by itself.",
        "channel_ready": "The bot has every right that it needs in the channel.",
        "rights_missing": "Give the bot in the channel: {rights}.",
        "plan_missing": "Make a plan: a price, a period and channels.",
        "plan_not_on_sale": "Put the plan on sale and check the rights in its channels.",
        "plan_on_sale": "A plan is on sale.",
        "purchase_missing": "Open your bot and buy the plan yourself, to see what a subscriber sees.",
        "test_purchase_done": "The test purchase went through.",
        "purchase_done": "The first purchase went through.",
        "make_bot_admin": "the rights of an administrator",
        "can_invite_users": "“Add members”",
        "can_restrict_members": "“Ban users”",
    },
}


def write_hint(reason: str, *, locale: str, missing_rights: Sequence[str] = ()) -> str:
    """Return what to read beside a step."""
    words = HINTS.get(locale, HINTS["en"])
    return words[reason].format(rights=", ".join(words[right] for right in missing_rights))
