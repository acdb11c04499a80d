"""How the message of a step would read, before anybody is sent it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from lumenpay.db.session import TenantSession
from lumenpay.messages.catalogue import MessageKey
from lumenpay.messages.examples import example_values
from lumenpay.messages.formatting import format_moment, format_saving
from lumenpay.messages.service import render
from lumenpay.models.bots import Bot
from lumenpay.plans.repository import get_plan
from lumenpay.tenants.repository import get_own_tenant
from lumenpay.win_backs.rules import Step

BUTTONS: Final[dict[str, tuple[str, str]]] = {
    "ru": ("Вернуться: {saving}", "Не присылать предложений"),
    "en": ("Come back: {saving}", "No such offers, please"),
}
"""To the price that the offer makes, and out of the series."""


@dataclass(frozen=True, slots=True)
class OfferPreview:
    """The message as Telegram HTML, and the captions under it."""

    html: str
    buttons: tuple[str, str]


async def preview_offer(session: TenantSession, bot: Bot, step: Step, *, locale: str, now: datetime) -> OfferPreview:
    """Return what a person would be sent whose step is due now; the name, and a plan that is not chosen, are examples.

    Raises:
        PlanNotFoundError: A plan is unknown to this tenant.
    """
    examples = example_values(locale, bot_username=bot.username)
    titles = [(await get_plan(session, plan_id)).title for plan_id in step.plan_ids]
    saving = format_saving(step.discount_kind, step.discount_value, None, locale=locale)
    zone = (await get_own_tenant(session)).time_zone
    until = format_moment(now + timedelta(days=step.valid_days), time_zone=zone, locale=locale)
    html = await render(
        session, bot_id=bot.id, key=MessageKey.WIN_BACK, locale=locale,
        variables={
            "name": examples["name"], "plan": ", ".join(titles) or examples["plan"], "saving": saving, "until": until,
        },
    )  # fmt: skip
    take, stop = BUTTONS[locale]
    return OfferPreview(html, (take.format(saving=saving), stop))
