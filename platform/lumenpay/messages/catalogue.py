"""Every text that a tenant can change: its key, and the variables that it may use."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from lumenpay.messages.defaults.en import TEXTS as ENGLISH
from lumenpay.messages.defaults.ru import TEXTS as RUSSIAN


class MessageKey(StrEnum):
    """Texts of the bot."""

    WELCOME = "welcome"
    PLAN_LIST = "plan_list"
    NO_PLANS = "no_plans"
    PLAN_CARD = "plan_card"
    ASK_PROMO_CODE = "ask_promo_code"
    PROMO_CODE_TAKEN = "promo_code_taken"
    """The list of plans for who has a promo code in hand."""
    PROMO_CODE_REFUSED = "promo_code_refused"
    ASK_RECEIPT_CONTACT = "ask_receipt_contact"
    """Before the first payment, where the shop sends fiscal receipts."""
    RECEIPT_CONTACT_REFUSED = "receipt_contact_refused"
    RECEIPT_CONTACT = "receipt_contact"
    """Where receipts go; its variable hides most of the address."""
    PAYMENT_PREPARING = "payment_preparing"
    PAYMENT_LINK = "payment_link"
    PAYMENT_DELAYED = "payment_delayed"
    """In place of the promised link while the gateway does not answer."""
    PAYMENT_LINK_PAID = "payment_link_paid"
    """In place of the link once it is paid; the receipt is a message of its own."""
    PAYMENT_LINK_CLOSED = "payment_link_closed"
    ACCESS_PREPARING = "access_preparing"
    """In place of the payment link where nothing is left to pay."""
    PAYMENT_SUCCEEDED = "payment_succeeded"
    LINKS_AGAIN = "links_again"
    """The links of an order whose receipt was sent before."""
    ACCESS_GIVEN = "access_given"
    """In place of the receipt where the tenant gives access by hand."""
    ACCESS_PROLONGED = "access_prolonged"
    """In its place where that follows on what the person has."""
    CLAIM_TAKEN = "claim_taken"
    """For who had access before the bot and is known now, by a claim link or a username."""
    CLAIM_HELD = "claim_held"
    """For who had access before the bot and is known now, while nobody new gets any: that is not their fault."""
    CLAIM_REFUSED = "claim_refused"
    """For a claim link that is unknown, was used by somebody else, or whose time is over."""
    PAYMENT_FAILED = "payment_failed"
    REFUNDED = "refunded"
    REFUNDED_CLOSED = "refunded_closed"
    """In its place where the access is closed with it."""
    CANNOT_SELL = "cannot_sell"
    CHANNEL_CLOSED = "channel_closed"
    """In its place while the bot lacks rights in a channel of the plan."""
    PLAN_REFUSED = "plan_refused"
    """Why this person cannot take this plan now, in a polite word."""
    TERMS_CHANGED = "terms_changed"
    """In place of the link when price or period are not those on the pressed button any more."""
    OWNED_FOR_EVER = "owned_for_ever"
    REMINDER = "reminder"
    REMINDER_LAST = "reminder_last"
    """In place of the reminder where the person cannot renew the plan."""
    EXPIRED = "expired"
    EXPIRED_PARTLY = "expired_partly"
    """In place of the end where something else keeps channels of the plan open."""
    AUTOPAY_NOTICE = "autopay_notice"
    """A day before a subscription that renews by itself is charged."""
    AUTOPAY_RETRY = "autopay_retry"
    AUTOPAY_FAILED = "autopay_failed"
    """In its place where nothing is tried again."""
    AUTOPAY_OFF = "autopay_off"
    GIFT_ASKED = "gift_asked"
    """Before a person pays for a gift: what it is, and how it gets to somebody."""
    GIFT_READY = "gift_ready"
    """After the payment, in front of what the giver hands on."""
    GIFT_CARD = "gift_card"
    """What the giver forwards."""
    GIFT_OFFERED = "gift_offered"
    """For whoever opens the link."""
    GIFT_TAKEN = "gift_taken"
    GIFT_REFUSED = "gift_refused"
    GIFT_CLAIMED = "gift_claimed"
    """To the giver, once somebody took it."""
    GIFT_REMINDER = "gift_reminder"
    """To the giver, after a week and a month before its end, while nobody took it."""
    GIFT_CLOSED = "gift_closed"
    GIFT_REFUNDED = "gift_refunded"
    """To the giver, in place of the other words about a refund."""
    PAUSE_ASKED = "pause_asked"
    """Before a person pauses: what it means and until when it lasts at most."""
    PAUSED = "paused"
    PAUSE_REFUSED = "pause_refused"
    PAUSE_ENDS = "pause_ends"
    """A day before a pause ends by itself."""
    RESUMED = "resumed"
    CHANGE_LIST = "change_list"
    """Which plans a subscription can be changed to."""
    CHANGE_PAID = "change_paid"
    """Before a change that costs something on top of what is left."""
    CHANGE_TURNED = "change_turned"
    """In its place where what is left is turned into time of the new plan."""
    CHANGE_REFUSED = "change_refused"
    PLAN_CHANGED = "plan_changed"
    """In place of the receipt after a change."""
    LEAVING_ASKED = "leaving_asked"
    """After autopay was turned off: why?"""
    LEAVING_THANKS = "leaving_thanks"
    OFFER_DAYS = "offer_days"
    OFFER_PROMO_CODE = "offer_promo_code"
    OFFER_PAUSE = "offer_pause"
    OFFER_TAKEN = "offer_taken"
    WIN_BACK = "win_back"
    """Some days after the end: an offer for this person only."""
    WIN_BACK_OFF = "win_back_off"
    """For who wants no more of them."""
    BROADCAST_CHOICE = "broadcast_choice"
    """Which kinds of broadcasts a person wants; the buttons switch them."""
    TIME_ZONE_CHOICE = "time_zone_choice"
    """By which clock broadcasts come that are sent at an hour of each reader's day; the buttons choose it."""
    COPY_ASKED = "copy_asked"
    """What a copy of a person's data holds and where it goes; a button sends it."""
    COPY_COMING = "copy_coming"
    COPY_REFUSED = "copy_refused"
    """One was sent today."""
    COPY_READY = "copy_ready"
    """Under the file."""
    COPY_TOO_LARGE = "copy_too_large"
    """In its place where Telegram takes no file of that size."""
    FORGET_ASKED = "forget_asked"
    """What becomes of a person's data if they go on; nothing of theirs runs."""
    FORGET_ASKED_PAID = "forget_asked_paid"
    """In its place for who has access, which would end."""
    FORGET_SURE = "forget_sure"
    """The second and last question."""
    FORGET_TAKEN = "forget_taken"
    FORGET_UNDERWAY = "forget_underway"
    """Whatever a person writes or presses while they are being forgotten."""
    REFERRAL_INVITE = "referral_invite"
    """A person's own invitation link, what it brings and what came of it."""
    REFERRAL_OFF = "referral_off"
    REFERRAL_WELCOME = "referral_welcome"
    """In place of the welcome for who came by somebody's invitation."""
    REFERRAL_DAYS = "referral_days"
    """In place of the receipt where days are the reward for an invited person's purchase."""
    REFERRAL_CODE = "referral_code"
    """In its place where the reward is a promo code for the next payment."""
    REFERRAL_TAKEN_BACK = "referral_taken_back"
    STATUS_ACTIVE = "status_active"
    STATUS_NONE = "status_none"
    LINKS_COMING = "links_coming"
    CHANNELS = "channels"
    CHANNELS_NONE = "channels_none"
    HELP = "help"
    PAYSUPPORT = "paysupport"
    TERMS = "terms"
    PRIVACY = "privacy"
    OLD_BUTTON = "old_button"
    JOIN_DECLINED = "join_declined"
    JOIN_LAPSED = "join_lapsed"
    """In its place for who had a subscription."""
    TRY_AGAIN = "try_again"


VARIABLES: Final[dict[MessageKey, frozenset[str]]] = {
    key: frozenset(names.split())
    for key, names in {
        MessageKey.WELCOME: "name bot",
        MessageKey.PLAN_LIST: "name",
        MessageKey.NO_PLANS: "",
        MessageKey.PLAN_CARD: "plan description channels price period discount",
        MessageKey.ASK_PROMO_CODE: "plan",
        MessageKey.PROMO_CODE_TAKEN: "name code saving prices",
        MessageKey.PROMO_CODE_REFUSED: "reason",
        MessageKey.ASK_RECEIPT_CONTACT: "wanted",
        MessageKey.RECEIPT_CONTACT_REFUSED: "wanted",
        MessageKey.RECEIPT_CONTACT: "address",
        MessageKey.PAYMENT_PREPARING: "plan amount",
        MessageKey.PAYMENT_LINK: "plan amount",
        MessageKey.PAYMENT_DELAYED: "plan amount",
        MessageKey.PAYMENT_LINK_PAID: "plan amount",
        MessageKey.PAYMENT_LINK_CLOSED: "plan amount",
        MessageKey.ACCESS_PREPARING: "plan",
        MessageKey.PAYMENT_SUCCEEDED: "plan amount paid_until links",
        MessageKey.LINKS_AGAIN: "plan paid_until links",
        MessageKey.ACCESS_GIVEN: "plan paid_until links",
        MessageKey.ACCESS_PROLONGED: "plan paid_until links",
        MessageKey.CLAIM_TAKEN: "plan paid_until",
        MessageKey.CLAIM_HELD: "plan",
        MessageKey.CLAIM_REFUSED: "",
        MessageKey.PAYMENT_FAILED: "plan amount",
        MessageKey.REFUNDED: "plan amount paid_until",
        MessageKey.REFUNDED_CLOSED: "plan amount",
        MessageKey.CANNOT_SELL: "",
        MessageKey.CHANNEL_CLOSED: "plan",
        MessageKey.PLAN_REFUSED: "plan reason",
        MessageKey.TERMS_CHANGED: "reason card",
        MessageKey.OWNED_FOR_EVER: "plan",
        MessageKey.REMINDER: "plan ends left",
        MessageKey.REMINDER_LAST: "plan ends left",
        MessageKey.EXPIRED: "plan",
        MessageKey.EXPIRED_PARTLY: "plan channels",
        MessageKey.AUTOPAY_NOTICE: "plan amount method when ends",
        MessageKey.AUTOPAY_RETRY: "plan amount method reason when ends",
        MessageKey.AUTOPAY_FAILED: "plan amount method reason ends",
        MessageKey.AUTOPAY_OFF: "plan ends",
        MessageKey.GIFT_ASKED: "plan price period until",
        MessageKey.GIFT_READY: "plan until",
        MessageKey.GIFT_CARD: "giver plan period link until",
        MessageKey.GIFT_OFFERED: "giver plan period channels",
        MessageKey.GIFT_TAKEN: "plan paid_until",
        MessageKey.GIFT_REFUSED: "reason",
        MessageKey.GIFT_CLAIMED: "plan receiver",
        MessageKey.GIFT_REMINDER: "plan until link",
        MessageKey.GIFT_CLOSED: "plan reason",
        MessageKey.GIFT_REFUNDED: "plan amount",
        MessageKey.PAUSE_ASKED: "plan until left",
        MessageKey.PAUSED: "plan until left",
        MessageKey.PAUSE_REFUSED: "plan reason",
        MessageKey.PAUSE_ENDS: "plan until left",
        MessageKey.RESUMED: "plan ends",
        MessageKey.CHANGE_LIST: "plan",
        MessageKey.CHANGE_PAID: "before plan left credit price amount period details",
        MessageKey.CHANGE_TURNED: "before plan left credit until details",
        MessageKey.CHANGE_REFUSED: "plan reason",
        MessageKey.PLAN_CHANGED: "before plan paid_until links details",
        MessageKey.LEAVING_ASKED: "plan",
        MessageKey.LEAVING_THANKS: "plan",
        MessageKey.OFFER_DAYS: "plan days",
        MessageKey.OFFER_PROMO_CODE: "plan code",
        MessageKey.OFFER_PAUSE: "plan until",
        MessageKey.OFFER_TAKEN: "plan ends",
        MessageKey.WIN_BACK: "name plan saving until",
        MessageKey.WIN_BACK_OFF: "",
        MessageKey.BROADCAST_CHOICE: "",
        MessageKey.TIME_ZONE_CHOICE: "",
        MessageKey.COPY_ASKED: "",
        MessageKey.COPY_COMING: "",
        MessageKey.COPY_REFUSED: "until",
        MessageKey.COPY_READY: "",
        MessageKey.COPY_TOO_LARGE: "contact",
        MessageKey.FORGET_ASKED: "",
        MessageKey.FORGET_ASKED_PAID: "subscriptions",
        MessageKey.FORGET_SURE: "",
        MessageKey.FORGET_TAKEN: "until",
        MessageKey.FORGET_UNDERWAY: "",
        MessageKey.REFERRAL_INVITE: "gifts link invited bought",
        MessageKey.REFERRAL_OFF: "",
        MessageKey.REFERRAL_WELCOME: "name bot welcome",
        MessageKey.REFERRAL_DAYS: "plan days paid_until links",
        MessageKey.REFERRAL_CODE: "reward code",
        MessageKey.REFERRAL_TAKEN_BACK: "reward",
        MessageKey.STATUS_ACTIVE: "subscriptions",
        MessageKey.STATUS_NONE: "",
        MessageKey.LINKS_COMING: "",
        MessageKey.CHANNELS: "channels",
        MessageKey.CHANNELS_NONE: "",
        MessageKey.HELP: "bot",
        MessageKey.PAYSUPPORT: "bot contact",
        MessageKey.TERMS: "bot",
        MessageKey.PRIVACY: "bot",
        MessageKey.OLD_BUTTON: "",
        MessageKey.JOIN_DECLINED: "channel",
        MessageKey.JOIN_LAPSED: "channel",
        MessageKey.TRY_AGAIN: "",
    }.items()
}

DEFAULTS: Final[dict[str, dict[str, str]]] = {"ru": RUSSIAN, "en": ENGLISH}
