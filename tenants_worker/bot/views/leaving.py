"""What a person reads who turned autopay off: that it is off, why they are asked, and the one offer."""

from __future__ import annotations

from datetime import datetime, timedelta

from lumenpay.db.session import TenantSession
from lumenpay.messages import callbacks
from lumenpay.messages.catalogue import MessageKey
from lumenpay.messages.formatting import format_moment
from lumenpay.messages.service import render
from lumenpay.models.pauses import Leaving, LeavingReason, OfferKind, OfferOutcome
from lumenpay.models.subscriptions import Subscription, SubscriptionStatus
from lumenpay.models.users import User
from lumenpay.plans.repository import get_plan
from lumenpay.promo_codes.service import get_promo_code
from lumenpay.subscriptions.leaving_rules import find_leaving_rules
from lumenpay.telegram.facts import Button, Buttons
from lumenpay.tenants.repository import get_own_tenant
from tenants_worker.bot.conversation import View
from tenants_worker.bot.texts.captions import LEAVING_REASONS, caption

_ANSWERS = {OfferKind.DAYS: MessageKey.OFFER_DAYS, OfferKind.PROMO_CODE: MessageKey.OFFER_PROMO_CODE}


async def turned_off(
    session: TenantSession, user: User, subscription: Subscription, leaving: Leaving | None
) -> View:  # fmt: skip
    """Return that nothing more is charged; below it, once, the question why."""
    html = await _say_off(session, user, subscription)
    if leaving is None or leaving.reason is not None:
        return View(html, _to_status(user))
    question = await _render(session, user, subscription, MessageKey.LEAVING_ASKED)
    rows = [
        (Button(LEAVING_REASONS[user.locale][reason], data=callbacks.leaving_reason(leaving.id, reason)),)
        for reason in LeavingReason
    ]
    return View(f"{html}\n\n{question}", (*rows, *_to_status(user)))


async def answered(
    session: TenantSession, user: User, subscription: Subscription, leaving: Leaving, *, now: datetime
) -> View:
    """Return thanks for the answer, and the offer where one was made and not answered yet."""
    if leaving.offer_kind is None or leaving.outcome is not None:
        return View(await _render(session, user, subscription, MessageKey.LEAVING_THANKS), _to_status(user))
    html = await _write_offer(session, user, subscription, leaving, now=now)
    yes, no = (
        Button(caption(user.locale, words), data=callbacks.answer_offer(leaving.id, is_taken=is_taken))
        for words, is_taken in (("offer_take", True), ("offer_decline", False))
    )
    return View(f"{await _say_off(session, user, subscription)}\n\n{html}", ((yes,), (no,)))


async def days_taken(session: TenantSession, user: User, subscription: Subscription) -> View:
    """Return until when the subscription runs with the days that were offered."""
    return View(await _render(session, user, subscription, MessageKey.OFFER_TAKEN), _to_status(user))


def is_accepted(leaving: Leaving, kind: OfferKind) -> bool:
    """Tell whether this was offered and taken."""
    return leaving.outcome == OfferOutcome.ACCEPTED and leaving.offer_kind == kind


async def _write_offer(
    session: TenantSession, user: User, subscription: Subscription, leaving: Leaving, *, now: datetime
) -> str:
    values = {"days": str(leaving.offer_days or 0), "code": "", "until": ""}
    if leaving.offer_promo_code_id is not None:
        values["code"] = (await get_promo_code(session, leaving.offer_promo_code_id)).code
    if leaving.offer_kind == OfferKind.PAUSE:
        rules = await find_leaving_rules(session, leaving.plan_id)
        until_at = now + timedelta(days=rules.pause_days if rules else 0)
        zone = (await get_own_tenant(session)).time_zone
        values["until"] = format_moment(until_at, time_zone=zone, locale=user.locale)
    key = _ANSWERS.get(OfferKind(str(leaving.offer_kind)), MessageKey.OFFER_PAUSE)
    return await _render(session, user, subscription, key, **values)


async def _say_off(session: TenantSession, user: User, subscription: Subscription) -> str:
    return await _render(session, user, subscription, MessageKey.AUTOPAY_OFF)


async def _render(
    session: TenantSession, user: User, subscription: Subscription, key: MessageKey, **values: str
) -> str:  # fmt: skip
    plan, zone = await get_plan(session, subscription.plan_id), (await get_own_tenant(session)).time_zone
    is_paused = subscription.status == SubscriptionStatus.PAUSED
    ends_at = subscription.ends_at if is_paused else subscription.access_ends_at
    ends = format_moment(ends_at, time_zone=zone, locale=user.locale) if ends_at else ""
    return await render(
        session, bot_id=user.bot_id, key=key, locale=user.locale,
        variables={"plan": plan.title, "ends": ends, **values},
    )  # fmt: skip


def _to_status(user: User) -> Buttons:
    return ((Button(caption(user.locale, "status"), data=callbacks.STATUS),),)
