"""Jobs of the queue that money depends on."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from lumenpay.jobs.catalogue.payload import JobPayload, Queue


@dataclass(frozen=True, slots=True)
class OpenPayment(JobPayload):
    """Create the payment at the gateway, with the stored key and body, and give the payer the link."""

    kind = "payments.open"
    queue = Queue.MONEY
    payment_id: UUID


@dataclass(frozen=True, slots=True)
class CheckPayment(JobPayload):
    """Ask the gateway about a payment and settle what it says."""

    kind = "payments.check"
    queue = Queue.MONEY
    payment_id: UUID


@dataclass(frozen=True, slots=True)
class CheckNotice(JobPayload):
    """Look into a stored notice: fetch the object with the tenant's keys, compare, settle."""

    kind = "payments.check_notice"
    queue = Queue.MONEY
    notice_id: UUID


@dataclass(frozen=True, slots=True)
class MakeRefund(JobPayload):
    """Have the gateway give money back, with the stored key and body, or ask how far it got."""

    kind = "payments.refund"
    queue = Queue.MONEY
    refund_id: UUID


@dataclass(frozen=True, slots=True)
class SweepRefunds(JobPayload):
    """Ask the gateway for refunds of a bot's shop that nobody told us of."""

    kind = "payments.sweep_refunds"
    queue = Queue.MONEY
    bot_id: UUID


@dataclass(frozen=True, slots=True)
class CheckShop(JobPayload):
    """Try keys that the gateway refused once more: the shop sells again where they work."""

    kind = "shops.check"
    queue = Queue.MONEY
    bot_id: UUID


@dataclass(frozen=True, slots=True)
class EndStarSubscription(JobPayload):
    """Have Telegram renew a subscription in Stars no more; the payment is the order that began it."""

    kind = "stars.end_subscription"
    queue = Queue.MONEY
    payment_id: UUID


@dataclass(frozen=True, slots=True)
class NoteMethodNotSaved(JobPayload):
    """Keep with the shop of a paid order that it saves no methods, so that autopay is not offered there."""

    kind = "autopay.note_not_saved"
    queue = Queue.MONEY
    payment_id: UUID


@dataclass(frozen=True, slots=True)
class CheckBilling(JobPayload):
    """Ask Stripe what a tenant has of the platform and owes for it, and make that true here."""

    kind = "billing.check"
    queue = Queue.MONEY


@dataclass(frozen=True, slots=True)
class RefundPlatformInvoice(JobPayload):
    """Have Stripe give money of the platform's own bill back to a tenant, and keep what it says."""

    kind = "billing.refund"
    queue = Queue.MONEY
    refund_id: UUID
