// What a channel's owner does with bots: makes them administrators, changes their rights, takes the rights back.

import * as api from "./api.js";
import { h, show } from "./dom.js";
import { complain, openDialog, toast } from "./notices.js";
import { change, state } from "./state.js";
import { t } from "./words.js";

// Every administrator has the first one; the others are what letting in, removing and writing need.
const ALWAYS = "can_manage_chat";
const RIGHTS = ["can_invite_users", "can_restrict_members", "can_post_messages"];

/** Let the owner choose a bot and its rights in the channel; all that are needed are on at first. */
export function openAdmins(channel) {
  const standingOf = (id) => channel.members.find((one) => one.user_id === id && one.status === "administrator");
  const isNew = (bot) => !standingOf(bot.id);
  const first = (state.bots.find((bot) => bot.id === state.botId && isNew(bot)) ?? state.bots.findLast(isNew) ?? state.bots[0])?.id;
  const rights = h("fieldset", { className: "rights" });
  const buttons = h("div", { className: "pair" });
  const picker = h("select", { name: "bot", autofocus: true, onchange: () => draw(Number(picker.value)) },
    state.bots.map((bot) => h("option", { value: bot.id, selected: bot.id === first }, `${bot.name} · @${bot.username}`)));
  const form = h("form", { className: "form", onsubmit: (event) => {
    event.preventDefault();
    const chosen = RIGHTS.filter((right) => form.elements[right].checked);
    act(() => api.promote(channel.id, Number(picker.value), [ALWAYS, ...chosen]), "adminAdded");
  } }, h("label", {}, t("bot"), picker), rights, buttons, h("p", { className: "hint" }, t("adminHint")));
  const close = openDialog(`${t("addAdmin")} · ${channel.title}`, state.bots.length ? form : h("div", { className: "alert" }, h("p", {}, t("noBots"))), { className: "small" });

  function draw(id) {
    const known = standingOf(id);
    show(rights, h("legend", {}, t("rights")), RIGHTS.map((right) => h("label", {},
      h("input", { type: "checkbox", name: right, checked: known ? known.rights.includes(right) : true }), t(right))));
    show(buttons, h("button", { className: "primary" }, t(known ? "saveRights" : "makeAdmin")),
      known && h("button", { className: "danger", type: "button", onclick: () => act(() => api.demote(channel.id, id), "adminRemoved") }, t("removeAdmin")));
  }

  async function act(work, word) {
    try {
      await work();
      change({ channels: await api.listChannels() });
      close();
      toast(`${channel.title}: ${t(word)}`, "good");
    } catch (error) {
      complain(error);
    }
  }

  if (first !== undefined) draw(first);
}
