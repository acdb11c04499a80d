"""The one place that says where something of a subscriber stands, what is told of it, and what becomes of it.

A test compares it with the tables: whoever adds a column of text to a table about people has to say here whether it
tells who they are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, cast, exists, func, or_, select
from sqlalchemy.dialects.postgresql import BYTEA

from lumenpay.models.access import AccessLog, EntryLink, Membership
from lumenpay.models.audit import AuditEvent
from lumenpay.models.autopays import Autopay, AutopayConsent, SubscriptionCharge
from lumenpay.models.broadcasts import BroadcastOptOut, BroadcastRecipient
from lumenpay.models.channels import Channel
from lumenpay.models.erasures import Erasure
from lumenpay.models.fiscal_receipts import FiscalReceipt, ReceiptContact
from lumenpay.models.gifts import Gift
from lumenpay.models.ids import TenantId
from lumenpay.models.imports import Import, ImportRow
from lumenpay.models.inbox import PaymentNotice, TelegramUpdate
from lumenpay.models.ledger import LedgerEntry
from lumenpay.models.pauses import Leaving, SubscriptionPause
from lumenpay.models.payments import Payment
from lumenpay.models.plan_changes import PlanChange
from lumenpay.models.plans import PlanUnlock, TrialUse
from lumenpay.models.promo_codes import PromoCode, PromoCodeUse
from lumenpay.models.reconciliations import ReconciliationFinding, ReconciliationSighting
from lumenpay.models.referrals import Referral
from lumenpay.models.refunds import Refund
from lumenpay.models.subscriptions import Grant, Subscription, SubscriptionPeriod, SubscriptionReminder
from lumenpay.models.sweeps import SweptMember
from lumenpay.models.users import User, UserTag
from lumenpay.models.webhooks import WebhookEvent
from lumenpay.models.win_backs import WinBack, WinBackOffer, WinBackOptOut


@dataclass(frozen=True, slots=True)
class Person:
    """Whose data it is, as one bot knows them."""

    tenant_id: TenantId
    user_id: UUID
    bot_id: UUID
    telegram_id: int
    username: str | None


Where = Callable[[Person], ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class PersonalTable:
    """A table with rows about people: which are a person's, and what becomes of them."""

    model: Any
    where: Where
    erased: Mapping[str, object] = field(default_factory=dict)
    """Columns that tell who it is, and what stands in them afterwards."""
    is_removed: bool = False
    """The rows themselves go."""
    kept: str = ""
    """Columns of text that stay: amounts, states and codes, from which nobody can be known."""
    changed_apart: str = ""
    """Columns that `erasing` deals with by a statement of their own."""
    withheld: str = ""
    """Columns that are not told: the product's secrets, and what is about somebody else."""
    is_told: bool = True


def _of(model: Any, *columns: str) -> Where:  # noqa: ANN401 - any table
    def where(person: Person) -> ColumnElement[bool]:
        return and_(
            model.tenant_id == person.tenant_id, or_(*(getattr(model, name) == person.user_id for name in columns))
        )

    return where


def _through(model: Any, column: str, parent: Any) -> Where:  # noqa: ANN401 - any table
    def where(person: Person) -> ColumnElement[bool]:
        own = select(parent.id).where(parent.tenant_id == person.tenant_id, parent.user_id == person.user_id)
        return and_(model.tenant_id == person.tenant_id, getattr(model, column).in_(own))

    return where


def _is_member(person: Person) -> ColumnElement[bool]:
    # Somebody at the door may have been stored before they ever wrote to the bot.
    channels = select(Channel.id).where(Channel.tenant_id == person.tenant_id, Channel.bot_id == person.bot_id)
    is_stranger = and_(
        Membership.user_id.is_(None), Membership.telegram_id == person.telegram_id, Membership.channel_id.in_(channels)
    )
    return and_(Membership.tenant_id == person.tenant_id, or_(Membership.user_id == person.user_id, is_stranger))


def _was_swept(person: Person) -> ColumnElement[bool]:
    found = select(Membership.id).where(_is_member(person))
    return and_(SweptMember.tenant_id == person.tenant_id, SweptMember.membership_id.in_(found))


def _stands_in_list(person: Person) -> ColumnElement[bool]:
    lists = select(Import.id).where(Import.tenant_id == person.tenant_id, Import.bot_id == person.bot_id)
    named = [ImportRow.telegram_id == person.telegram_id]
    if person.username:
        named.append(ImportRow.username == person.username.lower())
    in_lists = and_(ImportRow.import_id.in_(lists), or_(*named))
    return and_(ImportRow.tenant_id == person.tenant_id, or_(ImportRow.user_id == person.user_id, in_lists))


def _was_noticed(person: Person) -> ColumnElement[bool]:
    mine = (Payment.tenant_id == person.tenant_id, Payment.user_id == person.user_id)
    of_gateway = select(Payment.provider_payment_id).where(*mine, Payment.provider_payment_id.is_not(None))
    own = select(Payment.id).where(*mine)
    back = select(Refund.provider_refund_id).where(
        Refund.tenant_id == person.tenant_id, Refund.payment_id.in_(own), Refund.provider_refund_id.is_not(None)
    )
    return and_(
        PaymentNotice.tenant_id == person.tenant_id,
        or_(PaymentNotice.object_id.in_(of_gateway), PaymentNotice.object_id.in_(back)),
    )


def wrote(person: Person) -> ColumnElement[bool]:
    """Return what tells the updates of a person."""
    # Telegram writes no spaces, other servers of its API may; another id may begin with the same digits.
    parts = [f'"id":{gap}{person.telegram_id}{end}' for gap in ("", " ") for end in (",", "}")]
    body = TelegramUpdate.body
    return and_(
        TelegramUpdate.tenant_id == person.tenant_id,
        TelegramUpdate.bot_id == person.bot_id,
        or_(*(body.op("LIKE")(cast(f"%{part}%".encode(), BYTEA)) for part in parts)),
    )


def _is_told(person: Person) -> ColumnElement[bool]:
    # A refund names its payment alone; and whom the bot did not know yet was told of by Telegram's id.
    body = WebhookEvent.body
    parts = (f'%"{person.user_id}"%', f'%"user_id":null,"telegram_id":{person.telegram_id},%')
    of_payment = exists().where(
        Payment.tenant_id == person.tenant_id, Payment.user_id == person.user_id,
        body.op("LIKE")(func.convert_to(func.concat('%"', Payment.id, '"%'), "UTF8")),
    )  # fmt: skip
    named = or_(*(body.op("LIKE")(cast(part.encode(), BYTEA)) for part in parts), of_payment)
    return and_(WebhookEvent.tenant_id == person.tenant_id, named)


def _took_trial(person: Person) -> ColumnElement[bool]:
    return and_(TrialUse.tenant_id == person.tenant_id, TrialUse.telegram_id == person.telegram_id)


def _is_recorded(person: Person) -> ColumnElement[bool]:
    own = [
        select(model.id).where(model.tenant_id == person.tenant_id, model.user_id == person.user_id)
        for model in (Subscription, Payment)
    ]
    subject = AuditEvent.subject_id
    about = or_(subject == person.user_id, *(subject.in_(ids) for ids in own))
    return and_(AuditEvent.tenant_id == person.tenant_id, about)


_MONEY = "currency period_unit"

PERSONAL: Final[tuple[PersonalTable, ...]] = (
    PersonalTable(
        User, lambda person: and_(User.tenant_id == person.tenant_id, User.id == person.user_id),
        erased={
            "first_name": "", "last_name": "", "username": None, "language_code": None, "locale": "ru",
            "time_zone": None, "dialog": None, "note": "", "guesses_count": 0, "guessing_since_at": None,
        },
        # Which campaign somebody came by says nothing of who it was; the search looks in the names alone.
        kept="source last_source", changed_apart="telegram_id search_text", withheld="search_text",
    ),
    PersonalTable(UserTag, _of(UserTag, "user_id"), is_removed=True),
    PersonalTable(ReceiptContact, _of(ReceiptContact, "user_id"), is_removed=True),
    PersonalTable(PlanUnlock, _of(PlanUnlock, "user_id"), is_removed=True),
    PersonalTable(BroadcastOptOut, _of(BroadcastOptOut, "user_id"), is_removed=True),
    PersonalTable(
        BroadcastRecipient, _of(BroadcastRecipient, "user_id"), erased={"reason": "", "message_id": None}, kept="state",
        withheld="job_id lease_id",
    ),
    PersonalTable(WinBackOptOut, _of(WinBackOptOut, "user_id")),
    PersonalTable(WinBack, _of(WinBack, "user_id"), kept="stopped_because"),
    PersonalTable(WinBackOffer, _of(WinBackOffer, "user_id")),
    PersonalTable(Leaving, _of(Leaving, "user_id"), kept="reason offer_kind outcome"),
    PersonalTable(Referral, _of(Referral, "invited_id", "inviter_id"), kept="state reason reward_kind"),
    PersonalTable(Gift, _of(Gift, "giver_id", "receiver_id"), kept="status"),
    PersonalTable(SweptMember, _was_swept, is_removed=True),
    PersonalTable(Membership, _is_member, is_removed=True),
    PersonalTable(EntryLink, _of(EntryLink, "user_id"), erased={"url": ""}, kept="mode status"),
    PersonalTable(
        AccessLog, _of(AccessLog, "user_id"), kept="action reason", changed_apart="telegram_id",
    ),
    PersonalTable(
        ImportRow, _stands_in_list,
        erased={"telegram_id": None, "username": None, "name": "", "note": "", "tag": "", "claim_token": None},
        kept="outcome problem", withheld="claim_token",
    ),
    PersonalTable(TrialUse, _took_trial, changed_apart="telegram_id"),
    PersonalTable(
        TelegramUpdate, wrote, erased={"body": b"{}", "error": ""}, kept="status", withheld="lane attempts retry_at",
    ),
    # What was told to the tenant's own programs stands there; here it could be told once more.
    PersonalTable(WebhookEvent, _is_told, is_removed=True),
    PersonalTable(PaymentNotice, _was_noticed, erased={"body": b"{}"}, kept="event object_id status reason"),
    PersonalTable(
        Payment, _of(Payment, "user_id"),
        erased={"request_body": None, "confirmation_url": None, "chat_message_id": None},
        kept=f"{_MONEY} provider method shop_id status delivery_state source description idempotence_key check_result "
        "provider_payment_id cancellation_reason quarantine_reason receipt_state terms_version",
        withheld="idempotence_key key_first_sent_at confirmation_url next_check_at checks_count",
    ),
    PersonalTable(
        Refund, _through(Refund, "payment_id", Payment), erased={"reason": "", "request_body": None},
        kept="origin status currency access request_key idempotence_key provider_refund_id check_result "
        "cancellation_reason quarantine_reason",
        withheld="idempotence_key request_key key_first_sent_at next_check_at checks_count requested_by",
    ),
    PersonalTable(
        FiscalReceipt, _through(FiscalReceipt, "payment_id", Payment), erased={"request_body": None},
        kept="kind state idempotence_key provider_receipt_id failure",
        withheld="idempotence_key key_first_sent_at next_step_at requested_by",
    ),
    PersonalTable(
        ReconciliationFinding, _through(ReconciliationFinding, "payment_id", Payment),
        kept="provider kind state subject details", withheld="closed_by",
    ),
    PersonalTable(ReconciliationSighting, _through(ReconciliationSighting, "payment_id", Payment), is_told=False),
    PersonalTable(LedgerEntry, _through(LedgerEntry, "payment_id", Payment), kept="kind account currency"),
    PersonalTable(Grant, _through(Grant, "payment_id", Payment)),
    PersonalTable(PromoCode, _of(PromoCode, "user_id"), kept="code discount_kind currency"),
    PersonalTable(PromoCodeUse, _of(PromoCodeUse, "user_id"), kept="status"),
    PersonalTable(Subscription, _of(Subscription, "user_id"), kept="status"),
    PersonalTable(SubscriptionPeriod, _through(SubscriptionPeriod, "subscription_id", Subscription)),
    PersonalTable(SubscriptionReminder, _through(SubscriptionReminder, "subscription_id", Subscription)),
    PersonalTable(
        SubscriptionPause, _through(SubscriptionPause, "subscription_id", Subscription), kept="started_by ended_by"
    ),
    PersonalTable(SubscriptionCharge, _through(SubscriptionCharge, "subscription_id", Subscription), kept="state"),
    PersonalTable(PlanChange, _of(PlanChange, "user_id"), kept="kind currency sources"),
    # The words that were agreed to prove what was charged; they are the same for everybody.
    PersonalTable(AutopayConsent, _of(AutopayConsent, "user_id"), kept=f"{_MONEY} version locale text"),
    PersonalTable(
        Autopay, _of(Autopay, "user_id"), erased={"method_ref": None, "method_title": ""},
        kept="status shop_id last_failure off_reason", withheld="method_ref",
    ),
    PersonalTable(Erasure, _of(Erasure, "user_id"), kept="asked_by waits_for", withheld="asked_by_id next_step_at"),
    # Chained by hashes: its details hold ids, states and sums, and no names (`lumenpay.audit`).
    PersonalTable(AuditEvent, _is_recorded, kept="actor_kind action details", withheld="actor_id"),
)  # fmt: skip
