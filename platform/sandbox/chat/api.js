// The control API of the sandbox. Errors carry the server's own words.

async function ask(method, path, body, signal) {
  const answer = await fetch(path, {
    method,
    signal,
    headers: body === undefined ? {} : { "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const content = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(content.error ?? content.description ?? `HTTP ${answer.status}`);
  return content;
}

const get = (path, signal) => ask("GET", path, undefined, signal);
const post = (path, body) => ask("POST", path, body);

export const listUsers = () => get("/sandbox/users");
export const createUser = (user) => post("/sandbox/users", user);
export const createBot = (bot) => post("/sandbox/bots", bot);
export const createChannel = (channel) => post("/sandbox/channels", channel);
export const promote = (channel, bot, rights) => ask("PUT", `/sandbox/channels/${channel}/admins/${bot}`, { rights });
export const demote = (channel, bot) => ask("DELETE", `/sandbox/channels/${channel}/admins/${bot}`);
export const listBots = () => get("/sandbox/bots");
export const listChannels = () => get("/sandbox/channels");
export const readChannel = (id) => get(`/sandbox/channels/${id}`);
export const readConfig = () => get("/sandbox/config");
export const readClock = () => get("/sandbox/clock");
export const listMemberships = (user) => get(`/sandbox/users/${user}/memberships`);
export const sendMessage = (user, bot, text) => post(`/sandbox/users/${user}/messages`, { bot_id: bot, text });
export const pressButton = (user, bot, message, data) =>
  post(`/sandbox/users/${user}/callbacks`, { bot_id: bot, message_id: message, data });
export const readCallback = (user, query) => get(`/sandbox/users/${user}/callbacks/${query}`);
export const payInvoice = (user, bot, invoice) => post(`/sandbox/users/${user}/pre-checkout`, { bot_id: bot, ...invoice });
export const setBlocked = (user, bot, isBlocked) =>
  post(`/sandbox/users/${user}/${isBlocked ? "block" : "unblock"}`, { bot_id: bot });
export const join = (user, link) => post(`/sandbox/users/${user}/join`, { invite_link: link });
export const leave = (user, channel) => ask("DELETE", `/sandbox/channels/${channel}/members/${user}`);
export const listCalls = (bot, after) => get(`/sandbox/calls?bot_id=${bot}&after=${after}`);
export const listCommandCalls = (bot) => get(`/sandbox/calls?bot_id=${bot}&method=setMyCommands`);
export const listDeliveries = (bot, after) => get(`/sandbox/deliveries?bot_id=${bot}&after=${after}`);

/** Read a chat; answers when it is newer than `version` or after the wait. */
export const readChat = (user, bot, version, signal) =>
  get(`/sandbox/users/${user}/chats/${bot}?wait=20&version=${version}`, signal);

/** Move both sandboxes forward. The payment sandbox is another origin, so its answer stays unread. */
export async function advanceClock(seconds, yookassaUrl) {
  const body = { advance_seconds: seconds };
  if (yookassaUrl) {
    await fetch(`${yookassaUrl}/sandbox/clock`, { method: "POST", mode: "no-cors", body: JSON.stringify(body) });
  }
  return post("/sandbox/clock", body);
}
