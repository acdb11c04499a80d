"""Default texts in English, Telegram HTML."""

from typing import Final

TEXTS: Final[dict[str, str]] = {
    "welcome": "Hello, {name}! 👋\n\nYou can buy access to private channels here. It takes a minute to pay, "
    "and I'll send your personal entry links right away.",
    "plan_list": "Choose a plan:",
    "no_plans": "Nothing is on sale right now. Check back later: new plans will appear here.",
    "plan_card": "<b>{plan}</b>\n\n{description}\n\nIncludes: {channels}\nLength: {period}\n"
    "Price: <b>{price}</b>{discount}",
    "ask_promo_code": "Send the promo code for “{plan}” in one message.",
    "promo_code_taken": "🎁 Promo code <b>{code}</b> applied: {saving}\n\n{prices}\n\nChoose a plan:",
    "promo_code_refused": "This promo code didn't work: {reason}.\n\nYou can send another one or go back to the plan.",
    "ask_receipt_contact": "🧾 The law requires a receipt for every payment. Please send {wanted} for it.\n\n"
    "I use it for receipts only. You can change or remove it at any time: /receipt",
    "receipt_contact_refused": "That doesn't look right. Please send {wanted} in one message.",
    "receipt_contact": "🧾 Your receipts are sent to {address}.",
    "payment_preparing": "Preparing your payment link: “{plan}”, {amount}. This takes a couple of seconds…",
    "payment_link": "To pay: <b>{amount}</b> for “{plan}”.\n\nTap the button below. I'll let you know here as soon as "
    "the payment arrives.",
    "payment_delayed": "The payment service isn't responding yet. I'll keep trying: the link to pay {amount} for "
    "“{plan}” will appear here. Nothing has been charged.",
    "payment_link_paid": "Paid ✓ “{plan}”, {amount}.",
    "payment_link_closed": "This payment link for “{plan}” is no longer valid. Tap the button below to see the plans.",
    "access_preparing": "Opening your access to “{plan}”. The links are coming in the next message…",
    "payment_succeeded": "✅ Done! “{plan}”, paid: <b>{amount}</b>.\nAccess is open <b>{paid_until}</b>.\n\n{links}",
    "links_again": "Your entry links for “{plan}”. Access is open <b>{paid_until}</b>.\n\n{links}",
    "access_given": "✅ You have been given access to “{plan}”. It is open <b>{paid_until}</b>.\n\n{links}",
    "access_prolonged": "✅ Your access to “{plan}” has been extended. It is open <b>{paid_until}</b>.\n\n{links}",
    "claim_taken": "✅ I recognised you: “{plan}” is open <b>{paid_until}</b>. There is nothing to pay right now.\n\n"
    "If you aren't in yet, a link will follow. See everything you have: /status",
    "claim_held": "I recognised you: you are on the list of “{plan}”. Access can't be opened right now, but it stays "
    "yours. There is nothing to pay. Come back later and send /start, or contact the person who invited you.",
    "claim_refused": "This link doesn't work: it was already used or has expired. If it's yours, contact "
    "the person who sent it.",
    "payment_failed": "The payment of {amount} for “{plan}” didn't go through, and nothing was charged. "
    "You can try again.",
    "refunded": "We refunded <b>{amount}</b> for “{plan}”. It may take your bank a few days to show it.\n\n"
    "Your access is open {paid_until}.",
    "refunded_closed": "We refunded <b>{amount}</b> for “{plan}”. It may take your bank a few days to show it.\n\n"
    "Access is closed. You can come back at any time: /buy",
    "cannot_sell": "This plan can't be bought right now. Nothing was charged. Please try again a little later.",
    "channel_closed": "“{plan}” can't be bought right now: the bot can't let anyone in at the moment. "
    "Nothing was charged.\n\nThe owner has been told. Sales reopen automatically; please check back a little later.",
    "plan_refused": "“{plan}”: {reason}. Nothing was charged.\n\nTap the button below to see the other plans.",
    "terms_changed": "The terms have changed: {reason}. Nothing was charged.\n\n{card}",
    "owned_for_ever": "You already have “{plan}” forever. There is nothing more to pay; tap the button for your links.",
    "reminder": "⏳ Your subscription “{plan}” ends soon.\nTime left: <b>{left}</b>, until {ends}.\n\n"
    "Renew now without losing any paid time: the new period is added to what you have left.",
    "reminder_last": "⏳ Your subscription “{plan}” ends soon.\nTime left: <b>{left}</b>, until {ends}.\n\n"
    "This plan can't be renewed. Take a look at the others.",
    "expired_partly": "Your subscription “{plan}” has ended.\n\nYou still have access to: {channels}.",
    "expired": "Your subscription “{plan}” has ended, and access is closed.\n\nThank you for being with us. "
    "You can come back at any time.",
    "autopay_notice": "🔄 Your subscription “{plan}” renews automatically: <b>{amount}</b> will be charged on {when} "
    "({method}).\n\nIf you don't want this, turn autopay off with the button below or in /status, and nothing will be "
    "charged.",
    "autopay_retry": "I couldn't charge {amount} for “{plan}” ({method}): {reason}. I'll try again on {when}.\n\n"
    "You don't have to wait: you can pay yourself with the button below.",
    "autopay_failed": "I couldn't charge {amount} for “{plan}” ({method}): {reason}. Access is open until {ends}."
    "\n\nTo keep it, pay for the renewal with the button below. You can use another card.",
    "autopay_off": "Autopay for “{plan}” is off: nothing more will be charged. Access is open until {ends}.",
    "gift_asked": "🎁 <b>“{plan}” as a gift</b>\n\n{period} — {price}\n\n"
    "After payment I'll send you a message with a link: forward it to whoever it is for. The gift goes to the first "
    "person who opens the link and accepts. It can be claimed until {until}.",
    "gift_ready": "🎁 Your gift “{plan}” is paid for!\n\nForward the next message to whoever it is for. It can be "
    "claimed until {until}; I'll let you know when that happens.",
    "gift_card": "🎁 <b>{giver} is giving you “{plan}”</b>\n{period}\n\nTo claim the gift, open this link: {link}\n\n"
    "It works once, until {until}.",
    "gift_offered": "🎁 <b>{giver} is giving you “{plan}”</b>\n{period}\n\nIncludes: {channels}\n\n"
    "The gift goes to whoever taps the button first. If it isn't for you, just ignore this message.",
    "gift_taken": "🎁 The gift is yours! “{plan}” is open {paid_until}. Entry links are coming in the next message.",
    "gift_refused": "This gift can't be claimed: {reason}.",
    "gift_claimed": "🎉 {receiver} has claimed your gift “{plan}”. Thank you for sharing!",
    "gift_reminder": "🎁 Nobody has claimed your gift “{plan}” yet. It can be claimed until {until}: {link}\n\n"
    "Forward the link, or open it yourself if you'd like to keep the gift.",
    "gift_closed": "The gift “{plan}” can no longer be claimed: {reason}. Questions about payments: /paysupport",
    "gift_refunded": "💳 We refunded <b>{amount}</b> for the gift “{plan}”. It usually arrives within a few days.",
    "pause_asked": (
        "⏸ Pause “{plan}”? Access closes now and your remaining time ({left}) is kept to the second. "
        "The pause ends whenever you like, on {until} at the latest. Nothing is charged while it lasts."
    ),
    "paused": (
        "⏸ “{plan}” is paused until {until} at the latest. You have {left} left, and none of it will be lost. "
        "You can come back at any time."
    ),
    "pause_refused": "“{plan}” can't be paused: {reason}.",
    "pause_ends": "⏯ Your pause for “{plan}” ends soon: access opens again on {until}. You will have {left} left.",
    "resumed": "▶️ “{plan}” is active again, until {ends}. Entry links are coming in the next message.",
    "change_list": "Which plan would you like to switch to from “{plan}”? Your paid time isn't lost: it counts "
    "towards the new plan.",
    "change_paid": "<b>“{before}” → “{plan}”</b>\n\nPaid time left: {left}, worth {credit}.\n"
    "New plan: {price}, {period}.\nTo pay: <b>{amount}</b>. The new period starts right after payment.\n{details}",
    "change_turned": "<b>“{before}” → “{plan}”</b>\n\nPaid time left: {left}, worth {credit}.\n"
    "There is nothing to pay: the new plan starts at once, <b>{until}</b>.\n{details}",
    "change_refused": "“{plan}” can't be changed: {reason}.",
    "plan_changed": "🔀 Your plan has changed: “{before}” → “{plan}”, access {paid_until}.\n{details}\n\n{links}",
    "leaving_asked": "Why did you turn off autopay for “{plan}”? Your answer helps the channel owner improve.",
    "leaving_thanks": "Thank you! I'll pass your answer on to the channel owner.",
    "offer_days": "Thank you! Before you go, a gift: {days} more days of “{plan}”. Autopay stays off.",
    "offer_promo_code": "Thank you! If you'd like to renew “{plan}”, here is a promo code: <code>{code}</code>.",
    "offer_pause": "Thank you! Maybe you just need a pause? “{plan}” can be paused until {until} at the latest.",
    "offer_taken": "🎁 Done: “{plan}” is active until {ends}. Autopay is off.",
    "win_back": "{name}, we miss you! Come back to “{plan}” on special terms: <b>{saving}</b>.\n\n"
    "The offer is just for you and can be used once, until {until}.",
    "broadcast_choice": "What may I send you? Tap to switch it on or off.\n\n"
    "You always hear about your subscription and payments.",
    "time_zone_choice": "What time zone are you in? Messages that are sent at a set hour come by your clock.",
    "win_back_off": "All right, I won't send you such offers again. The plans are always here: /buy",
    "copy_asked": "Send a file here with everything that is stored about you? It holds your name, purchases, access "
    "dates and messages to the bot. Anybody who opens this chat can read it.",
    "copy_coming": "I'm preparing the file. It will be here within minutes.",
    "copy_refused": "I have already sent you a copy. You can ask for the next one after {until}.",
    "copy_ready": "Everything that is stored about you. To delete it: /forget",
    "copy_too_large": "The copy of your data does not fit into a file for Telegram. Contact {contact} to get it.",
    "forget_asked": "Delete everything I know about you? Your name, language, address for receipts, messages and notes "
    "will be erased. Records of payments stay, without your name: the law requires them.\n\nIf you come back, we will "
    "start over.",
    "forget_asked_paid": "Delete everything I know about you? Your name, language, address for receipts, messages and "
    "notes will be erased. Records of payments stay, without your name: the law requires them.\n\n⚠️ <b>Your access "
    "ends at once</b>, and the money for it does not come back by itself:\n{subscriptions}\n\nWant a refund first? "
    "Ask here: /paysupport",
    "forget_sure": "Delete for good? This cannot be undone.",
    "forget_taken": "Done. Your access and autopay are off. Your data will be erased as soon as everything under way "
    "(a payment, a receipt, leaving the channels) is finished, by {until} at the latest. I won't write to you again.",
    "forget_underway": "Your data is being deleted, so there is nothing I can do right now. Send /start later, and we "
    "will start over.",
    "referral_invite": "🎁 <b>Invite your friends</b>\n\nWhen a friend makes a first payment with your link:\n{gifts}"
    "\n\nYour link:\n{link}\n\nJoined: {invited}. Bought: {bought}.",
    "referral_off": "There are no rewards for invitations at the moment. Check back later.",
    "referral_welcome": "Hello, {name}! 👋 You were invited, and there is a gift for you: <b>{welcome}</b>.\n\n"
    "You don't have to enter anything: the prices already include it.",
    "referral_days": "🎁 A friend you invited has bought a subscription. You get {days} days: “{plan}” is open "
    "<b>{paid_until}</b>. Thank you!\n\n{links}",
    "referral_code": "🎁 A friend you invited has bought a subscription. You get {reward}, promo code "
    "<code>{code}</code>.\n\nIt is just for you and is applied automatically: /buy",
    "referral_taken_back": "A friend you invited was refunded for their first purchase, so the reward for it "
    "no longer applies: {reward}.",
    "status_active": "<b>Your subscriptions</b>\n\n{subscriptions}",
    "status_none": "You don't have an active subscription yet. See the plans: /buy",
    "links_coming": "I'm sending your entry links.",
    "channels": "<b>Channels</b>\n\n{channels}",
    "channels_none": "There are no channels here yet. Check back later.",
    "help": "What I can do:\n\n/buy — plans and payment\n/status — when your access ends, and your entry links\n"
    "/channels — the channels open to you\n/paysupport — payment questions\n/terms — terms\n"
    "/privacy — what data is stored",
    "paysupport": "Paid, but no access? Open /status and tap the links button: I'll send them again.\n\n"
    "Payments usually arrive within a minute. If it takes longer and you don't hear from me, contact {contact} "
    "and attach the receipt so that the payment can be found.",
    "terms": "You buy access to private channels for the stated time. Access opens right after payment and closes "
    "when the time runs out. A renewal is added to your remaining time.\n\n"
    "The seller is the channel owner. Questions about payments: /paysupport",
    "privacy": "Only what is needed to provide access is stored: your Telegram ID, name and language, purchases and "
    "dates. Card details never reach me; only the payment service sees them. "
    "If you gave an address for receipts, it is stored until you remove it: /receipt\n\n"
    "To get a copy of your data: /mydata. To delete it: /forget",
    "old_button": "This button no longer works. Here is a fresh menu:",
    "join_declined": "You need an active subscription to enter “{channel}”. You can buy it here.",
    "join_lapsed": "Your subscription to “{channel}” has ended. You can come back at any time: choose a plan here.",
    "try_again": "Something went wrong. Please try again in a minute.",
}
