// What the page knows, and who wants to hear when it changes.

const KEPT = ["userId", "botId", "language", "theme"];

const kept = JSON.parse(localStorage.getItem("sandbox-chat") ?? "{}");

/** Who the page begins as: the person that the address names (`?you=7`), else whom it was last. */
const named = Number(new URLSearchParams(location.search).get("you"));

export const state = {
  userId: named || (kept.userId ?? null),
  botId: kept.botId ?? null,
  channelId: null,
  language: kept.language ?? (navigator.language.startsWith("ru") ? "ru" : "en"),
  theme: kept.theme ?? "auto",
  users: [],
  bots: [],
  channels: [],
  memberships: [],
  config: { yookassa_url: "" },
  isReachable: true,
};

const listeners = new Map();

/** Call `listener` whenever one of the named parts changes. */
export function watch(names, listener) {
  for (const name of names) listeners.set(name, [...(listeners.get(name) ?? []), listener]);
}

/** Change parts of the state; parts that stay the same wake nobody. */
export function change(parts) {
  const woken = new Set();
  for (const [name, value] of Object.entries(parts)) {
    if (JSON.stringify(state[name]) === JSON.stringify(value)) continue;
    state[name] = value;
    for (const listener of listeners.get(name) ?? []) woken.add(listener);
  }
  localStorage.setItem("sandbox-chat", JSON.stringify(Object.fromEntries(KEPT.map((name) => [name, state[name]]))));
  for (const listener of woken) listener();
}

export const currentUser = () => state.users.find((user) => user.id === state.userId);
export const currentBot = () => state.bots.find((bot) => bot.id === state.botId);
/** Whether somebody plays a test drive with what this person owns: it looks like the real thing, and is not. */
export const isTestDrive = (ownerId) => state.users.find((user) => user.id === ownerId)?.is_test_drive === true;
export const fullName = (user) => [user.first_name, user.last_name].filter(Boolean).join(" ");

/** Show one of the three panes where there is room for one only. */
export function openTab(tab) {
  document.body.dataset.tab = tab;
  for (const button of document.querySelectorAll("#tabs button")) {
    button.setAttribute("aria-current", button.dataset.tab === tab ? "page" : "false");
  }
}
