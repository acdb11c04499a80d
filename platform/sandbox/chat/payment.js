// The payment page inside this one. The framed page says how the payment ended and the dialog goes away.

import { h } from "./dom.js";
import { openDialog, toast } from "./notices.js";
import { state } from "./state.js";
import { t } from "./words.js";

const GOOD = new Set(["succeeded", "waiting_for_capture"]);
const LOOK_MS = 1400;

/** Show the payment page in a frame, or let the person open it in a tab of its own. */
export function openPayment(url) {
  const framed = new URL(url);
  framed.searchParams.set("frame", "1");
  framed.searchParams.set("lang", state.language);
  const out = h("a", { className: "quiet", href: url.href, target: "_blank", rel: "noopener", onclick: () => close() }, t("openTab"));
  const close = openDialog(t("pay"), h("iframe", { src: framed.href, title: t("pay") }), {
    className: "payment", actions: [out], onClosed: () => window.removeEventListener("message", listen),
  });
  const listen = (event) => {
    if (event.origin !== url.origin || event.data?.type !== "payment") return;
    const isPaid = GOOD.has(event.data.status);
    toast(t(isPaid ? "paymentOk" : "paymentBad"), isPaid ? "good" : "bad");
    setTimeout(close, LOOK_MS);
  };
  window.addEventListener("message", listen);
}
