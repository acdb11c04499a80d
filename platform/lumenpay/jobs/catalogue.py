"""Every kind of job: its queue, its payload and how often it is tried.

Payloads hold ids only. A changed payload gets a new version beside the old one, so that old and new workers can both
read what the other wrote.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Final
from uuid import UUID


class Queue(StrEnum):
    """Celery queues; each can be given machines of its own."""

    MONEY = "money"
    UPDATES = "updates"
    ACCESS = "access"
    BROADCASTS = "broadcasts"
    HOUSEKEEPING = "housekeeping"


@dataclass(frozen=True, slots=True)
class JobPayload:
    """Base of all payloads; a subclass is one kind of job."""

    kind: ClassVar[str]
    queue: ClassVar[Queue]
    version: ClassVar[int] = 1
    max_attempts: ClassVar[int] = 25
    """Tries before the job is dead; a try that was only postponed (`JobPostponed`) does not count."""


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
class TellRefunded(JobPayload):
    """Tell a payer that money went back, and what becomes of the access."""

    kind = "payments.tell_refunded"
    queue = Queue.ACCESS
    refund_id: UUID


@dataclass(frozen=True, slots=True)
class DeliverAccess(JobPayload):
    """Make sure that a paid person has entry links, and send the receipt with them."""

    kind = "access.deliver"
    queue = Queue.ACCESS
    payment_id: UUID


@dataclass(frozen=True, slots=True)
class AnswerJoinRequest(JobPayload):
    """Approve or decline a person who knocks, by the right they have now."""

    kind = "access.answer_join_request"
    queue = Queue.ACCESS
    membership_id: UUID


@dataclass(frozen=True, slots=True)
class RemoveMember(JobPayload):
    """Take a person out of a channel if they have no right to stay at that moment."""

    kind = "access.remove"
    queue = Queue.ACCESS
    membership_id: UUID


@dataclass(frozen=True, slots=True)
class RevokeEntryLink(JobPayload):
    """Make an entry link useless."""

    kind = "access.revoke_link"
    queue = Queue.ACCESS
    entry_link_id: UUID


@dataclass(frozen=True, slots=True)
class SendReminder(JobPayload):
    """Tell a subscriber that the end is near."""

    kind = "subscriptions.remind"
    queue = Queue.ACCESS
    subscription_id: UUID
    offset_seconds: int


@dataclass(frozen=True, slots=True)
class ReplanReminders(JobPayload):
    """Set anew when each running subscription of the tenant is reminded next: the offsets were changed."""

    kind = "subscriptions.replan_reminders"
    queue = Queue.ACCESS
    after_id: UUID
    """The last subscription that was looked at; zeros at the beginning."""


@dataclass(frozen=True, slots=True)
class ExtendTogether(JobPayload):
    """Give the next subscriptions of an extension their days."""

    kind = "subscriptions.extend_together"
    queue = Queue.HOUSEKEEPING
    extension_id: UUID


@dataclass(frozen=True, slots=True)
class TellExpired(JobPayload):
    """Tell a subscriber that the subscription ended and how to buy again."""

    kind = "subscriptions.tell_expired"
    queue = Queue.ACCESS
    subscription_id: UUID


@dataclass(frozen=True, slots=True)
class TellPaymentFailed(JobPayload):
    """Tell a payer that the payment was declined or ran out, and offer another try."""

    kind = "payments.tell_failed"
    queue = Queue.ACCESS
    payment_id: UUID


@dataclass(frozen=True, slots=True)
class ClosePayLink(JobPayload):
    """Take the pay button away from under the message of an order that is paid or closed."""

    kind = "payments.close_link"
    queue = Queue.ACCESS
    payment_id: UUID


@dataclass(frozen=True, slots=True)
class RegisterWebhook(JobPayload):
    """Point Telegram at our address for a bot, with its secret and the updates that we need; set its commands."""

    kind = "bots.register_webhook"
    queue = Queue.HOUSEKEEPING
    bot_id: UUID


@dataclass(frozen=True, slots=True)
class ClearWebhook(JobPayload):
    """Take our address away from a deleted bot, then destroy its secrets once no order of it is open."""

    kind = "bots.clear_webhook"
    queue = Queue.HOUSEKEEPING
    bot_id: UUID


@dataclass(frozen=True, slots=True)
class ForgetShops(JobPayload):
    """Destroy the keys of shops that a bot sold through before, once their orders are closed."""

    kind = "bots.forget_shops"
    queue = Queue.HOUSEKEEPING
    bot_id: UUID


@dataclass(frozen=True, slots=True)
class CheckBotHealth(JobPayload):
    """Compare what Telegram says of a bot's webhook with what it should be, and mend or report the difference."""

    kind = "bots.check_health"
    queue = Queue.HOUSEKEEPING
    bot_id: UUID


@dataclass(frozen=True, slots=True)
class CheckChannelRights(JobPayload):
    """Ask Telegram which rights the bot has in a channel, and store them."""

    kind = "channels.check_rights"
    queue = Queue.HOUSEKEEPING
    channel_id: UUID


@dataclass(frozen=True, slots=True)
class SendInvitation(JobPayload):
    """Send the letter of an invitation, with a token made for it."""

    kind = "invitations.send"
    queue = Queue.HOUSEKEEPING
    invitation_id: UUID


@dataclass(frozen=True, slots=True)
class WriteExport(JobPayload):
    """Write the next pages of a file that somebody asked for."""

    kind = "exports.write"
    queue = Queue.HOUSEKEEPING
    export_id: UUID


@dataclass(frozen=True, slots=True)
class ReconcilePayments(JobPayload):
    """Compare the next pages of the gateway's list of a shop with our payments."""

    kind = "reconciliations.run"
    queue = Queue.HOUSEKEEPING
    reconciliation_id: UUID


@dataclass(frozen=True, slots=True)
class SweepMembers(JobPayload):
    """Ask Telegram about the next share of the people whom we know in a channel."""

    kind = "membership_sweeps.look"
    queue = Queue.HOUSEKEEPING
    channel_id: UUID


@dataclass(frozen=True, slots=True)
class CloseSweep(JobPayload):
    """Have the next people removed, or left inside, whom a sweep found inside without a right."""

    kind = "membership_sweeps.close"
    queue = Queue.HOUSEKEEPING
    sweep_id: UUID


CATALOGUE: Final[dict[str, type[JobPayload]]] = {
    payload.kind: payload
    for payload in (
        OpenPayment,
        CheckPayment,
        CheckNotice,
        MakeRefund,
        SweepRefunds,
        TellRefunded,
        DeliverAccess,
        AnswerJoinRequest,
        RemoveMember,
        RevokeEntryLink,
        SendReminder,
        ReplanReminders,
        ExtendTogether,
        TellExpired,
        TellPaymentFailed,
        ClosePayLink,
        RegisterWebhook,
        ClearWebhook,
        ForgetShops,
        CheckBotHealth,
        CheckChannelRights,
        SendInvitation,
        WriteExport,
        ReconcilePayments,
        SweepMembers,
        CloseSweep,
    )
}
