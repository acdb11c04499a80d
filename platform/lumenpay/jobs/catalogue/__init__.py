"""Every kind of job: its queue, its payload and how often it is tried.

Payloads hold ids only. A changed payload gets a new version beside the old one, so that old and new workers can both
read what the other wrote.
"""

from __future__ import annotations

from typing import Final

from lumenpay.jobs.catalogue.access import (
    AnswerJoinRequest,
    ClosePayLink,
    DeliverAccess,
    NoticeAutopay,
    RemoveMember,
    ReplanReminders,
    RevokeEntryLink,
    SendReminder,
    TellAutopay,
    TellExpired,
    TellGift,
    TellPause,
    TellPaymentFailed,
    TellRefunded,
)
from lumenpay.jobs.catalogue.money import (
    CheckNotice,
    CheckPayment,
    EndStarSubscription,
    MakeRefund,
    NoteMethodNotSaved,
    OpenPayment,
    SweepRefunds,
)
from lumenpay.jobs.catalogue.payload import (
    JobPayload,
    Queue,
)
from lumenpay.jobs.catalogue.upkeep import (
    CarryOutImport,
    CheckBotHealth,
    CheckChannelRights,
    ClearWebhook,
    CloseSweep,
    ExtendTogether,
    FollowReceipt,
    ForgetShops,
    ReconcilePayments,
    RegisterWebhook,
    SendInvitation,
    SweepMembers,
    WriteExport,
)

CATALOGUE: Final[dict[str, type[JobPayload]]] = {
    payload.kind: payload
    for payload in (
        OpenPayment,
        CheckPayment,
        CheckNotice,
        MakeRefund,
        SweepRefunds,
        EndStarSubscription,
        TellRefunded,
        DeliverAccess,
        AnswerJoinRequest,
        RemoveMember,
        RevokeEntryLink,
        SendReminder,
        ReplanReminders,
        ExtendTogether,
        TellExpired,
        TellPause,
        TellGift,
        TellPaymentFailed,
        ClosePayLink,
        NoticeAutopay,
        TellAutopay,
        NoteMethodNotSaved,
        RegisterWebhook,
        ClearWebhook,
        ForgetShops,
        CheckBotHealth,
        CheckChannelRights,
        SendInvitation,
        WriteExport,
        CarryOutImport,
        ReconcilePayments,
        SweepMembers,
        CloseSweep,
        FollowReceipt,
    )
}

__all__ = [
    "CATALOGUE",
    "AnswerJoinRequest",
    "CarryOutImport",
    "CheckBotHealth",
    "CheckChannelRights",
    "CheckNotice",
    "CheckPayment",
    "ClearWebhook",
    "ClosePayLink",
    "CloseSweep",
    "DeliverAccess",
    "EndStarSubscription",
    "ExtendTogether",
    "FollowReceipt",
    "ForgetShops",
    "JobPayload",
    "MakeRefund",
    "NoteMethodNotSaved",
    "NoticeAutopay",
    "OpenPayment",
    "Queue",
    "ReconcilePayments",
    "RegisterWebhook",
    "RemoveMember",
    "ReplanReminders",
    "RevokeEntryLink",
    "SendInvitation",
    "SendReminder",
    "SweepMembers",
    "SweepRefunds",
    "TellAutopay",
    "TellExpired",
    "TellGift",
    "TellPause",
    "TellPaymentFailed",
    "TellRefunded",
    "WriteExport",
]
