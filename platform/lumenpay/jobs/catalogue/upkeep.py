"""Jobs of the queue for housekeeping, and calls of tenants' programs: what nobody waits for at a till or a door."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from lumenpay.jobs.catalogue.payload import JobPayload, Queue


@dataclass(frozen=True, slots=True)
class ExtendTogether(JobPayload):
    """Give the next subscriptions of an extension their days."""

    kind = "subscriptions.extend_together"
    queue = Queue.HOUSEKEEPING
    extension_id: UUID


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
class CarryOutImport(JobPayload):
    """Carry out the next lines of a list of subscribers."""

    kind = "imports.carry_out"
    queue = Queue.HOUSEKEEPING
    import_id: UUID
    done_before: int = 0
    """How many lines had had their turn when it was started: those of an earlier start."""


@dataclass(frozen=True, slots=True)
class ReconcilePayments(JobPayload):
    """Compare the next pages of the gateway's list of a shop with our payments."""

    kind = "reconciliations.run"
    queue = Queue.HOUSEKEEPING
    reconciliation_id: UUID


@dataclass(frozen=True, slots=True)
class ReconcileStars(JobPayload):
    """Compare the next pages of what Telegram lists of a bot's Stars with our payments."""

    kind = "reconciliations.run_stars"
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


@dataclass(frozen=True, slots=True)
class SendCopyOfData(JobPayload):
    """Send a person a file with all that is stored about them."""

    kind = "erasures.send_copy"
    queue = Queue.HOUSEKEEPING
    user_id: UUID


@dataclass(frozen=True, slots=True)
class FollowReceipt(JobPayload):
    """Send a fiscal receipt that failed before, or ask the gateway how far one is."""

    kind = "fiscal_receipts.follow"
    queue = Queue.HOUSEKEEPING
    receipt_id: UUID


@dataclass(frozen=True, slots=True)
class SendWebhook(JobPayload):
    """Tell a tenant's own program of an event, once; a failure has a row and a job of its own for the next try."""

    kind = "webhooks.send"
    queue = Queue.WEBHOOKS
    delivery_id: UUID


@dataclass(frozen=True, slots=True)
class TellWebhookDisabled(JobPayload):
    """Tell an owner that an endpoint was switched off, for it takes nothing any more."""

    kind = "webhooks.tell_disabled"
    queue = Queue.HOUSEKEEPING
    admin_id: UUID
    endpoint_id: UUID


@dataclass(frozen=True, slots=True)
class SendBillingLetter(JobPayload):
    """Tell an owner by letter what the platform's unpaid bill leads to, or that all is well again."""

    kind = "billing.send_letter"
    queue = Queue.HOUSEKEEPING
    admin_id: UUID
    notice: str
