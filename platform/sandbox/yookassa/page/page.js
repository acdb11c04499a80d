// The shops of the sandbox: their keys, where each is notified, and its payments. Text of others is only ever text here.

import { language, moment, other, t } from "./words.js";

const REFRESH_MS = 2000;
const MOST_PAYMENTS = 50;
const STANDING = { succeeded: "good", canceled: "bad" };

const said = document.getElementById("said");
const list = document.getElementById("shops");
/** By shop id: the drawn shop, and what its payments were drawn from. */
const drawn = new Map();

async function ask(method, path, body) {
  const answer = await fetch(path, { method, headers: body ? { "Content-Type": "application/json" } : {}, body: body && JSON.stringify(body) });
  const content = await answer.json();
  if (!answer.ok) throw new Error(content.description ?? `HTTP ${answer.status}`);
  return content;
}

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

const say = (text) => { said.textContent = text; };

/** Do what a form asks for, then say the word, or what the server did not like. */
const submits = (work, word) => async (event) => {
  event.preventDefault();
  try {
    await work(new FormData(event.target));
    say(t(word));
  } catch (error) {
    say(error.message);
  }
};

function copied(word, value) {
  const copy = () => navigator.clipboard.writeText(value).then(() => say(`${t(word)}: ${t("copied")}`), (error) => say(error.message));
  const button = element("button", { type: "button", onclick: copy }, t("copy"));
  button.setAttribute("aria-label", `${t("copy")}: ${t(word)}`);
  return element("div", { className: "pair" }, element("span", { className: "label" }, t(word)), element("code", {}, value), button);
}

function notices(shop) {
  const field = element("input", { name: "url", type: "url", value: shop.notification_url ?? "", placeholder: "http://127.0.0.1:8000/…" });
  const save = submits((given) => ask("PUT", `/sandbox/shops/${shop.shop_id}/notification-url`, { url: given.get("url") || null }), "saved");
  return element("form", { className: "pair", onsubmit: save },
    element("label", {}, element("span", { className: "label" }, t("notices")), field, element("small", {}, t("noticesHint"))),
    element("button", {}, t("save")));
}

function paymentLine({ id, status, amount, description, created_at: at }) {
  const name = element("span", { className: "grow" }, description ?? id, element("small", {}, moment(at)));
  const link = status === "pending" ? [element("a", { href: `/pay/${id}?lang=${language}`, target: "_blank", rel: "noopener" }, t("open"))] : [];
  return element("li", {}, name, element("strong", {}, `${amount.value} ${amount.currency}`),
    element("span", { className: `chip ${STANDING[status] ?? ""}` }, t(status)), ...link);
}

function drawShop(shop) {
  const payments = element("ul");
  const place = element("article", {},
    element("h2", {}, shop.name, element("span", { className: "chip" }, t(shop.test ? "test" : "live"))),
    copied("shopId", shop.shop_id), copied("secretKey", shop.secret_key), notices(shop),
    element("h3", {}, t("payments")), payments);
  return { place, payments, seen: null, made: JSON.stringify([shop.secret_key, shop.notification_url]) };
}

async function refresh() {
  const { shops } = await ask("GET", "/sandbox/shops");
  for (const shop of shops) {
    const known = drawn.get(shop.shop_id);
    const isStale = known?.made !== JSON.stringify([shop.secret_key, shop.notification_url]);
    // What somebody is typing into must not be rebuilt.
    if (!known || (isStale && !known.place.contains(document.activeElement))) {
      const fresh = drawShop(shop);
      known ? known.place.replaceWith(fresh.place) : list.prepend(fresh.place);
      drawn.set(shop.shop_id, fresh);
    }
    await refreshPayments(shop.shop_id);
  }
  for (const [id, { place }] of drawn) {
    if (shops.some((shop) => shop.shop_id === id)) continue;
    place.remove();
    drawn.delete(id);
  }
  list.dataset.empty = drawn.size ? "" : t("none");
}

async function refreshPayments(shopId) {
  const { payments } = await ask("GET", `/sandbox/payments?shop_id=${shopId}&limit=${MOST_PAYMENTS}`);
  const shop = drawn.get(shopId);
  const seen = JSON.stringify(payments.map(({ id, status }) => [id, status]));
  if (shop.seen === seen) return;
  shop.seen = seen;
  shop.payments.replaceChildren(...(payments.length ? payments.map(paymentLine) : [element("li", { className: "quiet" }, t("noPayments"))]));
}

async function keepFresh() {
  for (;;) {
    if (!document.hidden) await refresh().catch(() => say(t("offline")));
    await new Promise((resolve) => setTimeout(resolve, REFRESH_MS));
  }
}

document.documentElement.lang = language;
document.title = t("title");
document.getElementById("head").append(
  element("div", {}, element("h1", {}, t("title")), element("p", {}, t("about"))),
  element("a", { href: `?lang=${other}`, lang: other }, t("language")));
const form = document.getElementById("new");
form.append(
  element("label", {}, element("span", { className: "label" }, t("name")), element("input", { name: "name", required: true, maxLength: 200 })),
  element("button", { className: "primary" }, t("create")));
form.addEventListener("submit", submits(async (given) => {
  await ask("POST", "/sandbox/shops", { name: given.get("name").trim() });
  form.reset();
  await refresh();
}, "made"));
keepFresh();
