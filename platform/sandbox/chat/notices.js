// Short notices, alerts and dialogs.

import { h } from "./dom.js";
import { t } from "./words.js";

const STAY_MS = 4500;

/** Show a line of text for some seconds. */
export function toast(text, kind = "plain") {
  const line = h("div", { className: `toast ${kind}` }, text);
  const place = document.getElementById("toasts");
  place.append(line);
  // Shown anew, it stands above a dialog that was opened after it.
  place.hidePopover();
  place.showPopover();
  setTimeout(() => line.remove(), STAY_MS);
}

/** Show an error in the server's words. */
export const complain = (error) => toast(error.message, "bad");

/** Open a dialog that closes by Escape, by its button, or by a press beside it; returns how to close it. */
export function openDialog(title, content, { className = "", actions = [], onClosed = () => {} } = {}) {
  const dialog = h(
    "dialog",
    { className, "aria-label": title, onclose: () => { dialog.remove(); onClosed(); } },
    h("header", {}, h("h2", {}, title), ...actions,
      h("button", { className: "icon", "aria-label": t("close"), onclick: () => dialog.close() }, "✕")),
    content,
  );
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  document.body.append(dialog);
  dialog.showModal();
  return () => dialog.close();
}

/** A button that copies a text and says so. */
export const copyButton = (word, text, className) => h("button", {
  className, type: "button", onclick: () => navigator.clipboard.writeText(text).then(() => toast(t("copied"), "good")).catch(complain),
}, t(word));

/** Show a bot's alert, which stays until it is confirmed. */
export function alertBox(text) {
  const close = openDialog(t("bot"), h("div", { className: "alert" }, h("p", {}, text),
    h("button", { className: "primary", autofocus: true, onclick: () => close() }, "OK")), { className: "small" });
}
