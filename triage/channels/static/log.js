// Shows messages. All words go in as text; links are built as elements (linkify.js).

import { link, linkified, safe } from "./linkify.js";

/** Make an element: its attributes, then what is in it (elements or text). */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

export const hidden = (text) => element("span", { class: "visually-hidden" }, text);

/** Fill a text's {names} in. */
export const filled = (text, values) => text.replace(/{(\w+)}/g, (all, name) => values[name] ?? all);

/** Return a message as a list item. `onChoice(choice, button)` is called when one is tapped. */
export function item(message, texts, onChoice) {
  const safety = message.outcome === "safety";
  const li = element("li", { class: `message from-${message.from}${safety ? " safety" : ""}` });
  li.append(who(message, texts));
  if (safety) li.append(element("h3", {}, texts.important));
  li.append(said(message));
  if (message.source_url) li.append(source(message, texts));
  if (message.choices?.length) li.append(choices(message, texts, onChoice));
  return li;
}

/** Return what a screen reader is told of a new message: its words, and that there are choices. */
export function spoken(message, texts) {
  const parts = message.outcome === "safety" ? [`${texts.important}.`] : [];
  parts.push(`${texts[message.from]}:`, message.text);
  const count = message.choices?.length;
  if (count) parts.push(filled(texts.choices_follow, { count }));
  return parts.join(" ");
}

function who(message, texts) {
  const at = new Date(message.created_at);
  const p = element("p", { class: "who" }, texts[message.from] ?? texts.system);
  if (!Number.isNaN(at.getTime())) {
    const shown = at.toLocaleTimeString(document.documentElement.lang, { timeStyle: "short" });
    p.append(" ", element("time", { datetime: message.created_at }, shown));
  }
  return p;
}

function said(message) {
  const box = element("div", { class: "said" });
  for (const paragraph of message.text.split(/\n{2,}/)) {
    const own = message.from === "resident" ? [paragraph] : linkified(paragraph);
    box.append(element("p", {}, ...own));
  }
  return box;
}

function source(message, texts) {
  const p = element("p", { class: "source" }, `${texts.source} `);
  const href = safe(message.source_url);
  if (href?.startsWith("https:")) {
    const a = link(href, new URL(href).hostname.replace(/^www\./, ""));
    a.append(hidden(texts.opens));
    p.append(a);
  } else {
    p.append(message.source_url);
  }
  if (message.last_verified) {
    p.append(" · ", filled(texts.checked, { date: day(message.last_verified) }));
  }
  return p;
}

// A date alone has no time of day: it must not slip to the day before, west of Greenwich.
function day(date) {
  const at = new Date(date);
  if (Number.isNaN(at.getTime())) return date;
  return at.toLocaleDateString(document.documentElement.lang, { dateStyle: "long", timeZone: "UTC" });
}

function choices(message, texts, onChoice) {
  const id = `choices-${message.id}`;
  const group = element("div", { class: "choices", role: "group", "aria-labelledby": id });
  group.append(element("p", { id }, texts.choose));
  for (const choice of message.choices) {
    const button = element("button", { type: "button" }, choice.label);
    button.addEventListener("click", () => onChoice(choice, button));
    group.append(button);
  }
  return group;
}
