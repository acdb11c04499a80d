"""The team changes the plan of somebody's subscription: what it would come to, and doing it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from fastapi import APIRouter

from control_plane.dependencies import TenantDep
from control_plane.errors import documented
from control_plane.schemas import IdempotenceKey, Input, Moment, MoneyOut, Output
from control_plane.subscriptions.schemas import SubscriptionOut
from lumenpay.models.plan_changes import ChangeKind
from lumenpay.plans.repository import list_channel_ids
from lumenpay.subscriptions import change_by_hand
from lumenpay.subscriptions.change_by_hand import HandQuote
from lumenpay.subscriptions.change_rules import ChangeRefusal
from lumenpay.subscriptions.repository import get_subscription

router = APIRouter(prefix="/tenants/{tenant_id}/subscriptions", tags=["subscriptions"])


class KeptTime(StrEnum):
    """What becomes of the time that is left.

    `by_value`: as much time of the new plan as it is worth. `same_end`: the new plan ends when the old one would have.
    """

    BY_VALUE = "by_value"
    SAME_END = "same_end"


class ChangePlanIn(Input):
    """Which plan, and what becomes of the time that is left; `idempotence_key` makes a repeated request do it once."""

    plan_id: UUID
    time: KeptTime
    idempotence_key: IdempotenceKey


class PlanChangeOut(Output):
    """What changing somebody's subscription to one plan comes to now.

    `credit` is what their unused paid time (`kept_seconds`) is worth in the plan's currency. `own_amount` is what the
    person would have to pay for a whole period if they changed by themselves: 0 where time would be turned into time,
    empty where it cannot be reckoned. `by_value_ends_at` is empty where what is left cannot be turned into time: it was
    given, or paid in another currency, or the plan has no length.
    """

    plan_id: UUID
    plan_title: str
    credit: MoneyOut
    kept_seconds: int
    own_amount: MoneyOut | None
    by_value_ends_at: Moment | None
    same_end_ends_at: Moment
    opened_channel_ids: list[UUID]
    closed_channel_ids: list[UUID]


class PlanChangesOut(Output):
    """Every plan that a subscription can be changed to; where there is none, `refusal` may say why."""

    refusal: ChangeRefusal | None
    items: list[PlanChangeOut]


@router.get("/{subscription_id}/plan-changes")
async def list_changes(subscription_id: UUID, access: TenantDep) -> PlanChangesOut:
    """List what changing a subscription to each other plan of its bot comes to now. Nothing is changed."""
    async with access.unit() as session:
        refusal, quotes = await change_by_hand.list_by_hand(session, subscription_id=subscription_id, now=access.now)
        old = await get_subscription(session, subscription_id)
        channels = await list_channel_ids(session, [old.plan_id, *(quote.plan.id for quote in quotes)])
    before = channels[old.plan_id]
    items = [_show(quote, before, channels[quote.plan.id], now=access.now) for quote in quotes]
    return PlanChangesOut(refusal=refusal, items=items)


@router.post("/{subscription_id}/change-plan", responses=documented(409))
async def change_plan(subscription_id: UUID, body: ChangePlanIn, access: TenantDep) -> SubscriptionOut:
    """Have a person leave a plan for another without money, and return the subscription to that one.

    The person is told. Autopay of the old plan ends: what they agreed to was another price.
    """
    async with access.unit() as session:
        row = await change_by_hand.change_by_hand(
            session, subscription_id=subscription_id, plan_id=body.plan_id, kind=ChangeKind(body.time.value),
            key=body.idempotence_key, actor=access.actor, now=access.now,
        )  # fmt: skip
    return SubscriptionOut.model_validate(row)


def _show(quote: HandQuote, before: Sequence[UUID], after: Sequence[UUID], *, now: datetime) -> PlanChangeOut:
    currency, own = quote.plan.currency, quote.own
    return PlanChangeOut(
        plan_id=quote.plan.id, plan_title=quote.plan.title,
        credit=MoneyOut(amount_minor=quote.credit_minor, currency=currency),
        kept_seconds=quote.kept // timedelta(seconds=1),
        own_amount=None if own is None else MoneyOut(amount_minor=own.amount_minor, currency=currency),
        by_value_ends_at=None if quote.turned is None else now + quote.turned,
        same_end_ends_at=quote.ends_at,
        opened_channel_ids=[channel_id for channel_id in after if channel_id not in before],
        closed_channel_ids=[channel_id for channel_id in before if channel_id not in after],
    )  # fmt: skip
