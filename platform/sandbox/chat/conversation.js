// The middle pane: the chat with a bot, kept fresh by a long poll, or the inside of a channel.

import { openAdmins } from "./admins.js";
import * as api from "./api.js";
import { avatar, h, show } from "./dom.js";
import { showToken } from "./making.js";
import { messageElement } from "./message.js";
import { complain, toast } from "./notices.js";
import { richText } from "./rich-text.js";
import { driveChip, standing } from "./sidebar.js";
import { change, currentBot, openTab, state, watch } from "./state.js";
import { clockTime, t } from "./words.js";

const RETRY_MS = 1500;
const NEAR_END_PX = 120;

let polling = new AbortController();
let chat = { messages: [], is_blocked: false };
let commands = [];
let drawn = new Map();
let isPinned = true;

const head = h("header", { className: "top" });
const log = h("div", { className: "log", role: "log", "aria-live": "polite", tabIndex: 0, onscroll: pin });
const foot = h("footer", { className: "composer" });
const field = h("textarea", { rows: 1, name: "text", autocomplete: "off", onkeydown: onKey, oninput: grow });

function pin() {
  // A hidden pane has no height and says nothing about where the reader is.
  if (log.clientHeight) isPinned = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_END_PX;
}

function onKey(event) {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    send(field.value);
  }
}

function grow() {
  field.style.height = "auto";
  field.style.height = `${Math.min(field.scrollHeight, 140)}px`;
}

async function send(text) {
  if (!text.trim() || state.userId === null || state.botId === null) return;
  try {
    await api.sendMessage(state.userId, state.botId, text);
    if (text === field.value) field.value = "";
    grow();
  } catch (error) {
    complain(error);
  }
}

const backButton = () =>
  h("button", { className: "icon back", "aria-label": t("chats"), onclick: () => openTab("sidebar") }, "‹");

async function tellToken(id) {
  try {
    const bot = (await api.listBots()).find((one) => one.id === id);
    if (bot) showToken(bot);
  } catch (error) {
    complain(error);
  }
}

function drawHead() {
  const bot = currentBot();
  if (!bot) return show(head, backButton(), h("strong", {}, t("chat")));
  const block = () => api.setBlocked(state.userId, bot.id, !chat.is_blocked).catch(complain);
  return show(head, backButton(), avatar(bot.name, bot.id),
    h("div", { className: "names" }, h("strong", { className: "name" }, bot.name), h("span", { className: "hint" }, `@${bot.username} · ${t("bot")}`)),
    driveChip(bot.owner_user_id),
    h("button", { className: "quiet", "data-key": "token", onclick: () => tellToken(bot.id) }, t("token")),
    h("button", { className: "quiet", "data-key": "block", onclick: block }, chat.is_blocked ? t("unblock") : t("block")));
}

function replyKeyboard() {
  const last = chat.messages.findLast((message) =>
    message.from === "bot" && !message.deleted && (message.reply_markup?.keyboard || message.reply_markup?.remove_keyboard));
  const rows = last?.reply_markup.keyboard ?? [];
  return rows.length > 0 && h("div", { className: "keys reply" }, rows.map((row) => h("div", {}, row.map((key) => {
    const text = typeof key === "string" ? key : key.text;
    const isPlain = typeof key === "string" || Object.keys(key).every((name) => ["text", "style"].includes(name));
    return h("button", { className: "key", "data-key": `reply:${text}`, onclick: () => (isPlain ? send(text) : toast(t("unavailable"), "bad")) }, text);
  }))));
}

function commandMenu() {
  if (!commands.length) return null;
  const list = h("div", { className: "menu", id: "commands", popover: "auto" }, commands.map((one) =>
    h("button", { onclick: () => { list.hidePopover(); send(`/${one.command}`); } },
      h("strong", {}, `/${one.command}`), h("span", { className: "hint" }, one.description))));
  return [h("button", { className: "icon", type: "button", "aria-label": t("commands"), title: t("commands"), popoverTargetElement: list }, "/"), list];
}

function drawFoot() {
  if (!currentBot()) return show(foot);
  if (chat.is_blocked) return show(foot, h("p", { className: "hint" }, t("blocked")));
  if (!chat.messages.length) {
    return show(foot, h("button", { className: "primary wide", "data-key": "start", onclick: () => send("/start") }, t("start")));
  }
  const hadFocus = document.activeElement === field;
  field.placeholder = t("write");
  field.setAttribute("aria-label", t("write"));
  show(foot, replyKeyboard(), h("form", { onsubmit: (event) => { event.preventDefault(); send(field.value); } },
    commandMenu(), field, h("button", { className: "icon send", "aria-label": t("send") }, "↑")));
  if (hadFocus) field.focus({ preventScroll: true });
  return undefined;
}

function drawLog() {
  const shown = chat.messages.filter((message) => !message.deleted);
  if (!shown.length) {
    drawn = new Map();
    return show(log, h("p", { className: "hint middle" }, currentBot() ? t("startHint") : t("pick")));
  }
  const fresh = new Map();
  for (const message of shown) {
    const print = JSON.stringify([message, state.language]);
    const kept = drawn.get(message.message_id);
    fresh.set(message.message_id, kept?.print === print ? kept : { print, element: messageElement(message, send) });
  }
  const isNew = shown.at(-1).message_id !== [...drawn.keys()].at(-1);
  drawn = fresh;
  // Only what changed is replaced, so that a screen reader hears new messages and not all of them again.
  const elements = [...fresh.values()].map((one) => one.element);
  const focused = log.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
  for (const child of [...log.children]) if (!elements.includes(child)) child.remove();
  elements.forEach((element, index) => log.children[index] === element || log.insertBefore(element, log.children[index] ?? null));
  if (focused) log.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  if (isPinned || isNew) log.scrollTop = log.scrollHeight;
  return undefined;
}

function draw() {
  log.setAttribute("aria-label", currentBot()?.name ?? t("chat"));
  drawHead();
  drawLog();
  drawFoot();
}

async function loadCommands() {
  const calls = await api.listCommandCalls(state.botId);
  const language = state.users.find((user) => user.id === state.userId)?.language_code ?? "";
  const good = calls.filter((call) => call.ok);
  const own = good.findLast((call) => call.parameters.language_code === language);
  commands = (own ?? good.findLast((call) => !call.parameters.language_code))?.parameters.commands ?? [];
  if (typeof commands === "string") commands = JSON.parse(commands);
}

async function follow(user, bot, signal) {
  let version = -1;
  while (!signal.aborted) {
    try {
      const answer = await api.readChat(user, bot, version, signal);
      if (signal.aborted) return;
      change({ isReachable: true });
      if (answer.version !== version) {
        await loadCommands();
        chat = answer;
        version = answer.version;
        draw();
      }
    } catch (error) {
      if (signal.aborted) return;
      change({ isReachable: error.message !== "Failed to fetch" });
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

async function drawChannel(signal) {
  const { channelId, userId } = state;
  const channel = await api.readChannel(channelId);
  if (signal.aborted) return;
  const isInside = state.memberships.some((one) => one.chat_id === channelId && one.is_inside);
  const leave = () => api.leave(userId, channelId).then(() => api.listMemberships(userId))
    .then((memberships) => change({ memberships })).catch(complain);
  show(head, backButton(), avatar(channel.title, channel.id),
    h("div", { className: "names" }, h("strong", { className: "name" }, channel.title), h("span", { className: "hint" }, `${t("members")}: ${channel.member_count}`)),
    driveChip(channel.owner_user_id), standing(channelId));
  const posts = channel.messages.filter((post) => !post.deleted).map((post) => h("article", { className: "message bot" },
    h("div", { className: "bubble" }, h("div", { className: "text" }, richText(post.text ?? "", post.entities)), h("time", {}, clockTime(post.date)))));
  show(log, isInside ? (posts.length ? posts : h("p", { className: "hint middle" }, t("noPosts"))) : h("p", { className: "hint middle" }, `🔒 ${t("closedChannel")}`));
  show(foot, channel.owner_user_id === userId
    ? h("button", { className: "primary wide", "data-key": "admins", onclick: () => openAdmins(channel) }, t("addAdmin"))
    : isInside && h("button", { className: "wide danger", "data-key": "leave", onclick: leave }, t("leave")));
}

function restart() {
  polling.abort();
  polling = new AbortController();
  chat = { messages: [], is_blocked: false };
  commands = [];
  drawn = new Map();
  log.replaceChildren();
  isPinned = true;
  field.value = "";
  if (state.channelId !== null) drawChannel(polling.signal).catch(complain);
  else {
    draw();
    if (state.userId !== null && currentBot()) follow(state.userId, state.botId, polling.signal);
  }
}

/** Keep the middle pane up to date. */
export function startConversation(place) {
  place.append(h("div", { className: "phone" }, head, log, foot));
  new ResizeObserver(() => { if (isPinned) log.scrollTop = log.scrollHeight; }).observe(log);
  watch(["userId", "botId", "channelId", "language"], restart);
  watch(["bots"], () => state.channelId === null && (chat.messages.length ? drawHead() : restart()));
  watch(["memberships", "channels"], () => state.channelId !== null && drawChannel(polling.signal).catch(complain));
  restart();
}
