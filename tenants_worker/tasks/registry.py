"""Which function does which kind of job. A kind without one keeps the worker from starting."""

from __future__ import annotations

from typing import Any

from lumenpay.jobs import catalogue
from tenants_worker.job_runner import JobHandler
from tenants_worker.tasks import (
    access,
    additions,
    autopay,
    billing,
    bot_ends,
    bot_health,
    bots,
    broadcasts,
    channels,
    erasures,
    exports,
    extensions,
    fiscal_receipts,
    gifts,
    guarding,
    imports,
    letters,
    memberships,
    pauses,
    payment_checks,
    payment_messages,
    payments,
    reconciliations,
    referrals,
    refund_checks,
    refunds,
    shops,
    star_reconciliations,
    stars,
    subscriptions,
    sweep_notices,
    sweeps,
    webhooks,
    win_backs,
)

HANDLERS: dict[type[catalogue.JobPayload], JobHandler] = {
    catalogue.OpenPayment: payments.open_payment,
    catalogue.CheckPayment: payment_checks.check_payment,
    catalogue.CheckNotice: payment_checks.check_notice,
    catalogue.MakeRefund: refunds.make_refund,
    catalogue.SweepRefunds: refund_checks.sweep_refunds,
    catalogue.CheckShop: shops.check_shop,
    catalogue.EndStarSubscription: stars.end_star_subscription,
    catalogue.TellRefunded: refunds.tell_refunded,
    catalogue.TellPaymentFailed: payment_messages.tell_payment_failed,
    catalogue.ClosePayLink: payment_messages.close_pay_link,
    catalogue.NoticeAutopay: autopay.notice_autopay,
    catalogue.TellAutopay: autopay.tell_autopay,
    catalogue.NoteMethodNotSaved: autopay.note_method_not_saved,
    catalogue.DeliverAccess: access.deliver_access,
    catalogue.AnswerJoinRequest: memberships.answer_join_request,
    catalogue.RemoveMember: memberships.remove_member,
    catalogue.JudgeAddition: additions.judge_addition,
    catalogue.RevokeEntryLink: memberships.revoke_entry_link,
    catalogue.SendReminder: subscriptions.send_reminder,
    catalogue.ReplanReminders: subscriptions.replan_tenant_reminders,
    catalogue.ExtendTogether: extensions.extend_together,
    catalogue.TellExpired: subscriptions.tell_expired,
    catalogue.TellGift: gifts.tell_gift,
    catalogue.TellPause: pauses.tell_pause,
    catalogue.SendBroadcast: broadcasts.send_broadcast,
    catalogue.ResumeBroadcasts: broadcasts.resume_broadcasts,
    catalogue.SendWinBack: win_backs.send_win_back,
    catalogue.SettleReferral: referrals.settle,
    catalogue.TellReferral: referrals.tell_referral,
    catalogue.RegisterWebhook: bots.register_webhook,
    catalogue.ClearWebhook: bot_ends.clear_webhook,
    catalogue.ForgetShops: bots.forget_shops,
    catalogue.CheckBotHealth: bots.check_bot_health,
    catalogue.CheckChannelRights: channels.check_channel_rights,
    catalogue.TellOwner: guarding.tell_owner,
    catalogue.TellOwnerOfSweep: sweep_notices.tell_owner_of_sweep,
    catalogue.TellBotHealth: bot_health.tell_bot_health,
    catalogue.TellOwnerOfBot: bot_health.tell_owner_of_bot,
    catalogue.TellShopHealth: shops.tell_shop_health,
    catalogue.TellOwnerOfShop: shops.tell_owner_of_shop,
    catalogue.SendInvitation: letters.send_invitation,
    catalogue.WriteExport: exports.write_export,
    catalogue.CarryOutImport: imports.carry_out_import,
    catalogue.ReconcilePayments: reconciliations.reconcile_payments,
    catalogue.ReconcileStars: star_reconciliations.reconcile_stars,
    catalogue.SweepMembers: sweeps.sweep_members,
    catalogue.CloseSweep: sweeps.close_sweep,
    catalogue.SendCopyOfData: erasures.send_copy,
    catalogue.FollowReceipt: fiscal_receipts.follow_receipt,
    catalogue.CheckBilling: billing.check_billing,
    catalogue.RefundPlatformInvoice: billing.refund_invoice,
    catalogue.SendBillingLetter: billing.send_letter,
    catalogue.SendWebhook: webhooks.send_webhook,
    catalogue.TellWebhookDisabled: webhooks.tell_webhook_disabled,
}


def check_registry(handlers: dict[type[catalogue.JobPayload], Any] = HANDLERS) -> None:
    """Return if every kind of job that anybody can record has somebody to do it.

    Raises:
        RuntimeError: A kind is missing.
    """
    missing = [kind for kind, payload in catalogue.CATALOGUE.items() if payload not in handlers]
    if missing:
        raise RuntimeError(f"no handler for {', '.join(missing)}")
