"""Captions of buttons, and reasons why a promo code is refused."""

from __future__ import annotations

from typing import Final

CAPTIONS: Final[dict[str, dict[str, str]]] = {
    "ru": {
        "buy": "Купить доступ",
        "renew": "Продлить",
        "status": "Мои подписки",
        "channels": "Мои каналы",
        "pay": "Оплатить {price}",
        "pay_stars": "Оплатить звёздами: {price}",
        "subscribe_stars": "Подписка за звёзды: {price} в 30 дней",
        "pay_once": "Один раз: {price}",
        "pay_and_renew": "Оплатить {price} с автопродлением",
        "autopay_off": "Отключить автопродление",
        "gift": "🎁 Подарить",
        "gift_open": "🎁 Открыть подарок",
        "gift_take": "🎁 Забрать подарок",
        "pause": "⏸ Пауза",
        "pause_yes": "Поставить на паузу",
        "resume": "▶️ Продолжить",
        "offer_take": "Принять",
        "offer_decline": "Нет, спасибо",
        "send_copy": "Прислать копию",
        "forget_on": "Продолжить удаление",
        "forget_yes": "Удалить навсегда",
        "forget_no": "Оставить всё как есть",
        "take": "Получить бесплатно",
        "promo": "У меня есть промокод",
        "other_promo": "Другой промокод",
        "drop_promo": "Без промокода",
        "come_back": "Вернуться",
        "try_again": "Попробовать ещё раз",
        "back": "← К тарифам",
        "back_to_plan": "← К тарифу",
        "links": "Прислать ссылки ещё раз",
        "enter": "Войти в «{title}»",
        "free": "бесплатно",
        "sold_out": "мест нет",
        "invite": "🎁 Пригласить друга",
        "share": "Отправить ссылку",
        "receipt": "Чек: {contact}",
        "change_receipt": "Изменить",
        "forget_receipt": "Удалить",
    },
    "en": {
        "buy": "Buy access",
        "renew": "Renew",
        "status": "My subscriptions",
        "channels": "My channels",
        "pay": "Pay {price}",
        "pay_stars": "Pay with Stars: {price}",
        "subscribe_stars": "Subscribe with Stars: {price} every 30 days",
        "pay_once": "Pay once: {price}",
        "pay_and_renew": "Pay {price} with autopay",
        "autopay_off": "Turn autopay off",
        "gift": "🎁 Buy as a gift",
        "gift_open": "🎁 Open the gift",
        "gift_take": "🎁 Take the gift",
        "pause": "⏸ Pause",
        "pause_yes": "Pause it",
        "resume": "▶️ Resume",
        "offer_take": "Yes, please",
        "offer_decline": "No, thanks",
        "send_copy": "Send the copy",
        "forget_on": "Go on deleting",
        "forget_yes": "Delete for good",
        "forget_no": "Leave everything as it is",
        "take": "Get it for free",
        "promo": "I have a promo code",
        "other_promo": "Another promo code",
        "drop_promo": "Remove the code",
        "come_back": "Come back",
        "try_again": "Try again",
        "back": "← Plans",
        "back_to_plan": "← Back to the plan",
        "links": "Resend the links",
        "enter": "Enter “{title}”",
        "free": "free",
        "sold_out": "sold out",
        "invite": "🎁 Invite a friend",
        "share": "Send the link",
        "receipt": "Receipt: {contact}",
        "change_receipt": "Change",
        "forget_receipt": "Remove",
    },
}

STATES: Final[dict[str, dict[str, str]]] = {
    "ru": {
        "nameless": "друг",
        "until": "до {ends} (осталось: {left})",
        "ended": "закончилась {ends}",
        "paused": "⏸ на паузе самое позднее до {until} (осталось: {left})",
        "forever": "навсегда",
        "then": "затем до {ends}",
        "lapsed": "Недавно закончились:",
        "owner": "владельцу канала",
        "open": "открыт",
        "closed": "оплачен; вход пока закрыт, ссылку пришлю сам",
        "inside": "вы внутри",
        "expired": "подписка закончилась",
        "on_pause": "подписка на паузе",
        "not_paid": "не куплен",
        "discount": " (вместо {price})",
        "code_gone": "промокод больше не действует: {reason}",
        "plan_changed": "цена или срок теперь другие",
        "overlap": "ℹ️ У вас уже есть «{plan}» {until}, он тоже открывает «{channels}». Новый срок начнётся сразу "
        "и пойдёт одновременно с прежним: дни не сложатся.",
        "overlap_change": "Чтобы сменить тариф и не потерять оставшиеся дни, откройте /status.",
        "renews": "🔄 «{plan}» продлится сама: {when} спишется {amount} ({method})",
        "renews_not": "⚠️ «{plan}»: автопродление не сработало ({reason})",
    },
    "en": {
        "nameless": "friend",
        "until": "until {ends} ({left} left)",
        "ended": "ended {ends}",
        "paused": "⏸ paused, until {until} at the latest ({left} left)",
        "forever": "forever",
        "then": "then until {ends}",
        "lapsed": "Ended recently:",
        "owner": "the channel owner",
        "open": "open",
        "closed": "paid; entry is closed for now, I'll send you the link",
        "inside": "you're in",
        "expired": "the subscription has ended",
        "on_pause": "the subscription is paused",
        "not_paid": "not purchased",
        "discount": " (instead of {price})",
        "code_gone": "the promo code no longer works: {reason}",
        "plan_changed": "the price or length has changed",
        "overlap": "ℹ️ You already have “{plan}” {until}, which opens “{channels}” too. The new time starts at once and "
        "runs beside the old one: the days do not add up.",
        "overlap_change": "To switch plans and keep the days left, open /status.",
        "renews": "🔄 “{plan}” renews automatically: {amount} on {when} ({method})",
        "renews_not": "⚠️ “{plan}”: autopay failed ({reason})",
    },
}

PROMO_REASONS: Final[dict[str, dict[str, str]]] = {
    "ru": {
        "unknown": "такого кода нет",
        "inactive": "он отключён",
        "not_started": "он ещё не действует",
        "expired": "срок его действия истёк",
        "wrong_plan": "он для другого тарифа",
        "wrong_currency": "он для другой валюты",
        "used_up": "он уже закончился",
        "used_by_you": "вы его уже использовали",
        "first_purchase_only": "он только для первой покупки",
    },
    "en": {
        "unknown": "there is no such code",
        "inactive": "it is turned off",
        "not_started": "it isn't valid yet",
        "expired": "it has expired",
        "wrong_plan": "it is for another plan",
        "wrong_currency": "it is for another currency",
        "used_up": "it has been used up",
        "used_by_you": "you've already used it",
        "first_purchase_only": "it is for first purchases only",
    },
}

RECEIPT_WANTED: Final[dict[str, dict[bool, str]]] = {
    "ru": {False: "адрес электронной почты", True: "адрес электронной почты или номер телефона"},
    "en": {False: "an e-mail address", True: "an e-mail address or a phone number"},
}
"""What is asked for where a receipt goes, by whether a phone will do."""

PLAN_REASONS: Final[dict[str, dict[str, str]]] = {
    "ru": {
        "sale_over": "продажа закончилась",
        "not_yet": "продажа начнётся {at}",
        "trial_used": "пробный доступ даётся один раз, и вы его уже брали",
        "still_running": "он у вас уже есть, до {at}; раньше брать его ещё раз незачем",
        "sold_out": "все места заняты; загляните позже, место может освободиться",
        "too_often": "вы начали слишком много заказов подряд; оплатите последний из них или вернитесь {at}",
        "for_new": "он для тех, кто здесь ещё ничего не покупал",
        "for_existing": "он для тех, у кого сейчас действует подписка",
        "for_lapsed": "он для тех, у кого подписка закончилась",
    },
    "en": {
        "sale_over": "the sale has ended",
        "not_yet": "it goes on sale on {at}",
        "trial_used": "there is one trial per person, and you have had yours",
        "still_running": "you already have it until {at}; there's no need to take it again before then",
        "sold_out": "all places are taken; check back later, one may open up",
        "too_often": "you have begun too many orders in a row; pay the last one or come back on {at}",
        "for_new": "it is for people who haven't bought anything here yet",
        "for_existing": "it is for people with an active subscription",
        "for_lapsed": "it is for people whose subscription has ended",
    },
}


AUTOPAY_REASONS: Final[dict[str, dict[str, str]]] = {
    "ru": {
        "": "банк отклонил списание",
        "insufficient_funds": "не хватило денег",
        "payment_method_limit_exceeded": "исчерпан лимит карты",
        "card_expired": "срок действия карты истёк",
        "invalid_card_number": "номер карты больше не действует",
        "permission_revoked": "разрешение на списания отозвано",
        "fraud_suspected": "банк счёл списание подозрительным",
        "shop_without_recurring": "продавец больше не может списывать сам",
        "never_created": "платёжный сервис не ответил",
        "not_told": "предупредить вас не удалось",
        "stars_failed": "не хватило звёзд",
    },
    "en": {
        "": "the bank declined it",
        "insufficient_funds": "insufficient funds",
        "payment_method_limit_exceeded": "card limit reached",
        "card_expired": "the card has expired",
        "invalid_card_number": "the card number is no longer valid",
        "permission_revoked": "the permission to charge was withdrawn",
        "fraud_suspected": "the bank flagged the charge as suspicious",
        "shop_without_recurring": "the seller can no longer charge automatically",
        "never_created": "the payment service didn't respond",
        "not_told": "you couldn't be notified",
        "stars_failed": "not enough Stars",
    },
}

INVOICE_REFUSALS: Final[dict[str, dict[str, str]]] = {
    "ru": {
        "gone": "Этот счёт больше не действует. Откройте /buy и выберите тариф.",
        "paid": "Этот счёт уже оплачен. Ваш доступ — в /status.",
        "somebody_else": "Этот счёт выписан другому человеку. Откройте /buy и выберите тариф.",
        "owned_for_ever": "Этот доступ у вас уже навсегда: платить ещё раз незачем.",
        "closed": "Сейчас этот доступ купить нельзя. Попробуйте позже.",
    },
    "en": {
        "gone": "This invoice is no longer valid. Open /buy and choose a plan.",
        "paid": "This invoice has already been paid. See your access in /status.",
        "somebody_else": "This invoice was made for someone else. Open /buy and choose a plan.",
        "owned_for_ever": "You already have this forever: there's no need to pay again.",
        "closed": "This can't be bought at the moment. Please try again later.",
    },
}
"""What a person reads in Telegram's own checkout, where nothing is charged."""


PAUSE_REASONS: Final[dict[str, dict[str, str]]] = {
    "ru": {
        "not_allowed": "в этом тарифе пауз нет",
        "used_up": "паузы за последний год закончились",
        "has_no_end": "доступ навсегда, сохранять нечего",
        "not_running": "она сейчас не действует",
    },
    "en": {
        "not_allowed": "this plan has no pauses",
        "used_up": "you've used all your pauses for the year",
        "has_no_end": "it lasts forever, so there is nothing to save",
        "not_running": "it isn't active now",
    },
}

LEAVING_REASONS: Final[dict[str, dict[str, str]]] = {
    "ru": {
        "too_expensive": "Дорого",
        "no_time": "Нет времени",
        "not_useful": "Не пригодилось",
        "technical": "Что-то не работало",
        "other": "Другое",
    },
    "en": {
        "too_expensive": "Too expensive",
        "no_time": "No time for it",
        "not_useful": "Not useful",
        "technical": "Something didn't work",
        "other": "Something else",
    },
}


def pause_reason(locale: str, code: str) -> str:
    """Return why a subscription cannot be paused."""
    return PAUSE_REASONS[locale].get(code, PAUSE_REASONS[locale]["not_allowed"])


def autopay_reason(locale: str, code: str | None) -> str:
    """Return why a charge failed, in a person's words; what says them nothing is the bank's refusal."""
    return AUTOPAY_REASONS[locale].get(code or "", AUTOPAY_REASONS[locale][""])


def caption(locale: str, key: str, **values: str) -> str:
    """Return a button's caption, within the 64 characters that look well."""
    text = CAPTIONS[locale][key].format(**values)
    return text if len(text) <= 64 else text[:63] + "…"  # noqa: PLR2004 - the length just named
