"""What owners read of a bot that is unwell: what is wrong with it, and what they have to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class FaultWords:
    """What is wrong, in a few words after the bot's name, and what comes of it."""

    what: str
    todo: str


WORDS: Final[dict[str, dict[str, FaultWords]]] = {
    "ru": {
        "token_revoked": FaultWords(
            "Telegram больше не принимает токен",
            "Бот сейчас никому не отвечает и ничего не продаёт. Вставьте новый токен от BotFather в разделе «Бот»: "
            "заказы и подписки целы, бот продолжит с того же места.",
        ),
        "webhook_refused": FaultWords(
            "Telegram не принимает адрес вебхука",
            "Бот не получает сообщений. Мы пробуем снова сами. Если это длится больше часа, напишите в поддержку.",
        ),
        "webhook_stolen": FaultWords(
            "сообщения уходят в другую программу",
            "Кто-то с токеном этого бота поставил другой адрес вебхука. Отключите бота там или выпустите новый токен у "
            "BotFather и вставьте его в разделе «Бот».",
        ),
        "webhook_cleared": FaultWords(
            "вебхук снимает другая программа",
            "Обычно так бывает, когда бота запустили где-то ещё. Отключите его там или выпустите новый токен у "
            "BotFather и вставьте его в разделе «Бот».",
        ),
        "updates_missing": FaultWords(
            "Telegram присылает не всё",
            "Другая программа меняет список событий вебхука. Отключите бота там или выпустите новый токен у BotFather "
            "и вставьте его в разделе «Бот».",
        ),
        "webhook_failing": FaultWords(
            "Telegram не может доставить сообщения",
            "Сообщения ждут у Telegram до суток и придут, когда связь восстановится. От вас ничего не нужно. Если это "
            "длится больше часа, напишите в поддержку.",
        ),
    },
    "en": {
        "token_revoked": FaultWords(
            "Telegram no longer accepts the token",
            "The bot answers nobody and sells nothing for now. Paste the new token from BotFather under “Bot”: orders "
            "and subscriptions are safe, and the bot picks up where it left off.",
        ),
        "webhook_refused": FaultWords(
            "Telegram rejects the webhook address",
            "The bot gets no messages. We keep trying. If it lasts longer than an hour, contact support.",
        ),
        "webhook_stolen": FaultWords(
            "messages go to another program",
            "Someone with this bot’s token has set another webhook. Disconnect the bot there, or issue a new token "
            "with BotFather and paste it under “Bot”.",
        ),
        "webhook_cleared": FaultWords(
            "another program removes the webhook",
            "This usually happens when the bot is started somewhere else. Disconnect it there, or issue a new token "
            "with BotFather and paste it under “Bot”.",
        ),
        "updates_missing": FaultWords(
            "Telegram doesn’t send everything",
            "Another program changes the webhook’s event list. Disconnect the bot there, or issue a new token with "
            "BotFather and paste it under “Bot”.",
        ),
        "webhook_failing": FaultWords(
            "Telegram can’t deliver messages",
            "Messages wait at Telegram for up to a day and arrive once the connection is back. Nothing is needed from "
            "you. If it lasts longer than an hour, contact support.",
        ),
    },
}
"""By the language and the code of the fault."""
