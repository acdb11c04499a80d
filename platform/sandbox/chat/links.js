// Where a press on a link leads: into a channel, to a bot, to the payment page, or out in a new tab.

import * as api from "./api.js";
import { complain, toast } from "./notices.js";
import { openPayment } from "./payment.js";
import { change, openTab, state } from "./state.js";
import { t } from "./words.js";

const INVITE = /^(?:https?:\/\/)?(?:t\.me|telegram\.me)\/(?:\+|joinchat\/)([\w-]+)/i;
const PERSON = /^(?:https?:\/\/)?(?:t\.me|telegram\.me)\/(\w+)(?:\?(?:.*&)?start=([\w-]*))?/i;
const INVOICE = /^(?:https?:\/\/)?(?:t\.me|telegram\.me)\/\$[\w-]+$/i;
const PAYMENT = /^\/pay\/[0-9a-f-]{36}$/;

/** Join a channel by an invite link and say what came of it. */
export async function followInvite(link) {
  try {
    const { outcome, chat_id: chatId } = await api.join(state.userId, link.trim());
    const [channels, memberships] = await Promise.all([api.listChannels(), api.listMemberships(state.userId)]);
    change({ channels, memberships });
    const title = channels.find((channel) => channel.id === chatId)?.title;
    const isGood = ["joined", "already_member", "requested"].includes(outcome);
    toast(title ? `${title}: ${t(outcome)}` : t(outcome), isGood ? "good" : "bad");
    return outcome;
  } catch (error) {
    complain(error);
    return "invalid";
  }
}

function isPayment(url) {
  const sandbox = URL.canParse(state.config.yookassa_url) ? new URL(state.config.yookassa_url) : null;
  return PAYMENT.test(url.pathname) && (url.origin === sandbox?.origin || url.port === sandbox?.port);
}

/** Show the chat with a bot; with a payload, start it with that. */
export async function openBot(username, payload) {
  const bot = state.bots.find((candidate) => candidate.username?.toLowerCase() === username.toLowerCase());
  if (!bot) {
    toast(`@${username}: ${t("unavailable")}`, "bad");
    return;
  }
  change({ botId: bot.id, channelId: null });
  openTab("chat");
  if (payload !== undefined) await api.sendMessage(state.userId, bot.id, `/start ${payload}`.trim()).catch(complain);
}

/** Pay the invoice of a message or of a link in Stars, and say what came of it. */
export async function payStars(invoice) {
  try {
    const { outcome, error_message: reason } = await api.payInvoice(state.userId, state.botId, invoice);
    if (outcome === "paid") toast(t("paidStars"), "good");
    else toast(outcome === "refused" ? `${t("refusedStars")}: ${reason ?? ""}` : t(outcome), "bad");
  } catch (error) {
    complain(error);
  }
}

/** Follow a link as Telegram would. */
export function openLink(href) {
  if (INVITE.test(href)) return void followInvite(href);
  if (INVOICE.test(href)) return void payStars({ invoice_link: href });
  const person = PERSON.exec(href);
  if (person) return void openBot(person[1], person[2]);
  if (!URL.canParse(href)) return void toast(t("unavailable"), "bad");
  const url = new URL(href);
  if (isPayment(url)) return void openPayment(url);
  if (["http:", "https:", "tg:"].includes(url.protocol)) window.open(url, "_blank", "noopener");
}
