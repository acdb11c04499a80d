"""Jobs that open and close channels and write to subscribers."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from lumenpay.jobs.catalogue.payload import JobPayload, Queue


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
class JudgeAddition(JobPayload):
    """Learn whether whoever added a person to a group runs it; if not, the person is a foreign joiner."""

    kind = "access.judge_addition"
    queue = Queue.ACCESS
    membership_id: UUID
    adder_telegram_id: int
    joined_at: str
    """Which coming in it was, in ISO 8601: one that was followed by another is not judged any more."""


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
class NoticeAutopay(JobPayload):
    """Tell a subscriber what will be charged and when, and how to turn it off; only then it can be charged."""

    kind = "autopay.notice"
    queue = Queue.ACCESS
    subscription_id: UUID


@dataclass(frozen=True, slots=True)
class TellAutopay(JobPayload):
    """Tell a subscriber once what became of a charge, or that autopay was turned off."""

    kind = "autopay.tell"
    queue = Queue.ACCESS
    subscription_id: UUID
    about: str
    """A value of `Dunning`, or `off`."""


@dataclass(frozen=True, slots=True)
class SendWinBack(JobPayload):
    """Tell a person whose subscription ended of the offer that was made for them."""

    kind = "win_backs.send"
    # Nobody waits for it: what is owed to somebody goes first.
    queue = Queue.HOUSEKEEPING
    offer_id: UUID


@dataclass(frozen=True, slots=True)
class TellOwner(JobPayload):
    """Tell an owner of the tenant that the bot cannot work in a channel any more, or can again."""

    kind = "channels.tell_owner"
    queue = Queue.ACCESS
    channel_id: UUID
    admin_id: UUID
    news: str
    """`lost` or `back`."""
    way: str
    """`mail` or `telegram`."""


@dataclass(frozen=True, slots=True)
class TellOwnerOfSweep(JobPayload):
    """Tell an owner of the tenant that a sweep waits for their word: it would remove too many people."""

    kind = "channels.tell_braked"
    queue = Queue.ACCESS
    sweep_id: UUID
    admin_id: UUID
    way: str
    """`mail` or `telegram`."""


@dataclass(frozen=True, slots=True)
class TellBotHealth(JobPayload):
    """Have every owner told what is wrong with a bot, or that all is well again, once it has lasted."""

    kind = "bots.tell_health"
    queue = Queue.ACCESS
    bot_id: UUID
    code: str
    """What is wrong; empty for nothing."""


@dataclass(frozen=True, slots=True)
class TellShopHealth(JobPayload):
    """Have every owner told that a bot's shop can sell nothing, or that it sells again."""

    kind = "shops.tell_health"
    queue = Queue.ACCESS
    bot_id: UUID
    fault: str
    """What is wrong; empty for nothing."""


@dataclass(frozen=True, slots=True)
class TellOwnerOfShop(JobPayload):
    """Tell an owner of the tenant that a bot's shop can sell nothing, or that it sells again."""

    kind = "shops.tell_owner"
    queue = Queue.ACCESS
    bot_id: UUID
    admin_id: UUID
    fault: str
    """What is wrong; empty for nothing."""
    way: str
    """`mail` or `telegram`."""


@dataclass(frozen=True, slots=True)
class TellOwnerOfBot(JobPayload):
    """Tell an owner of the tenant what is wrong with a bot, or that all is well again."""

    kind = "bots.tell_owner"
    queue = Queue.ACCESS
    bot_id: UUID
    admin_id: UUID
    code: str
    """What is wrong; empty for nothing."""
    way: str
    """`mail` or `telegram`."""


@dataclass(frozen=True, slots=True)
class SettleReferral(JobPayload):
    """Give the reward for an invited person's first purchase, or take it back when the purchase was refunded."""

    kind = "referrals.settle"
    queue = Queue.ACCESS
    invited_id: UUID


@dataclass(frozen=True, slots=True)
class TellReferral(JobPayload):
    """Tell an inviter of a reward that waits for the next payment, or that one was taken back."""

    kind = "referrals.tell"
    queue = Queue.ACCESS
    invited_id: UUID
    about: str
    """`rewarded` or `taken_back`."""


@dataclass(frozen=True, slots=True)
class TellPause(JobPayload):
    """Tell a subscriber that the subscription was paused, runs again soon, or runs again."""

    kind = "pauses.tell"
    queue = Queue.ACCESS
    pause_id: UUID
    about: str
    """`paused`, `soon` or `resumed`."""


@dataclass(frozen=True, slots=True)
class TellGift(JobPayload):
    """Tell a giver that a gift is ready, what to hand on, that nobody took it yet, that somebody did, or its end."""

    kind = "gifts.tell"
    queue = Queue.ACCESS
    gift_id: UUID
    about: str
    """`ready`, `card`, `reminder`, `claimed` or `closed`."""


@dataclass(frozen=True, slots=True)
class SendBroadcast(JobPayload):
    """Write to the next people of a broadcast that runs, or put away what is left of one that was stopped."""

    kind = "broadcasts.send"
    queue = Queue.BROADCASTS
    broadcast_id: UUID


@dataclass(frozen=True, slots=True)
class ResumeBroadcasts(JobPayload):
    """Have the broadcasts go on that stood still because the tenant might write to nobody."""

    kind = "broadcasts.resume"
    queue = Queue.BROADCASTS
