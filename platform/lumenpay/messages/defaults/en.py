"""Default texts in English, Telegram HTML."""

from typing import Final

TEXTS: Final[dict[str, str]] = {
    "welcome": "Hello, {name}! 👋\n\nHere you can buy access to private channels. Paying takes a minute, "
    "and I will send your personal entry links right after it.",
    "plan_list": "Choose a plan:",
    "no_plans": "Nothing is on sale right now. Come back later: new plans will appear here.",
    "plan_card": "<b>{plan}</b>\n\n{description}\n\nOpens: {channels}\nLength: {period}\n"
    "Price: <b>{price}</b>{discount}",
    "ask_promo_code": "Send the promo code for “{plan}” in one message.",
    "promo_code_taken": "🎁 Promo code <b>{code}</b> applied: {saving}\n\n{prices}\n\nChoose a plan:",
    "promo_code_refused": "This promo code did not work: {reason}.\n\nYou can send another one or go back to the plan.",
    "ask_receipt_contact": "🧾 The law asks for a receipt with every payment. Write {wanted} to send it to.\n\n"
    "I keep it for receipts only. You can change or remove it at any time: /receipt",
    "receipt_contact_refused": "This does not look right. Write {wanted} in one message.",
    "receipt_contact": "🧾 Receipts go to {address}.",
    "payment_preparing": "Preparing your payment link: “{plan}”, {amount}. It takes a couple of seconds…",
    "payment_link": "To pay: <b>{amount}</b> for “{plan}”.\n\nPress the button below. I will write here as soon as "
    "the payment arrives.",
    "payment_delayed": "The payment service does not answer yet. I keep trying: the link to pay {amount} for “{plan}” "
    "will appear here. Nothing was charged.",
    "payment_link_paid": "Paid ✓ “{plan}”, {amount}.",
    "payment_link_closed": "This payment link for “{plan}” is no longer valid. The plans are behind the button below.",
    "access_preparing": "Opening your access to “{plan}”. The links come in the next message…",
    "payment_succeeded": "✅ Done! “{plan}”, paid: <b>{amount}</b>.\nAccess is open <b>{paid_until}</b>.\n\n{links}",
    "links_again": "Your way in with “{plan}”. Access is open <b>{paid_until}</b>.\n\n{links}",
    "access_given": "✅ You have been given access to “{plan}”. It is open <b>{paid_until}</b>.\n\n{links}",
    "access_prolonged": "✅ Your access to “{plan}” was prolonged. It is open <b>{paid_until}</b>.\n\n{links}",
    "claim_taken": "✅ I know you now: “{plan}” is open <b>{paid_until}</b>. There is nothing to pay at the moment.\n\n"
    "If you are not inside yet, a link follows. Everything that you have: /status",
    "claim_refused": "This link does not work: somebody has used it, or its time is over. If it is yours, write to "
    "whoever sent it.",
    "payment_failed": "The payment of {amount} for “{plan}” did not go through, and nothing was charged. "
    "You can try again.",
    "refunded": "We returned <b>{amount}</b> for “{plan}”. The bank may take a few days to show it.\n\n"
    "Your access is open {paid_until}.",
    "refunded_closed": "We returned <b>{amount}</b> for “{plan}”. The bank may take a few days to show it.\n\n"
    "Access is closed. You can come back at any time: /buy",
    "cannot_sell": "This plan cannot be bought right now. Nothing was charged. Please try a little later.",
    "plan_refused": "“{plan}”: {reason}. Nothing was charged.\n\nThe other plans are behind the button below.",
    "terms_changed": "The terms have changed: {reason}. Nothing was charged.\n\n{card}",
    "owned_for_ever": "You have “{plan}” already, for ever. There is nothing more to pay: the links are behind "
    "the button.",
    "reminder": "⏳ Your subscription “{plan}” ends soon.\nTime left: <b>{left}</b>, until {ends}.\n\n"
    "Renew now: no paid time is lost, the new period is added to what is left.",
    "reminder_last": "⏳ Your subscription “{plan}” ends soon.\nTime left: <b>{left}</b>, until {ends}.\n\n"
    "This plan cannot be renewed. Have a look at the others.",
    "expired_partly": "Your subscription “{plan}” has ended.\n\nStill open to you: {channels}.",
    "expired": "Your subscription “{plan}” has ended, and access is closed.\n\nThank you for being with us. "
    "You can come back at any time.",
    "autopay_notice": "🔄 Your subscription “{plan}” renews by itself: <b>{amount}</b> will be charged on {when} "
    "({method}).\n\nIf you do not want that, turn autopay off with the button below or in /status: then nothing is "
    "charged.",
    "autopay_retry": "Charging {amount} for “{plan}” did not work ({method}): {reason}. I will try again on {when}.\n\n"
    "You need not wait: the button below lets you pay yourself.",
    "autopay_failed": "Charging {amount} for “{plan}” did not work ({method}): {reason}. Access is open until {ends}."
    "\n\nTo keep it, pay for the renewal with the button below. Another card is fine.",
    "autopay_off": "Autopay of “{plan}” is off: nothing more is charged. Access is open until {ends}.",
    "pause_asked": (
        "⏸ Pause “{plan}”? Access closes now, and the time that is left ({left}) is kept to the second. "
        "The pause ends when you say so, on {until} at the latest. While it lasts nothing is charged."
    ),
    "paused": (
        "⏸ “{plan}” is paused, until {until} at the latest. Left: {left}, and none of it gets lost. "
        "You can come back at any moment."
    ),
    "pause_refused": "“{plan}” cannot be paused: {reason}.",
    "pause_ends": "⏯ The pause of “{plan}” ends soon: access opens again on {until}. Left then: {left}.",
    "resumed": "▶️ “{plan}” runs again, until {ends}. The links to enter come in the next message.",
    "change_list": "Which plan shall “{plan}” become? Paid time does not get lost: it counts towards the new plan.",
    "change_paid": "<b>“{before}” → “{plan}”</b>\n\nPaid time that is left: {left}, worth {credit}.\n"
    "The new plan: {price}, {period}.\nTo pay: <b>{amount}</b>. The new period begins right after it.\n{details}",
    "change_turned": "<b>“{before}” → “{plan}”</b>\n\nPaid time that is left: {left}, worth {credit}.\n"
    "There is nothing to pay: the new plan begins at once, <b>{until}</b>.\n{details}",
    "change_refused": "The plan “{plan}” cannot be changed: {reason}.",
    "plan_changed": "🔀 The plan is changed: “{before}” → “{plan}”, access {paid_until}.\n{details}\n\n{links}",
    "leaving_asked": "Why did you turn autopay of “{plan}” off? Your answer helps the channel owner do better.",
    "leaving_thanks": "Thank you for the answer! I will pass it on to the channel owner.",
    "offer_days": "Thank you! A present before you decide: {days} more days of “{plan}”. Autopay stays off.",
    "offer_promo_code": "Thank you! Should you like to renew “{plan}”, here is a promo code: <code>{code}</code>.",
    "offer_pause": "Thank you! Maybe a pause is all you need? “{plan}” can rest until {until} at the latest.",
    "offer_taken": "🎁 Done: “{plan}” runs until {ends}. Autopay is off.",
    "status_active": "<b>Your subscriptions</b>\n\n{subscriptions}",
    "status_none": "You have no active subscription yet. See the plans: /buy",
    "links_coming": "I am sending your entry links.",
    "channels": "<b>Channels</b>\n\n{channels}",
    "channels_none": "There are no channels here yet. Come back later.",
    "help": "What I can do:\n\n/buy — plans and payment\n/status — until when your access is open, and entry links\n"
    "/channels — which channels are open to you\n/paysupport — questions about payments\n/terms — terms\n"
    "/privacy — which data is kept",
    "paysupport": "Paid, but no access? Open /status and press the button with the links: I will send them again.\n\n"
    "A payment usually arrives within a minute. If it took longer and I am silent, write to {contact} "
    "and attach the receipt, so that the payment can be found.",
    "terms": "You buy access to private channels for the stated time. Access opens right after the payment and closes "
    "when the time is over. A renewal is added to the time that is left.\n\n"
    "The seller is the channel owner. Questions about payments: /paysupport",
    "privacy": "Only what access needs is kept: your Telegram id, name and language, purchases and dates. Card data "
    "never comes here, only the payment service sees it. "
    "If you gave an address for receipts, it is kept until you remove it: /receipt\n\n"
    "To learn what is kept about you or to have it deleted, write to the channel owner.",
    "old_button": "This button no longer works. Here is a fresh menu:",
    "join_declined": "You need an active subscription to enter “{channel}”. You can buy it here.",
    "join_lapsed": "Your subscription to “{channel}” has ended. You can come back at any time: choose a plan here.",
    "try_again": "Something went wrong. Please try again in a minute.",
}
