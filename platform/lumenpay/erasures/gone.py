"""SQL that tells who is long gone: nothing of theirs runs or is in the air, and their last sign of life is old.

What we write to a person is no sign of their life, and neither is that we looked where they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from lumenpay.db.session import TenantSession
from lumenpay.erasures.repository import HOLDING
from lumenpay.models.access import AccessLog, ActualPlace, Membership, WantedPlace
from lumenpay.models.autopays import Autopay, AutopayStatus
from lumenpay.models.fiscal_receipts import FiscalReceipt, ReceiptState
from lumenpay.models.gifts import Gift, GiftStatus
from lumenpay.models.imports import Import, ImportOutcome, ImportRow
from lumenpay.models.payments import OPEN_STATUSES, DeliveryState, Payment, PaymentStatus
from lumenpay.models.promo_codes import PromoCode
from lumenpay.models.referrals import Referral, ReferralState
from lumenpay.models.refunds import OPEN_REFUNDS, Refund, RefundStatus
from lumenpay.models.subscriptions import Subscription
from lumenpay.models.users import User

COUNTED_UP_TO: Final = 10_000
_UNDECIDED: Final = (*OPEN_STATUSES, PaymentStatus.QUARANTINED)
_NOT_HANDED_OVER: Final = (DeliveryState.NOT_PAID, DeliveryState.PAID)


async def count_gone(session: TenantSession, *, horizon: datetime, now: datetime) -> tuple[int, bool]:
    """Return how many people are gone since before `horizon`, and whether that is all of them: at most 10,000 are."""
    some = select(User.id).where(_is_gone(session, horizon=horizon, now=now)).limit(COUNTED_UP_TO + 1).subquery()
    found = (await session.execute(select(func.count()).select_from(some))).scalar_one()
    return min(found, COUNTED_UP_TO), found <= COUNTED_UP_TO


async def is_gone(session: TenantSession, user_id: UUID, *, horizon: datetime, now: datetime) -> bool:
    """Tell whether a person is gone since before `horizon`."""
    query = select(User.id).where(User.id == user_id, _is_gone(session, horizon=horizon, now=now))
    return (await session.execute(query)).first() is not None


async def list_next_people(session: TenantSession, *, after: UUID | None, limit: int) -> Sequence[UUID]:
    """Return the people who come next in the order of ids, gone or not."""
    query = select(User.id).where(User.tenant_id == session.tenant_id).order_by(User.id).limit(limit)
    if after is not None:
        query = query.where(User.id > after)
    return list((await session.execute(query)).scalars())


async def list_gone(
    session: TenantSession, *, after: UUID | None, until: UUID, horizon: datetime, now: datetime, limit: int
) -> Sequence[UUID]:
    """Return those who are gone among the people behind `after` and up to `until`, in the order of ids."""
    query = select(User.id).where(User.id <= until, _is_gone(session, horizon=horizon, now=now))
    if after is not None:
        query = query.where(User.id > after)
    return list((await session.execute(query.order_by(User.id).limit(limit))).scalars())


def _is_gone(session: TenantSession, *, horizon: datetime, now: datetime) -> ColumnElement[bool]:
    moments = (User.created_at, User.last_seen_at, User.met_at, User.plan_seen_at)
    seen = func.greatest(*moments, type_=User.last_seen_at.type)
    ties = (*_access(session, horizon), *_money(session, horizon), *_promises(session, now))
    return and_(
        User.tenant_id == session.tenant_id, User.erasure_asked_at.is_(None), ~User.is_whitelisted, seen < horizon,
        *(~tie for tie in ties),
    )  # fmt: skip


def _access(session: TenantSession, horizon: datetime) -> tuple[ColumnElement[bool], ...]:
    tenant_id = session.tenant_id
    # Two bots may look after one channel: whoever is inside is, whichever of them knows it.
    is_their_place = or_(Membership.user_id == User.id, Membership.telegram_id == User.telegram_id)
    may_be_inside = or_(
        Membership.wanted == WantedPlace.INSIDE,
        Membership.actual.in_((ActualPlace.INSIDE, ActualPlace.ADMIN)),
        and_(Membership.wanted == WantedPlace.UNMANAGED, Membership.actual == ActualPlace.UNKNOWN),
        Membership.joined_at >= horizon,
    )
    has_or_had = or_(
        Subscription.status.in_(HOLDING),
        *(moment >= horizon for moment in (Subscription.ends_at, Subscription.access_ends_at, Subscription.expired_at)),
    )
    return (
        exists().where(Subscription.tenant_id == tenant_id, Subscription.user_id == User.id, has_or_had),
        exists().where(
            Autopay.tenant_id == tenant_id, Autopay.user_id == User.id, Autopay.status == AutopayStatus.ON
        ),
        exists().where(Membership.tenant_id == tenant_id, is_their_place, may_be_inside),
        exists().where(
            AccessLog.tenant_id == tenant_id, AccessLog.user_id == User.id, AccessLog.created_at >= horizon
        ),
    )  # fmt: skip


def _money(session: TenantSession, horizon: datetime) -> tuple[ColumnElement[bool], ...]:
    tenant_id = session.tenant_id
    theirs = (Payment.tenant_id == tenant_id, Payment.user_id == User.id)
    is_owed = and_(Payment.status == PaymentStatus.SUCCEEDED, Payment.delivery_state.in_(_NOT_HANDED_OVER))
    refund, receipt = (
        (model.tenant_id == tenant_id, model.tenant_id == Payment.tenant_id, model.payment_id == Payment.id)
        for model in (Refund, FiscalReceipt)
    )
    goes_or_went_back = or_(
        Refund.status.in_((*OPEN_REFUNDS, RefundStatus.QUARANTINED)),
        Refund.created_at >= horizon, Refund.settled_at >= horizon,
    )  # fmt: skip
    return (
        exists().where(
            *theirs,
            or_(
                Payment.status.in_(_UNDECIDED), is_owed, Payment.created_at >= horizon, Payment.settled_at >= horizon
            ),
        ),
        exists().where(*theirs, *refund, goes_or_went_back),
        exists().where(*theirs, *receipt, FiscalReceipt.state == ReceiptState.PENDING),
    )  # fmt: skip


def _promises(session: TenantSession, now: datetime) -> tuple[ColumnElement[bool], ...]:
    tenant_id = session.tenant_id
    is_in_gift = or_(Gift.giver_id == User.id, Gift.receiver_id == User.id)
    is_in_referral = or_(Referral.invited_id == User.id, Referral.inviter_id == User.id)
    # A code without an end is not waited for: nobody would ever be gone who left one unused.
    is_good = and_(PromoCode.is_active, PromoCode.uses_count == 0, PromoCode.valid_until_at > now)
    of_list = (Import.tenant_id == ImportRow.tenant_id, Import.id == ImportRow.import_id, Import.forgotten_at.is_(None))
    return (
        exists().where(Gift.tenant_id == tenant_id, is_in_gift, Gift.status == GiftStatus.WAITING),
        exists().where(Referral.tenant_id == tenant_id, is_in_referral, Referral.state == ReferralState.BOUGHT),
        exists().where(PromoCode.tenant_id == tenant_id, PromoCode.user_id == User.id, is_good),
        exists().where(
            ImportRow.tenant_id == tenant_id, ImportRow.user_id == User.id, *of_list,
            ImportRow.outcome == ImportOutcome.HELD,
        ),
    )  # fmt: skip
