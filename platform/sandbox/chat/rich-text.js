// Telegram's text with entities as elements. Offsets count UTF-16 units, as JavaScript strings do.

import { h } from "./dom.js";
import { openLink } from "./links.js";

const TAGS = {
  bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code", pre: "pre", blockquote: "blockquote",
  expandable_blockquote: "blockquote",
};

function element(entity, text, children, onCommand) {
  const link = (href) =>
    h("a", { href, onclick: (event) => { event.preventDefault(); openLink(href); } }, children);
  switch (entity.type) {
    case "text_link": return link(entity.url);
    case "url": return link(/^[a-z]+:\/\//i.test(text) ? text : `https://${text}`);
    case "mention": return link(`https://t.me/${text.slice(1)}`);
    case "email": return h("a", { href: `mailto:${text}` }, children);
    case "phone_number": return h("a", { href: `tel:${text}` }, children);
    case "bot_command": return h("button", { className: "command", onclick: () => onCommand?.(text) }, children);
    case "spoiler":
      return h("button", { className: "spoiler", onclick: (event) => event.currentTarget.classList.add("open") }, children);
    default: return TAGS[entity.type] ? h(TAGS[entity.type], {}, children) : h("span", {}, children);
  }
}

function build(text, entities, from, to, onCommand) {
  const parts = [];
  let at = from;
  let index = 0;
  while (index < entities.length) {
    const outer = entities[index];
    const end = Math.min(outer.offset + outer.length, to);
    const inner = [];
    for (index += 1; index < entities.length && entities[index].offset < end; index += 1) inner.push(entities[index]);
    if (outer.offset > at) parts.push(text.slice(at, outer.offset));
    parts.push(element(outer, text.slice(outer.offset, end), build(text, inner, outer.offset, end, onCommand), onCommand));
    at = end;
  }
  if (at < to) parts.push(text.slice(at, to));
  return parts;
}

/** Return the children that show the text. */
export function richText(text, entities = [], onCommand = undefined) {
  const sorted = [...entities].sort((one, two) => one.offset - two.offset || two.length - one.length);
  return build(text, sorted, 0, text.length, onCommand);
}
