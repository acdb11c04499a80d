"""Subscriptions, with the periods that were paid for."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field

from control_plane.dependencies import CreatedDep, PageDep, TenantDep
from control_plane.errors import documented
from control_plane.schemas import CountedPageOut, IdempotenceKey, Input, Moment, MomentIn, Output, show_page
from control_plane.subscriptions.schemas import AutopayOut, SubscriptionOut, autopay_out
from lumenpay.db.narrowing import Span
from lumenpay.db.session import TenantSession
from lumenpay.models.pauses import PausedBy
from lumenpay.models.subscriptions import Subscription, SubscriptionStatus
from lumenpay.payments.consents import find_consent
from lumenpay.subscriptions import pausing, repository
from lumenpay.subscriptions.autopay import BY_TEAM, find_autopay, find_price, turn_off
from lumenpay.subscriptions.errors import NoAutopayError
from lumenpay.subscriptions.manual import MAX_DAYS, extend_by_hand
from lumenpay.subscriptions.pause_rules import MAX_PAUSE_DAYS
from lumenpay.subscriptions.pausing import pause_for
from lumenpay.subscriptions.repository import SubscriptionFilters
from lumenpay.subscriptions.revocation import revoke_subscription

router = APIRouter(prefix="/tenants/{tenant_id}/subscriptions", tags=["subscriptions"])


class ExtendIn(Input):
    """How many days are added; `idempotence_key` makes a repeated request add them once."""

    days: Annotated[int, Field(ge=1, le=MAX_DAYS)]
    idempotence_key: IdempotenceKey


class PauseIn(Input):
    """For how many days at most."""

    days: Annotated[int, Field(ge=1, le=MAX_PAUSE_DAYS)]


class PeriodOut(Output):
    """A stretch of time that one payment opened."""

    payment_id: UUID
    starts_at: Moment
    ends_at: Moment | None


class SubscriptionDetailsOut(SubscriptionOut):
    """A subscription with everything that was paid for it; `autopay` is empty where there never was any."""

    periods: list[PeriodOut]
    autopay: AutopayOut | None


@router.get("")
async def list_(  # noqa: PLR0917 - query parameters
    access: TenantDep,
    page: PageDep,
    created: CreatedDep,
    status: Annotated[SubscriptionStatus | None, Query()] = None,
    user_id: Annotated[UUID | None, Query()] = None,
    plan_id: Annotated[UUID | None, Query()] = None,
    bot_id: Annotated[UUID | None, Query()] = None,
    ends_from: Annotated[MomentIn | None, Query(description="Ends at this moment or later.")] = None,
    ends_until: Annotated[MomentIn | None, Query(description="Ends before this moment.")] = None,
) -> CountedPageOut[SubscriptionOut]:
    """List subscriptions, newest first."""
    filters = SubscriptionFilters(
        status=status, user_id=user_id, plan_id=plan_id, bot_id=bot_id, created=created,
        ending=Span(ends_from, ends_until),
    )  # fmt: skip
    async with access.unit() as session:
        found = await repository.list_subscriptions(session, filters, page)
    items = [SubscriptionOut.model_validate(row) for row in found.items]
    return show_page(found, items, page)


@router.get("/{subscription_id}")
async def get(subscription_id: UUID, access: TenantDep) -> SubscriptionDetailsOut:
    """Return a subscription with its periods."""
    async with access.unit() as session:
        row = await repository.get_subscription(session, subscription_id)
        periods = await repository.list_periods(session, row.id)
        autopay = await _show_autopay(session, row)
    shown = [
        PeriodOut(payment_id=period.payment_id, starts_at=period.during.lower, ends_at=period.during.upper)
        for period in periods
        if period.during.lower is not None
    ]
    return SubscriptionDetailsOut(**SubscriptionOut.model_validate(row).model_dump(), periods=shown, autopay=autopay)


@router.post("/{subscription_id}/extend", responses=documented(409))
async def extend(subscription_id: UUID, body: ExtendIn, access: TenantDep) -> SubscriptionOut:
    """Add days to a subscription without money; one that has ended runs again from now on."""
    async with access.unit() as session:
        row = await extend_by_hand(
            session, subscription_id=subscription_id, days=body.days, key=body.idempotence_key, actor=access.actor,
            now=access.now,
        )  # fmt: skip
    return SubscriptionOut.model_validate(row)


@router.post("/{subscription_id}/revoke")
async def revoke(subscription_id: UUID, access: TenantDep) -> SubscriptionOut:
    """End a subscription now: the person is told and taken out. One that has ended stays as it is."""
    async with access.unit() as session:
        row = await revoke_subscription(
            session, subscription_id=subscription_id, actor=access.actor, now=access.now
        )  # fmt: skip
    return SubscriptionOut.model_validate(row)


@router.post("/{subscription_id}/pause", responses=documented(409))
async def pause(subscription_id: UUID, body: PauseIn, access: TenantDep) -> SubscriptionOut:
    """Have a running subscription stand still: the person is told and taken out, and what is left is kept.

    It does not count as one of the pauses that the plan allows its people. A paused one stays as it is.
    """
    async with access.unit() as session:
        row = await pause_for(
            session, subscription_id=subscription_id, days=body.days, actor=access.actor, now=access.now
        )  # fmt: skip
    return SubscriptionOut.model_validate(row)


@router.post("/{subscription_id}/resume")
async def resume(subscription_id: UUID, access: TenantDep) -> SubscriptionOut:
    """Have a paused subscription run again with all that was left: the person is told and let in."""
    async with access.unit() as session:
        row = await pausing.resume(
            session, subscription_id=subscription_id, by=PausedBy.TEAM, actor=access.actor, now=access.now
        )  # fmt: skip
    return SubscriptionOut.model_validate(row)


@router.post("/{subscription_id}/autopay/turn-off", responses=documented(409))
async def turn_off_autopay(subscription_id: UUID, access: TenantDep) -> AutopayOut:
    """Charge nothing more that is not sent yet; the person is told. Autopay that is off stays as it is."""
    async with access.unit() as session:
        row = await repository.get_subscription(session, subscription_id)
        await turn_off(session, row.id, reason=BY_TEAM, actor=access.actor, now=access.now)
        shown = await _show_autopay(session, row)
    if shown is None:
        raise NoAutopayError
    return shown


async def _show_autopay(session: TenantSession, subscription: Subscription) -> AutopayOut | None:
    autopay = await find_autopay(session, subscription.id)
    if autopay is None:
        return None
    consent = await find_consent(session, autopay.consent_payment_id)
    return autopay_out(autopay, subscription, consent, await find_price(session, autopay))
