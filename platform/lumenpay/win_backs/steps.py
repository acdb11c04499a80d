"""Taking the steps of the series: an end begins it, and each due step makes one offer, or ends it for the person."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from lumenpay.audit.service import SYSTEM, record
from lumenpay.billing.limits import require_selling
from lumenpay.db.session import TenantSession
from lumenpay.jobs.catalogue import SendWinBack
from lumenpay.jobs.outbox import enqueue
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.channels import ChannelStatus
from lumenpay.models.ids import BotId
from lumenpay.models.plans import Plan
from lumenpay.models.promo_codes import DiscountKind
from lumenpay.models.subscriptions import SubscriptionStatus
from lumenpay.models.users import User
from lumenpay.models.win_backs import WinBack, WinBackEnd
from lumenpay.plans.errors import PlanNotFoundError
from lumenpay.plans.offers import decide_offer
from lumenpay.plans.repository import get_plan, list_channels_of_plan
from lumenpay.promo_codes.personal import PersonalTerms, make_personal_code
from lumenpay.subscriptions.repository import get_subscription
from lumenpay.tenants.errors import LimitReachedError, TenantSuspendedError
from lumenpay.users.repository import find_time_zone, get_user, lock_user
from lumenpay.win_backs import repository
from lumenpay.win_backs.rules import (
    BUYER_WAIT,
    LATEST,
    PersonState,
    Step,
    decide_end,
    decide_step_at,
    is_within_hours,
    move_into_hours,
)
from lumenpay.win_backs.series import Series, load_series

UNSOLD_WAIT: Final = timedelta(days=1)
"""So much later it is looked at again whether what is offered can be bought."""


async def begin_win_back(session: TenantSession, *, subscription_id: UUID, now: datetime) -> bool:
    """Begin the series for a subscription that ended by itself just now; False when it does not concern its person.

    Safe to repeat: an end begins it once. A person is in it once: a later end takes the place of an earlier one.
    """
    series = await load_series(session)
    if not series.is_on or not series.steps:
        return False
    subscription = await get_subscription(session, subscription_id)
    if subscription.status != SubscriptionStatus.EXPIRED or subscription.expired_at is None:
        return False
    user = await get_user(session, subscription.user_id)
    if decide_end(await _read_state(session, user, subscription.id, series)) is not None:
        return False
    await lock_user(session, user.id)
    if await repository.was_begun(session, subscription):
        return False
    await repository.stop_open(session, user.id, because=WinBackEnd.ANOTHER_END, now=now)
    zone = await find_time_zone(session, user)
    first = _decide_at(user.id, subscription.expired_at, series, zone, step=series.steps[0])
    stored = await session.execute(
        insert(WinBack)
        .values(
            tenant_id=session.tenant_id, id=new_uuid7(), bot_id=subscription.bot_id, subscription_id=subscription.id,
            user_id=user.id, plan_id=subscription.plan_id, ended_at=subscription.expired_at, next_step_at=first,
        )
        .on_conflict_do_nothing()
        .returning(WinBack.id)
    )  # fmt: skip
    return stored.scalar_one_or_none() is not None


async def take_step(session: TenantSession, *, win_back_id: UUID, now: datetime) -> bool:
    """Make the offer of a due step and have it sent, or end the series for the person; False when nothing was due.

    Safe to repeat and to run from many places at once: the end is locked, and each of its steps is taken once.
    """
    win_back = await repository.find_win_back(session, win_back_id, is_locked=True)
    if win_back is None or win_back.next_step_at is None or win_back.next_step_at > now:
        return False
    series, user = await load_series(session), await get_user(session, win_back.user_id)
    end = decide_end(await _read_state(session, user, win_back.subscription_id, series))
    if end is None and win_back.steps_taken >= len(series.steps):
        end = WinBackEnd.OFF
    if end is not None:
        await _stop(session, win_back, end, now=now)
        return True
    zone = await find_time_zone(session, user)
    if not is_within_hours(now, hours=series.hours, time_zone=zone):
        # The workers stood still, or the hours were changed: nobody is woken at night.
        return await _wait(session, win_back, series, zone, until=now)
    if await repository.is_buying(session, user.id):
        return await _wait(session, win_back, series, zone, until=now + BUYER_WAIT)
    step = series.steps[win_back.steps_taken]
    plans = await _list_sold(session, user, win_back, step, now=now)
    if not plans and now < win_back.ended_at + timedelta(days=step.after_days) + LATEST:
        return await _wait(session, win_back, series, zone, until=now + UNSOLD_WAIT)
    if plans:
        await _offer(session, win_back, step, plans, now=now)
    await _go_on(session, win_back, series, zone, now=now)
    return True


async def _offer(
    session: TenantSession, win_back: WinBack, step: Step, plans: list[Plan], *, now: datetime
) -> None:  # fmt: skip
    bot_id, valid_until_at = BotId(win_back.bot_id), now + timedelta(days=step.valid_days)
    await repository.close_offers(session, win_back.user_id)
    terms = PersonalTerms(
        step.discount_kind, step.discount_value, valid_until_at=valid_until_at, plan_ids=[plan.id for plan in plans]
    )
    code = await make_personal_code(session, bot_id=bot_id, user_id=win_back.user_id, terms=terms, now=now)
    number, offer_id = win_back.steps_taken + 1, new_uuid7()
    await repository.insert_offer(
        session, {
            "id": offer_id, "win_back_id": win_back.id, "user_id": win_back.user_id, "step": number,
            "promo_code_id": code.id, "valid_until_at": valid_until_at, "created_at": now,
        },
    )  # fmt: skip
    details = {"step": number, "discount_kind": step.discount_kind.value, "value": step.discount_value}
    record(
        session, actor=SYSTEM, action="win_back.offered", subject_id=win_back.subscription_id, now=now, details=details
    )
    await enqueue(session, SendWinBack(offer_id), now=now, bot_id=bot_id, dedupe_key=str(offer_id))


async def _list_sold(
    session: TenantSession, user: User, win_back: WinBack, step: Step, *, now: datetime
) -> list[Plan]:  # fmt: skip
    """Return the plans of the step that this person could buy with the offer at this moment."""
    try:
        await require_selling(session, user_id=user.id, now=now)
    except (TenantSuspendedError, LimitReachedError):
        return []
    found: list[Plan] = []
    for plan_id in step.plan_ids or (win_back.plan_id,):
        try:
            plan = await get_plan(session, plan_id)
        except PlanNotFoundError:
            continue
        if plan.bot_id != win_back.bot_id or not _is_discounted(plan, step):
            continue
        channels = await list_channels_of_plan(session, plan.id)
        is_open = bool(channels) and all(channel.status == ChannelStatus.ACTIVE for channel in channels)
        if is_open and (await decide_offer(session, user, plan, now=now)).refusal is None:
            found.append(plan)
    return found


def _is_discounted(plan: Plan, step: Step) -> bool:
    is_days = step.discount_kind is DiscountKind.EXTRA_DAYS
    return plan.price_minor > 0 and not (is_days and plan.fixed_end_at is not None)


async def _go_on(session: TenantSession, win_back: WinBack, series: Series, zone: str, *, now: datetime) -> None:
    win_back.steps_taken += 1
    if win_back.steps_taken >= len(series.steps):
        await _stop(session, win_back, WinBackEnd.DONE, now=now)
        return
    following = series.steps[win_back.steps_taken]
    at = _decide_at(win_back.user_id, win_back.ended_at, series, zone, step=following)
    # A step that came late does not bring the next one at its heels.
    least = now + timedelta(days=max(1, following.after_days - series.steps[win_back.steps_taken - 1].after_days))
    win_back.next_step_at = at if at > now + timedelta(days=1) else least
    await session.flush()


async def _wait(session: TenantSession, win_back: WinBack, series: Series, zone: str, *, until: datetime) -> bool:
    win_back.next_step_at = move_into_hours(until, hours=series.hours, time_zone=zone, seed=_seed(win_back.user_id))
    await session.flush()
    return True


async def _stop(session: TenantSession, win_back: WinBack, because: WinBackEnd, *, now: datetime) -> None:
    win_back.next_step_at, win_back.stopped_at, win_back.stopped_because = None, now, because
    await session.flush()


async def _read_state(session: TenantSession, user: User, subscription_id: UUID, series: Series) -> PersonState:
    return PersonState(
        is_on=series.is_on,
        has_running=await repository.has_running(session, user.id),
        is_blocked=user.blocked_bot_at is not None,
        has_opted_out=await repository.has_opted_out(session, user.id),
        was_refunded=await repository.was_refunded(session, subscription_id),
    )


def _decide_at(user_id: UUID, ended_at: datetime, series: Series, zone: str, *, step: Step) -> datetime:
    return decide_step_at(
        ended_at, after_days=step.after_days, hours=series.hours, time_zone=zone, seed=_seed(user_id)
    )  # fmt: skip


def _seed(user_id: UUID) -> int:
    # The end of an id of version 7 is random: people who came one after another are spread all the same.
    return user_id.int % 1_000_003
