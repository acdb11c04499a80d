// The "+" of the left pane: a new person, a new bot with its token, a new channel.

import * as api from "./api.js";
import { h } from "./dom.js";
import { complain, copyButton, openDialog } from "./notices.js";
import { change, openTab, state } from "./state.js";
import { t } from "./words.js";

const LANGUAGES = [["ru", "Русский"], ["en", "English"], ["de", "Deutsch"]];

const labelled = (word, field, hint) => h("label", {}, t(word), field, hint && h("small", { className: "hint" }, t(hint)));

/** Ask for some fields in a dialog, which closes once `create` has done its work with them. */
function askFor(title, fields, create) {
  const form = h("form", { className: "form", onsubmit: submit }, fields, h("button", { className: "primary" }, t("create")));
  const close = openDialog(t(title), form, { className: "small" });

  async function submit(event) {
    event.preventDefault();
    try {
      await create(Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, value.trim()]).filter(([, value]) => value)), close);
    } catch (error) {
      complain(error);
    }
  }
}

function askForPerson() {
  askFor("newUser", [
    labelled("name", h("input", { name: "first_name", required: true, maxLength: 64, autofocus: true })),
    labelled("surname", h("input", { name: "last_name", maxLength: 64 })),
    labelled("language", h("select", { name: "language_code" }, LANGUAGES.map(([code, name]) => h("option", { value: code }, name)))),
  ], async (fields, close) => {
    const user = await api.createUser(fields);
    change({ users: await api.listUsers(), userId: user.id });
    close();
  });
}

function askForBot() {
  askFor("newBot", [
    labelled("botName", h("input", { name: "name", required: true, maxLength: 64, autofocus: true })),
    labelled("botUsername", h("input", {
      name: "username", required: true, minLength: 5, maxLength: 32, pattern: "[A-Za-z][A-Za-z0-9_]*[Bb][Oo][Tt]",
      placeholder: "my_club_bot", autocomplete: "off", autocapitalize: "none", title: t("botUsernameHint"),
    }), "botUsernameHint"),
  ], async (fields, close) => {
    const bot = await api.createBot({ ...fields, ...(state.userId === null ? {} : { owner_user_id: state.userId }) });
    close();
    showToken(bot);
    const known = (await api.listBots()).map(({ id, name, username }) => ({ id, name, username }));
    change({ bots: known, botId: bot.id, channelId: null });
  });
}

function askForChannel() {
  askFor("newChannel", [
    labelled("channelTitle", h("input", { name: "title", required: true, maxLength: 128, autofocus: true }), "channelHint"),
  ], async ({ title }, close) => {
    const channel = await api.createChannel({ title, owner_user_id: state.userId });
    const [channels, memberships] = await Promise.all([api.listChannels(), api.listMemberships(state.userId)]);
    change({ channels, memberships, channelId: channel.id });
    openTab("chat");
    close();
  });
}

/** What BotFather writes, in English as he does; the whole of it may be pasted where a token is asked for. */
const fatherSays = (bot) => `Done! Congratulations on your new bot. You will find it at t.me/${bot.username}.

Use this token to access the HTTP API:
${bot.token}
Keep your token secure and store it safely, it can be used by anyone to control your bot.`;

/** Show a bot's token as BotFather does, to be copied. */
export function showToken(bot) {
  const text = fatherSays(bot);
  openDialog(`BotFather · @${bot.username}`, h("div", { className: "alert" },
    h("p", { className: "father" }, text),
    h("div", { className: "pair" }, copyButton("copyMessage", text, "primary"), copyButton("copyToken", bot.token, "danger plain")),
    h("p", { className: "hint" }, t("tokenHint"))));
}

/** The button "+" and its menu. */
export function makingMenu() {
  const choices = [["newUser", askForPerson], ["newBot", askForBot], ["newChannel", askForChannel]];
  const menu = h("div", { className: "menu below", popover: "auto" }, choices.map(([word, open]) => h("button", {
    disabled: open === askForChannel && state.userId === null,
    onclick: () => { menu.hidePopover(); open(); },
  }, t(word))));
  const button = h("button", { className: "icon", title: t("add"), "aria-label": t("add"), "data-key": "new", popoverTargetElement: menu }, "+");
  menu.addEventListener("beforetoggle", () => {
    const place = button.getBoundingClientRect();
    menu.style.top = `${place.bottom + 4}px`;
    menu.style.left = `${Math.max(16, place.right - 220)}px`;
  });
  return [button, menu];
}
