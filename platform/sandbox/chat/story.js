// The right pane: what goes on behind the chat. Members and requests, Bot API calls, webhook deliveries, time.

import * as api from "./api.js";
import { avatar, h, show } from "./dom.js";
import { complain } from "./notices.js";
import { change, state, watch } from "./state.js";
import { duration, exactTime, fullTime, t } from "./words.js";

const TABS = ["channel", "calls", "deliveries", "clock"];
const MOST_LINES = 120;
const STEPS = [[60, "minute"], [3600, "hour"], [86400, "day"], [30 * 86400, "month"]];
// How much of a busy log is fetched again when the page opens.
const CALLS_IN_SIGHT = 400;

let tab = "channel";
let watchedChannel = null;
let calls = { bot: null, after: 0, lines: [] };
let deliveries = { bot: null, after: 0, lines: [] };

const bar = h("div", { className: "tabs", role: "tablist" });
const body = h("div", { className: "story", role: "tabpanel", tabIndex: 0 });

function drawBar() {
  show(bar, TABS.map((name, index) => h("button", {
    role: "tab", "aria-selected": name === tab ? "true" : "false", tabIndex: name === tab ? 0 : -1, "data-key": `tab-${name}`,
    onclick: () => choose(name),
    onkeydown: (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (step) choose(TABS[(index + step + TABS.length) % TABS.length], true);
    },
  }, t(name))));
  body.setAttribute("aria-label", t(tab));
}

function choose(name, isFocused = false) {
  tab = name;
  drawBar();
  if (isFocused) bar.querySelector(`[data-key="tab-${name}"]`).focus();
  show(body);
  refreshStory();
}

const line = (...parts) => h("li", { className: "line" }, ...parts);
const group = (title, lines) => h("section", {}, h("h3", {}, `${title} · ${lines.length}`),
  lines.length ? h("ul", {}, lines) : h("p", { className: "hint" }, t("none")));

function nameOf(userId) {
  const user = state.users.find((one) => one.id === userId);
  return user ? user.first_name : String(userId);
}

function memberLine(member) {
  const kind = { creator: "good", administrator: "good", member: "good", kicked: "bad" }[member.status] ?? "";
  return line(avatar(member.first_name ?? nameOf(member.user_id), member.user_id, true),
    h("span", { className: "grow", title: member.rights?.join(", ") ?? "" }, member.first_name ?? nameOf(member.user_id),
      h("small", { className: "hint" }, member.joined_by_link ? ` ${member.joined_by_link.replace("https://", "")}` : ` ${member.user_id}`)),
    h("span", { className: `chip ${kind}` }, t(member.status)));
}

function linkLine(link) {
  const facts = [
    link.creates_join_request && t("byRequest"),
    link.member_limit && `${t("limit")}: ${link.member_limit}`,
    `${t("usedBy")}: ${link.joined_count ?? 0}`,
    link.expire_date && fullTime(link.expire_date),
  ].filter(Boolean).join(" · ");
  return line(h("span", { className: link.is_revoked ? "grow gone" : "grow" }, h("code", {}, link.invite_link.replace("https://", "")),
    h("small", { className: "hint" }, ` ${facts}`)), link.is_revoked && h("span", { className: "chip bad" }, t("revoked")));
}

async function drawChannel() {
  const id = state.channelId ?? watchedChannel ?? state.channels[0]?.id;
  if (id === undefined) return show(body, h("p", { className: "hint empty" }, t("noChannels")));
  const channel = await api.readChannel(id);
  const picker = h("select", { "data-key": "picker", "aria-label": t("channel"), onchange: (event) => {
    watchedChannel = Number(event.target.value);
    if (state.channelId !== null) change({ channelId: watchedChannel });
    refreshStory();
  } }, state.channels.map((one) => h("option", { value: one.id, selected: one.id === id }, one.title)));
  // A list that is open under the pointer must not be rebuilt.
  if (document.activeElement?.dataset.key === "picker") return undefined;
  return show(body, picker,
    group(t("requests"), channel.join_requests.map((request) => line(avatar(nameOf(request.user_id), request.user_id, true),
      h("span", { className: "grow" }, nameOf(request.user_id), h("small", { className: "hint" }, ` ${exactTime(request.date)}`)), h("span", { className: "chip wait" }, t("asked"))))),
    group(t("members"), channel.members.map(memberLine)),
    group(t("links"), channel.links.map(linkLine)));
}

async function advance(log, read, limit) {
  if (log.bot !== state.botId) Object.assign(log, { bot: state.botId, after: 0, lines: [] });
  const news = await read(state.botId, log.after);
  if (!news.length) return false;
  log.after = Math.max(...news.map((one) => one.seq));
  log.lines = [...log.lines, ...news].slice(-limit);
  return true;
}

const details = (key, isGood, name, status, at, content) => h("details", { "data-entry": key },
  h("summary", { "data-key": key }, h("span", { className: isGood ? "dot good" : "dot bad" }), h("span", { className: "grow" }, name),
    h("span", { className: "hint" }, `${status} · ${at}`)),
  h("pre", {}, JSON.stringify(content, null, 2)));

function showLines(lines) {
  const open = new Set([...body.querySelectorAll("details[open]")].map((one) => one.dataset.entry));
  show(body, lines.length ? lines : h("p", { className: "hint empty" }, t("none")));
  for (const one of body.querySelectorAll("details")) one.open = open.has(one.dataset.entry);
}

async function drawCalls() {
  if (state.botId === null || !((await advance(calls, api.listCalls, CALLS_IN_SIGHT)) || !body.hasChildNodes())) return;
  showLines(calls.lines.slice(-MOST_LINES).reverse().map((call) =>
    details(`c${call.seq}`, call.ok, call.method, call.status, exactTime(call.at), { parameters: call.parameters, answer: call.answer })));
}

async function drawDeliveries() {
  if (state.botId === null || !((await advance(deliveries, api.listDeliveries, CALLS_IN_SIGHT)) || !body.hasChildNodes())) return;
  showLines(deliveries.lines.slice(-MOST_LINES).reverse().map((one) => {
    const spent = Math.round((one.ended_at - one.began_at) * 1000);
    return details(`d${one.seq}`, one.status >= 200 && one.status < 300, `${one.kind} #${one.update_id}`,
      `${one.status ?? t("noAnswer")}${one.attempt > 1 ? ` · ${t("attempt")} ${one.attempt}` : ""}`, `${spent} ms`, one);
  }));
}

async function drawClock() {
  const clock = await api.readClock();
  const steps = STEPS.map(([seconds, name]) => h("button", { className: "step", "data-key": `step-${name}`, onclick: () =>
    api.advanceClock(seconds, state.config.yookassa_url).then(refreshStory).catch(complain) }, `+ ${t(name)}`));
  show(body, h("section", { className: "clock" }, h("h3", {}, t("sandboxTime")), h("p", { className: "big" }, fullTime(clock.unix)),
    clock.ahead_seconds >= 1 && h("p", { className: "hint" }, `${t("ahead")} ${duration(clock.ahead_seconds)}`),
    h("h3", {}, t("forward")), h("div", { className: "steps" }, steps), h("p", { className: "hint clock-hint" }, t("clockHint"))));
}

/** Draw the open tab anew. */
export async function refreshStory() {
  await { channel: drawChannel, calls: drawCalls, deliveries: drawDeliveries, clock: drawClock }[tab]();
}

/** Keep the right pane up to date. */
export function startStory(place) {
  place.append(h("header", { className: "top" }, h("h2", { id: "story-title" })), bar, body);
  const draw = () => {
    place.querySelector("#story-title").textContent = t("story");
    place.setAttribute("aria-label", t("story"));
    drawBar();
    show(body);
    refreshStory().catch(() => undefined);
  };
  watch(["language", "botId", "channelId"], draw);
  draw();
}
