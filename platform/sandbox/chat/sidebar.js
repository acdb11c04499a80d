// The left pane: who the person is, the bots, the channels, and the way in by a link.

import { avatar, h, show } from "./dom.js";
import { followInvite } from "./links.js";
import { makingMenu } from "./making.js";
import { change, currentUser, fullName, isTestDrive, openTab, state, watch } from "./state.js";
import { t } from "./words.js";

const THEMES = ["auto", "light", "dark"];

function person() {
  const user = currentUser();
  return h("section", { className: "who" },
    user && avatar(fullName(user), user.id),
    h("label", {}, h("span", { className: "hint" }, t("you")),
      h("select", { "data-key": "who", onchange: (event) => change({ userId: Number(event.target.value) }) },
        state.users.map((one) => h("option", { value: one.id, selected: one.id === state.userId },
          [fullName(one), one.language_code ?? "—", isTestDrive(one.id) && t("testDrive")].filter(Boolean).join(" · "))))),
    makingMenu());
}

/** Says that something belongs to a test drive. */
export const driveChip = (ownerId) => isTestDrive(ownerId) && h("span", { className: "chip wait" }, t("testDrive"));

/** What is played with comes after what is real. */
const realFirst = (things) => things.toSorted((one, other) => isTestDrive(one.owner_user_id) - isTestDrive(other.owner_user_id));

function row({ id, name, hint, chip, isChosen, choose }) {
  return h("li", {}, h("button", { className: "row", "aria-current": isChosen ? "true" : "false", "data-key": `row${id}`, onclick: choose },
    avatar(name, id), h("span", { className: "names" }, h("span", { className: "name" }, name), h("span", { className: "hint" }, hint)), chip));
}

function bots() {
  const rows = realFirst(state.bots).map((bot) => row({
    id: bot.id, name: bot.name, hint: `@${bot.username}`, chip: driveChip(bot.owner_user_id), isChosen: bot.id === state.botId && state.channelId === null,
    choose: () => { change({ botId: bot.id, channelId: null }); openTab("chat"); },
  }));
  return h("section", { "aria-label": t("bots") }, h("h2", {}, t("bots")),
    rows.length ? h("ul", {}, rows) : h("p", { className: "hint empty" }, t("noBots")));
}

/** The standing of the person in a channel as a coloured word. */
export function standing(channelId) {
  const membership = state.memberships.find((one) => one.chat_id === channelId);
  if (membership?.is_requested) return h("span", { className: "chip wait", title: t("requested") }, t("asked"));
  if (membership?.status === "kicked") return h("span", { className: "chip bad" }, t("kicked"));
  if (!membership?.is_inside) return h("span", { className: "chip" }, t("outside"));
  return h("span", { className: "chip good" }, t(membership.status === "member" ? "inside" : membership.status));
}

function channels() {
  const rows = realFirst(state.channels).map((channel) => row({
    id: channel.id, name: channel.title, hint: `${t("members")}: ${channel.member_count}`, chip: driveChip(channel.owner_user_id) || standing(channel.id),
    isChosen: channel.id === state.channelId,
    choose: () => { change({ channelId: channel.id }); openTab("chat"); },
  }));
  return h("section", { "aria-label": t("channels") }, h("h2", {}, t("channels")),
    rows.length ? h("ul", {}, rows) : h("p", { className: "hint empty" }, t("noChannels")));
}

function joinForm() {
  return h("form", { className: "join", onsubmit: async (event) => {
    event.preventDefault();
    const field = event.target.elements.link;
    if (await followInvite(field.value) !== "invalid") field.value = "";
  } },
  h("input", { name: "link", required: true, placeholder: "https://t.me/+…", "aria-label": t("joinLink"), autocomplete: "off" }),
  h("button", { className: "primary" }, t("join")));
}

function settings() {
  const next = THEMES[(THEMES.indexOf(state.theme) + 1) % THEMES.length];
  const shops = state.config.yookassa_url;
  return h("div", { className: "settings" },
    shops && h("a", { className: "quiet", href: `${shops}/?lang=${state.language}`, target: "_blank", rel: "noopener" }, `${t("shops")} ↗`),
    h("button", { className: "quiet", "data-key": "theme", onclick: () => change({ theme: next }) }, `${t("theme")}: ${t(state.theme)}`),
    h("button", { className: "quiet", "data-key": "language", onclick: () => change({ language: state.language === "ru" ? "en" : "ru" }) }, t("langName")));
}

/** Keep the left pane up to date. */
export function startSidebar(place) {
  const head = h("div");
  const lists = h("div", { className: "lists" });
  const form = h("div", { className: "bottom" });
  place.append(head, lists, form);
  const drawHead = () => show(head, h("header", { className: "brand" }, h("img", { src: "/chat/icon.svg", alt: "" }), h("h1", {}, t("title"))), person());
  const drawLists = () => show(lists, bots(), channels());
  const drawForm = () => show(form, joinForm(), settings());
  watch(["users", "userId", "language"], drawHead);
  watch(["users", "bots", "botId", "channels", "channelId", "memberships", "language"], drawLists);
  watch(["language", "theme"], drawForm);
  for (const draw of [drawHead, drawLists, drawForm]) draw();
}
