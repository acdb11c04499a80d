// One message with its buttons, and what a press on each kind of button does.

import * as api from "./api.js";
import { h } from "./dom.js";
import { openLink, payStars } from "./links.js";
import { alertBox, complain, toast } from "./notices.js";
import { richText } from "./rich-text.js";
import { state } from "./state.js";
import { clockTime, fullTime, t } from "./words.js";

const ANSWER_TRIES = 60;
const ANSWER_PAUSE_MS = 200;

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function waitForAnswer(user, query) {
  for (let attempt = 0; attempt < ANSWER_TRIES; attempt += 1) {
    const press = await api.readCallback(user, query);
    if (press.is_answered) return press.answer ?? {};
    await pause(ANSWER_PAUSE_MS);
  }
  return null;
}

async function pressCallback(button, message, data) {
  const { userId, botId } = state;
  button.classList.add("busy");
  button.setAttribute("aria-busy", "true");
  try {
    const { callback_query_id: query } = await api.pressButton(userId, botId, message, data);
    const answer = await waitForAnswer(userId, query);
    if (answer === null) toast(t("unanswered"), "bad");
    else if (answer.text && answer.show_alert) alertBox(answer.text);
    else if (answer.text) toast(answer.text);
    if (answer?.url) openLink(answer.url);
  } catch (error) {
    complain(error);
  } finally {
    button.classList.remove("busy");
    button.removeAttribute("aria-busy");
  }
}

function act(element, key, message) {
  if (key.callback_data !== undefined) return pressCallback(element, message, key.callback_data);
  if (key.pay) return payStars({ message_id: message });
  const url = key.url ?? key.web_app?.url ?? key.login_url?.url;
  if (url) return openLink(url);
  if (key.copy_text) return navigator.clipboard.writeText(key.copy_text.text).then(() => toast(t("copied")));
  return toast(t("unavailable"), "bad");
}

function keyboard(message) {
  const rows = message.reply_markup?.inline_keyboard ?? (message.invoice ? [[{ text: t("pay"), pay: true }]] : []);
  return rows.length > 0 && h("div", { className: "keys" }, rows.map((row) => h("div", {}, row.map((key) =>
    h("button", {
      className: key.url ? "key out" : "key",
      "data-key": `${message.message_id}:${key.callback_data ?? key.url ?? key.text}`,
      onclick: (event) => act(event.currentTarget, key, message.message_id),
    }, key.text)))));
}

function special(message) {
  if (message.invoice) {
    const { title, description, currency, total_amount: total } = message.invoice;
    const price = currency === "XTR" ? `⭐ ${total}` : `${(total / 100).toFixed(2)} ${currency}`;
    return h("div", { className: "invoice" }, h("strong", {}, title), h("p", {}, description), h("p", { className: "price" }, price));
  }
  if (message.successful_payment) return h("p", {}, `⭐ ${message.successful_payment.total_amount}`);
  for (const [kind, sign] of [["photo", "🖼"], ["document", "📎"], ["video", "🎬"], ["animation", "🎞"]]) {
    if (message[kind]) return h("p", { className: "media" }, sign);
  }
  return null;
}

/** Return the element of a message. */
export function messageElement(message, onCommand) {
  return h("article", { className: `message ${message.from}` },
    h("div", { className: "bubble" },
      special(message),
      message.text && h("div", { className: "text", dir: "auto" }, richText(message.text, message.entities, onCommand)),
      h("time", { dateTime: new Date(message.date * 1000).toISOString(), title: fullTime(message.edit_date ?? message.date) },
        message.edit_date && `${t("edited")} `, clockTime(message.date))),
    keyboard(message));
}
