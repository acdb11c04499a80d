"""Drafts in ready words that call people back whose access has ended, with a plan or a promo code in the button."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import Final
from uuid import UUID

from lumenpay.audit.service import Actor
from lumenpay.broadcasts.audience import load_segment
from lumenpay.broadcasts.errors import BroadcastInvalidError
from lumenpay.broadcasts.rules import MAX_CAPTION, ButtonPlan, Content, SendingHours
from lumenpay.broadcasts.service import Draft, create_broadcast
from lumenpay.db.session import TenantSession
from lumenpay.messages.formatting import format_period, format_saving
from lumenpay.models.broadcasts import BroadcastCategory, BroadcastTrigger, ScheduledBroadcast
from lumenpay.models.ids import BotId
from lumenpay.models.plans import Audience, PeriodUnit, Plan
from lumenpay.models.promo_codes import DiscountKind, PromoCode
from lumenpay.plans.facts import count_places
from lumenpay.plans.repository import list_on_sale
from lumenpay.plans.sale_rules import PersonFacts, decide_refusal
from lumenpay.promo_codes.errors import PromoCodeNotFoundError
from lumenpay.promo_codes.service import get_promo_code
from lumenpay.tenants.repository import get_own_tenant

MAX_CALLS: Final = 3
_HOURS: Final = SendingHours(10, 20)
_DAY_MINUTES: Final = 1_440
_TITLES: Final = {"ru": "Ушедшим: через {days}", "en": "To those who left: after {days}"}
_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "ru": (
        (
            "{name}, ваша подписка закончилась {days} назад, и доступ закрыт.\n\n"
            "Вернуться можно за минуту: внутри всё на месте."
        ),
        "{name}, за {days} без вас у нас появилось новое.\n\nДверь открыта: возвращайтесь, когда захочется продолжить.",
        "{name}, {days} без вас. Больше мы о подписке не напомним.\n\nЕсли вы думали вернуться, сейчас самое время.",
    ),
    "en": (
        "{name}, your subscription ended {days} ago.\n\nComing back takes a minute: everything inside is where it was.",
        (
            "{name}, there is something new since you left {days} ago.\n\n"
            "The door is open: come back whenever you feel like it."
        ),
        (
            "{name}, it has been {days}. We will not bring up your subscription again.\n\n"
            "If you meant to come back, now is the time."
        ),
    ),
}
_WITH_CODE: Final = {
    "ru": "\n\n🎁 <b>{saving}</b> для вас: промокод уже в кнопке.",
    "en": "\n\n🎁 <b>{saving}</b> for you: the promo code is in the button.",
}
_OTHER_PLANS: Final = {"ru": "\n\nВсе тарифы покажет команда /buy.", "en": "\n\n/buy shows all the plans."}
_WITHOUT_PLAN: Final = {
    "ru": "\n\nЧтобы выбрать тариф, отправьте боту /start.",
    "en": "\n\nSend /start to the bot to choose a plan.",
}
_BUTTONS: Final = {"ru": "Вернуться: {what}", "en": "Come back: {what}"}
_SOMEBODY_WHO_LEFT: Final = PersonFacts(audience=Audience.LAPSED, has_used_trial=True)


@dataclass(frozen=True, slots=True)
class Call:
    """One message, so many days after the end; its button holds a promo code, or else leads to a plan on sale."""

    after_days: int
    promo_code_id: UUID | None = None


async def write_calls(
    session: TenantSession, calls: Sequence[Call], *, bot_id: UUID, key: str, actor: Actor, now: datetime
) -> list[ScheduledBroadcast]:  # fmt: skip
    """Write a draft for each of up to three calls, in the tenant's language. Safe to repeat with the same `key`.

    Raises:
        BroadcastInvalidError: A call comes no later than the one before, or its code is another bot's or no more.
        BotNotFoundError: No such bot.
        IdempotenceKeyReusedError: The key was used for others.
    """
    for number, (before, call) in enumerate(pairwise(calls), 1):
        if call.after_days <= before.after_days:
            raise BroadcastInvalidError(fields={f"calls.{number}.after_days": "not_later"})
    locale = (await get_own_tenant(session)).locale
    plans = await _list_offered(session, bot_id, now=now)
    made = []
    # The list of broadcasts begins with the newest: the first message stands first there.
    for number, call in reversed(list(enumerate(calls))):
        code = await _find_code(session, call, number, bot_id=bot_id)
        # The last of them says so.
        place = number if number < len(calls) - 1 else MAX_CALLS - 1
        draft = _write(call, code, plans, place=place if len(calls) > 1 else 0, locale=locale)
        made.append(
            await create_broadcast(session, draft, bot_id=bot_id, key=f"{key}-{number + 1}", actor=actor, now=now)
        )
    return made[::-1]


async def _find_code(session: TenantSession, call: Call, number: int, *, bot_id: UUID) -> PromoCode | None:
    if call.promo_code_id is None:
        return None
    try:
        code = await get_promo_code(session, call.promo_code_id)
    except PromoCodeNotFoundError as error:
        raise BroadcastInvalidError(fields={f"calls.{number}.promo_code_id": "not_found"}) from error
    if code.bot_id != bot_id:
        raise BroadcastInvalidError(fields={f"calls.{number}.promo_code_id": "another_bot"})
    return code


async def _list_offered(session: TenantSession, bot_id: UUID, *, now: datetime) -> list[Plan]:
    """Return what somebody who left can buy, first what whoever never paid can buy too."""
    plans = await list_on_sale(session, bot_id=BotId(bot_id))
    taken = await count_places(session, [plan.id for plan in plans if plan.capacity is not None], now=now)
    offered = [
        plan
        for plan in plans
        if decide_refusal(plan, replace(_SOMEBODY_WHO_LEFT, places_taken=taken.get(plan.id, 0)), now=now) is None
    ]
    return sorted(offered, key=lambda plan: plan.audience != Audience.EVERYONE)


def _write(call: Call, code: PromoCode | None, plans: Sequence[Plan], *, place: int, locale: str) -> Draft:
    days = format_period(PeriodUnit.DAY, call.after_days, locale=locale)
    text = _WORDS[locale][place].replace("{days}", days)
    buttons: tuple[ButtonPlan, ...] = ()
    if code is not None:
        saving = format_saving(DiscountKind(code.discount_kind), code.discount_value, code.currency, locale=locale)
        text += _WITH_CODE[locale].format(saving=saving)
        buttons = (ButtonPlan(0, _caption(saving, locale), promo_code_id=code.id),)
    elif plans:
        text += _OTHER_PLANS[locale] if len(plans) > 1 else ""
        buttons = (ButtonPlan(0, _caption(plans[0].title, locale), plan_id=plans[0].id),)
    else:
        text += _WITHOUT_PLAN[locale]
    return Draft(
        _TITLES[locale].format(days=days), Content(text, buttons=buttons), load_segment({}), BroadcastCategory.OFFERS,
        _HOURS, trigger=BroadcastTrigger.EXPIRED, delay_minutes=call.after_days * _DAY_MINUTES,
    )  # fmt: skip


def _caption(what: str, locale: str) -> str:
    caption = _BUTTONS[locale].format(what=what)
    return caption if len(caption) <= MAX_CAPTION else caption[: MAX_CAPTION - 1] + "…"
