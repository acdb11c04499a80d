"""SQL of the timeline: one SELECT for each book, all with the same columns."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Text, Uuid, and_, case, cast, func, or_, select

from lumenpay.access.timeline_books import read_book
from lumenpay.access.timeline_referrals import of_invitations
from lumenpay.db.session import TenantSession
from lumenpay.models.access import AccessLog
from lumenpay.models.audit import AuditEvent
from lumenpay.models.broadcasts import BroadcastRecipient, RecipientState, ScheduledBroadcast
from lumenpay.models.channels import Channel
from lumenpay.models.gifts import Gift, GiftStatus
from lumenpay.models.jobs import Job, JobStatus
from lumenpay.models.payments import Payment, PaymentStatus
from lumenpay.models.plan_changes import PlanChange
from lumenpay.models.plans import Plan
from lumenpay.models.promo_codes import PromoCode
from lumenpay.models.refunds import Refund, RefundOrigin, RefundStatus
from lumenpay.models.subscriptions import Subscription, SubscriptionPeriod, SubscriptionReminder
from lumenpay.models.users import User
from lumenpay.models.win_backs import WinBackOffer
from lumenpay.payments.terms import IMPORT, MANUAL
from lumenpay.users.rules import LINK_OF_A_KIND

PLAN_CHANGED = "subscription.plan_changed"
_MESSAGES = (
    "subscriptions.remind",
    "subscriptions.tell_expired",
    "payments.tell_failed",
    "payments.tell_refunded",
    "gifts.tell",
    "access.deliver",
)


def of_person(session: TenantSession, user_id: UUID) -> list[Select[Any]]:
    """Return what tells of a subscriber."""
    tenant_id = session.tenant_id
    mine = and_(Payment.tenant_id == tenant_id, Payment.user_id == user_id)
    subscribed = and_(Subscription.tenant_id == tenant_id, Subscription.user_id == user_id)
    subscriptions, payments = select(Subscription.id).where(subscribed), select(Payment.id).where(mine)
    gave_or_took = and_(Gift.tenant_id == tenant_id, or_(Gift.giver_id == user_id, Gift.receiver_id == user_id))
    gifts = select(Gift.id).where(gave_or_took)
    subject = AuditEvent.subject_id
    # What the team gives is an order that costs nothing: whoever gave it stands in the audit log, and nobody paid.
    own = and_(mine, Payment.provider.not_in((MANUAL, IMPORT)))
    return [
        *_payments(own),
        *_refunds(mine),
        *_gifts(gave_or_took),
        _doors(and_(AccessLog.tenant_id == tenant_id, AccessLog.user_id == user_id)),
        _periods(subscribed),
        _reminders(subscribed),
        _offers(and_(WinBackOffer.tenant_id == tenant_id, WinBackOffer.user_id == user_id)),
        _broadcasts(and_(BroadcastRecipient.tenant_id == tenant_id, BroadcastRecipient.user_id == user_id)),
        _failed_messages(session, [("subscription_id", subscriptions), ("payment_id", payments), ("gift_id", gifts)]),
        _changes(session, or_(subject == user_id, subject.in_(subscriptions), subject.in_(payments), _of_gifts(gifts))),
        *_meetings(and_(User.tenant_id == tenant_id, User.id == user_id)),
        *of_invitations(tenant_id, user_id),
    ]


def of_payment(session: TenantSession, payment: Payment) -> list[Select[Any]]:
    """Return what tells of a payment."""
    mine = and_(Payment.tenant_id == session.tenant_id, Payment.id == payment.id)
    own = select(Payment.id).where(mine)
    gave_or_took = or_(Gift.payment_id == payment.id, Gift.claim_payment_id == payment.id)
    gift = and_(Gift.tenant_id == session.tenant_id, gave_or_took)
    gifts = select(Gift.id).where(gift)
    doors = (
        AccessLog.tenant_id == session.tenant_id, AccessLog.user_id == payment.user_id,
        AccessLog.payment_id == payment.id,
    )  # fmt: skip
    return [
        *_payments(mine),
        *_refunds(mine),
        *_gifts(gift),
        _doors(and_(*doors)),
        _periods(Subscription.tenant_id == session.tenant_id, SubscriptionPeriod.payment_id == payment.id),
        _failed_messages(session, [("payment_id", own), ("gift_id", gifts)]),
        _changes(
            session, or_(AuditEvent.subject_id == payment.id, _of_gifts(gifts), _of_change(session, payment.id)),
            is_of_people=False,
        ),
    ]  # fmt: skip


def _payments(mine: ColumnElement[bool]) -> list[Select[Any]]:
    told = {
        "payment_id": Payment.id, "plan": Plan.title, "amount_minor": Payment.amount_minor,
        "currency": Payment.currency, "provider": Payment.provider,
    }  # fmt: skip
    of_plan = and_(Plan.tenant_id == Payment.tenant_id, Plan.id == Payment.plan_id)
    settled = {PaymentStatus.SUCCEEDED: "paid", PaymentStatus.CANCELED: "canceled"}
    return [
        read_book(Payment.created_at, "payments", Payment.id, "ordered", **told).join(Plan, of_plan).where(mine),
        *(
            read_book(Payment.settled_at, "payments", Payment.id, action, **told, reason=Payment.cancellation_reason)
            .join(Plan, of_plan)
            .where(mine, Payment.status == status, Payment.settled_at.is_not(None))
            for status, action in settled.items()
        ),
    ]


def _refunds(mine: ColumnElement[bool]) -> list[Select[Any]]:
    told = {
        "payment_id": Refund.payment_id, "amount_minor": Refund.amount_minor, "currency": Refund.currency,
        "origin": Refund.origin, "access": Refund.access, "plan": Plan.title,
    }  # fmt: skip
    over = {RefundStatus.SUCCEEDED: "refunded", RefundStatus.CANCELED: "canceled"}
    of_payment = and_(Payment.tenant_id == Refund.tenant_id, Payment.id == Refund.payment_id)
    of_plan = and_(Plan.tenant_id == Payment.tenant_id, Plan.id == Payment.plan_id)
    begun = case((Refund.origin == RefundOrigin.PORTAL, "asked"), else_="noticed")
    books = [
        read_book(Refund.created_at, "refunds", Refund.id, begun, **told),
        *(
            read_book(Refund.settled_at, "refunds", Refund.id, action, **told, reason=Refund.cancellation_reason).where(
                Refund.status == status, Refund.settled_at.is_not(None)
            )
            for status, action in over.items()
        ),
    ]
    return [book.select_from(Refund).join(Payment, of_payment).join(Plan, of_plan).where(mine) for book in books]


def _gifts(mine: ColumnElement[bool]) -> list[Select[Any]]:
    told = {
        "gift_id": Gift.id, "payment_id": Gift.payment_id, "claim_payment_id": Gift.claim_payment_id,
        "giver_id": Gift.giver_id, "receiver_id": Gift.receiver_id, "plan": Plan.title, "ends_at": Gift.expires_at,
    }  # fmt: skip
    of_plan = and_(Plan.tenant_id == Gift.tenant_id, Plan.id == Gift.plan_id)
    books = [
        read_book(Gift.created_at, "gifts", Gift.id, "gift_bought", **told),
        read_book(Gift.claimed_at, "gifts", Gift.id, "gift_claimed", **told).where(Gift.claimed_at.is_not(None)),
        # Who revoked one stands in the audit, and a refund in its own book.
        read_book(Gift.closed_at, "gifts", Gift.id, "gift_expired", **told).where(Gift.status == GiftStatus.EXPIRED),
    ]
    return [book.join(Plan, of_plan).where(mine) for book in books]


def _of_gifts(gifts: Select[Any]) -> ColumnElement[bool]:
    # What the book of gifts tells itself is left out.
    return and_(AuditEvent.subject_id.in_(gifts), AuditEvent.action.in_(("gift.revoked", "gift.sent_again")))


def _of_change(session: TenantSession, payment_id: UUID) -> ColumnElement[bool]:
    # What is recorded of a change of plan is about the subscription that was left.
    left = select(PlanChange.subscription_id).where(
        PlanChange.tenant_id == session.tenant_id, PlanChange.payment_id == payment_id
    )
    told = AuditEvent.details["payment_id"].astext == str(payment_id)
    return and_(AuditEvent.subject_id.in_(left), AuditEvent.action == PLAN_CHANGED, told)


def _doors(mine: ColumnElement[bool]) -> Select[Any]:
    told = {
        "reason": func.nullif(AccessLog.reason, ""), "channel_id": AccessLog.channel_id, "channel": Channel.title,
        "payment_id": AccessLog.payment_id, "subscription_id": AccessLog.subscription_id,
    }  # fmt: skip
    of_channel = and_(Channel.tenant_id == AccessLog.tenant_id, Channel.id == AccessLog.channel_id)
    return (
        read_book(AccessLog.created_at, "access", AccessLog.id, AccessLog.action, **told)
        .outerjoin(Channel, of_channel)
        .where(mine)
    )


def _periods(*mine: ColumnElement[bool]) -> Select[Any]:
    # The end is told that access had then; what came later tells of itself.
    during = func.coalesce(SubscriptionPeriod.at_first, SubscriptionPeriod.during)
    told = {
        "subscription_id": Subscription.id, "payment_id": SubscriptionPeriod.payment_id,
        "starts_at": func.lower(during), "ends_at": func.upper(during), "plan": Plan.title,
    }  # fmt: skip
    of_period = and_(
        Subscription.tenant_id == SubscriptionPeriod.tenant_id, Subscription.id == SubscriptionPeriod.subscription_id
    )
    # A period that begins with its payment opens access, one that begins later adds to what is left.
    action = case((func.lower(during) > SubscriptionPeriod.created_at, "renewed"), else_="opened")
    return (
        read_book(SubscriptionPeriod.created_at, "periods", SubscriptionPeriod.id, action, **told)
        .join(Subscription, of_period)
        .join(Plan, and_(Plan.tenant_id == Subscription.tenant_id, Plan.id == Subscription.plan_id))
        .where(*mine)
    )


def _reminders(subscribed: ColumnElement[bool]) -> Select[Any]:
    row = SubscriptionReminder
    # A reminder has no id: one is made of its key.
    row_id = func.md5(func.concat(row.subscription_id, row.ends_at, row.offset_seconds))
    of_reminder = and_(Subscription.tenant_id == row.tenant_id, Subscription.id == row.subscription_id)
    return (
        read_book(
            row.created_at, "reminders", row_id, "reminded", subscription_id=row.subscription_id,
            offset_seconds=row.offset_seconds, ends_at=row.ends_at,
        )
        .join(Subscription, of_reminder)
        .where(subscribed)
    )  # fmt: skip


def _offers(mine: ColumnElement[bool]) -> Select[Any]:
    told = {
        "step": WinBackOffer.step, "discount_kind": PromoCode.discount_kind, "discount_value": PromoCode.discount_value,
        "valid_until_at": WinBackOffer.valid_until_at, "is_sent": WinBackOffer.sent_at.is_not(None),
    }  # fmt: skip
    of_offer = and_(PromoCode.tenant_id == WinBackOffer.tenant_id, PromoCode.id == WinBackOffer.promo_code_id)
    return (
        read_book(WinBackOffer.created_at, "win_backs", WinBackOffer.id, "offered", **told)
        .join(PromoCode, of_offer)
        .where(mine)
    )


def _broadcasts(mine: ColumnElement[bool]) -> Select[Any]:
    row, came = BroadcastRecipient, (RecipientState.SENT, RecipientState.UNCERTAIN)
    told = {
        "broadcast_id": row.broadcast_id, "title": ScheduledBroadcast.title, "category": ScheduledBroadcast.category,
        "is_uncertain": row.state == RecipientState.UNCERTAIN,
    }  # fmt: skip
    of_broadcast = and_(ScheduledBroadcast.tenant_id == row.tenant_id, ScheduledBroadcast.id == row.broadcast_id)
    return (
        read_book(row.changed_at, "broadcasts", row.broadcast_id, "broadcast_sent", **told)
        .select_from(row)
        .join(ScheduledBroadcast, of_broadcast)
        .where(mine, row.state.in_(came))
    )


def _failed_messages(session: TenantSession, subjects: list[tuple[str, Select[Any]]]) -> Select[Any]:
    about = [
        Job.payload[name].astext.in_(select(cast(ids.subquery().c.id, Text))) for name, ids in subjects
    ]  # fmt: skip
    return read_book(Job.finished_at, "jobs", Job.id, "message_failed", kind=Job.kind, job_id=Job.id).where(
        Job.tenant_id == session.tenant_id,
        Job.status == JobStatus.DEAD,
        Job.finished_at.is_not(None),
        Job.kind.in_(_MESSAGES),
        or_(*about),
    )


def _changes(session: TenantSession, subject: ColumnElement[bool], *, is_of_people: bool = True) -> Select[Any]:
    row = AuditEvent
    told = {
        "actor_kind": row.actor_kind, "actor_id": row.actor_id, "subject_id": row.subject_id, "change": row.details,
        "plan_before": _title_of_plan(session, "from_plan_id"), "plan": _title_of_plan(session, "to_plan_id"),
    }  # fmt: skip
    book = read_book(row.created_at, "audit", row.id, row.action, **told)
    # What the machinery did of itself stands in the other books, but for that somebody was forgotten.
    by_somebody = or_(row.actor_kind != "system", row.action == _FORGOTTEN)
    return book.where(row.tenant_id == session.tenant_id, subject, *([by_somebody] if is_of_people else []))


_FORGOTTEN = "user.erased"
# Sources of before were kept whole, with what the link opens.
_SOURCE = func.regexp_replace(User.source, LINK_OF_A_KIND, r"\1")


def _title_of_plan(session: TenantSession, name: str) -> ColumnElement[str | None]:
    plan_id = case((AuditEvent.action == PLAN_CHANGED, cast(AuditEvent.details[name].astext, Uuid)))
    title = select(Plan.title).where(Plan.tenant_id == session.tenant_id, Plan.id == plan_id)
    return title.correlate(AuditEvent).scalar_subquery()


def _meetings(mine: ColumnElement[bool]) -> list[Select[Any]]:
    out_of_reach = case((User.met_at.is_(None), "not_started"), else_="blocked_bot")
    # Who asked to be forgotten is not written to from then on, as if they had blocked the bot.
    is_own_doing = or_(User.erasure_asked_at.is_(None), User.blocked_bot_at < User.erasure_asked_at)
    return [
        read_book(User.met_at, "users", User.id, "met", source=func.nullif(_SOURCE, "")).where(
            mine, User.met_at.is_not(None)
        ),
        read_book(User.blocked_bot_at, "users", User.id, out_of_reach).where(
            mine, User.blocked_bot_at.is_not(None), is_own_doing
        ),
    ]
