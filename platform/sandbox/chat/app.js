// Starting the page and keeping its lists fresh.

import * as api from "./api.js";
import { startConversation } from "./conversation.js";
import { h, show } from "./dom.js";
import { openBot } from "./links.js";
import { toast } from "./notices.js";
import { startSidebar } from "./sidebar.js";
import { change, openTab, state, watch } from "./state.js";
import { refreshStory, startStory } from "./story.js";
import { t } from "./words.js";

const REFRESH_MS = 1500;

// Whose memberships were read last: another person's are not a change to tell.
let memberUser = null;

function drawTabs() {
  const tabs = [["sidebar", "chats", "☰"], ["chat", "chat", "✉"], ["story", "story", "◉"]];
  const nav = document.getElementById("tabs");
  nav.setAttribute("aria-label", t("title"));
  show(nav, tabs.map(([tab, word, sign]) => h("button", { "data-tab": tab, "data-key": `nav-${tab}`, onclick: () => openTab(tab) },
    h("span", { "aria-hidden": "true" }, sign), t(word))));
  openTab(document.body.dataset.tab);
}

function applySettings() {
  document.documentElement.lang = state.language;
  document.documentElement.dataset.theme = state.theme;
  document.title = t("title");
}

/** The address says who the page is, so that a reload, a bookmark and a second tab each stay with their person. */
function nameInAddress(userId) {
  if (userId === null) return;
  const address = new URL(location.href);
  address.searchParams.set("you", userId);
  history.replaceState(null, "", address);
}

/** An address may name a bot (`?bot=club_bot`): its chat is shown once, and a reload stays with what was chosen since. */
function openNamedBot() {
  const address = new URL(location.href);
  const username = address.searchParams.get("bot");
  if (username === null) return;
  address.searchParams.delete("bot");
  history.replaceState(null, "", address);
  openBot(username);
}

function tellChanges(before, after) {
  const find = (memberships, id) => memberships.find((one) => one.chat_id === id);
  for (const { chat_id: id, title } of [...before, ...after.filter((one) => !find(before, one.chat_id))]) {
    const [old, now] = [find(before, id), find(after, id)];
    if (old?.is_requested && now?.is_inside) toast(`${title}: ${t("approved")}`, "good");
    else if (old?.is_requested && !now?.is_requested && !now?.is_inside) toast(`${title}: ${t("declined")}`, "bad");
    else if (old?.is_inside && !now?.is_inside) toast(`${title}: ${t("removed")}`, "bad");
  }
}

async function refresh() {
  const [users, bots, channels] = await Promise.all([api.listUsers(), api.listBots(), api.listChannels()]);
  const userId = users.some((user) => user.id === state.userId) ? state.userId : (users[0]?.id ?? null);
  const asked = state.userId;
  const memberships = userId === null ? [] : await api.listMemberships(userId);
  // Somebody else was chosen meanwhile: what was read of the one before must not bring them back. The choice reads anew.
  if (state.userId !== asked) return;
  if (userId === asked && memberUser === userId) tellChanges(state.memberships, memberships);
  memberUser = userId;
  const botId = bots.some((bot) => bot.id === state.botId) ? state.botId : (bots[0]?.id ?? null);
  // Tokens are of no use to the page and change() would compare them.
  const known = bots.map(({ id, name, username }) => ({ id, name, username }));
  const channelId = channels.some((channel) => channel.id === state.channelId) ? state.channelId : null;
  change({ users, bots: known, channels, userId, botId, channelId, memberships, isReachable: true });
}

async function keepFresh() {
  for (;;) {
    try {
      if (!document.hidden) {
        await refresh();
        await refreshStory();
      }
    } catch (error) {
      change({ isReachable: !(error instanceof TypeError) });
    }
    await new Promise((resolve) => setTimeout(resolve, REFRESH_MS));
  }
}

watch(["language", "theme"], () => { applySettings(); drawTabs(); });
watch(["userId"], () => {
  memberUser = null;
  nameInAddress(state.userId);
  change({ memberships: [] });
  refresh().catch(() => undefined);
});
watch(["isReachable"], () => state.isReachable || toast(t("offline"), "bad"));
applySettings();
drawTabs();
try {
  change({ config: await api.readConfig() });
  await refresh();
} catch (error) {
  toast(error.message, "bad");
}
startSidebar(document.getElementById("sidebar"));
startConversation(document.getElementById("conversation"));
startStory(document.getElementById("story"));
openNamedBot();
keepFresh();
