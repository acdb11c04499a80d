"""Default texts in English, Telegram HTML."""

from typing import Final

TEXTS: Final[dict[str, str]] = {
    "welcome": "Hello, {name}! 👋\n\nHere you can buy access to private channels. Paying takes a minute, and the door "
    "opens right after it.",
    "plan_list": "Choose a plan:",
    "no_plans": "Nothing is on sale right now. Come back later: new plans will appear here.",
    "plan_card": "<b>{plan}</b>\n{description}\n\nOpens: {channels}\nLength: {period}\nPrice: <b>{price}</b>{discount}",
    "ask_promo_code": "Send the promo code for “{plan}” in one message.",
    "promo_code_refused": "This promo code did not work: {reason}. Send another one or go back to the plan.",
    "payment_preparing": "Preparing the payment link for “{plan}” — {amount}. It takes a couple of seconds…",
    "payment_link": "To pay: <b>{amount}</b> for “{plan}”.\n\nPress the button below. I will write here as soon as the "
    "money arrives.",
    "payment_succeeded": "✅ Payment received: <b>{amount}</b> for “{plan}”.\nAccess is open until: "
    "<b>{paid_until}</b>.\n\n{links}\n\nThe links are personal: they let in only you.",
    "payment_failed": "The payment of {amount} for “{plan}” did not go through and nothing was charged. "
    "You can try again.",
    "cannot_sell": "This plan cannot be bought right now. The owner already sees what to fix — "
    "please try a little later.",
    "reminder": "⏳ “{plan}” ends in {left} — {ends}.\n\nRenew now: no paid time is lost, it is added to what is left.",
    "expired": "Your subscription “{plan}” has ended and access is closed.\n\nYou can come back at any time.",
    "status_active": "Your subscriptions:\n\n{subscriptions}",
    "status_none": "You have no active subscription yet.",
    "links_coming": "I am sending your entry links.",
    "channels": "Your channels:\n\n{channels}",
    "channels_none": "There are no channels here yet.",
    "help": "What I can do:\n\n/buy — plans and payment\n/status — until when access is open, entry links\n"
    "/channels — which channels are open to you\n/paysupport — questions about payments\n/terms — terms\n"
    "/privacy — which data is kept",
    "paysupport": "Paid but no access? Open /status: the entry links are there. If that does not help, write to the "
    "channel owner and attach the receipt, so that the payment can be found.",
    "terms": "You buy access to private channels for the stated time. Access opens right after payment and closes when "
    "the time is over. The seller is the channel owner; questions about payments: /paysupport.",
    "privacy": "Kept is what access needs: your Telegram id, name and language, purchases and dates. Card data never "
    "comes here — only the payment service sees it.",
    "old_button": "This button is out of date. Here is a fresh menu.",
    "join_declined": "To enter “{channel}” you need an active subscription.",
    "try_again": "Something went wrong. Please try again in a minute — nothing was lost.",
}
