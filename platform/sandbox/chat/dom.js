// Building elements without a framework. Text always goes in as text, never as markup.

/** Make an element; `on…` properties are listeners, `aria-…`, `data-…` and plain names are attributes. */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name in element && !name.includes("-") && name !== "list") element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Replace what a place shows, keeping the focus on the element with the same `data-key`. */
export function show(place, ...children) {
  const key = place.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
  place.replaceChildren(...children.flat(Infinity).filter(Boolean));
  if (key) place.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
}

/** Two letters and a steady colour that stand for a person, bot or channel. */
export function avatar(name, id, small = false) {
  const letters = [...(name.match(/[\p{L}\p{N}]+/gu) ?? ["?"])].slice(0, 2).map((word) => [...word][0].toUpperCase()).join("");
  const hue = (Math.abs(Number(id)) * 47) % 360;
  return h("span", { className: small ? "avatar small" : "avatar", style: `--hue:${hue}`, "aria-hidden": "true" }, letters);
}
