// Shows messages. All words go in as text; links are built as elements (linkify.js).

import { element, filled, hidden } from "./elements.js";
import { link, linkified, safe } from "./linkify.js";
import { parted, placesOf } from "./places.js";

/**
 * Return a message as a list item.
 *
 * `acts` has choose(choice, button), called when one is tapped; share(), unless this browser cannot tell where it is;
 * and map, what the page knows of maps.
 */
export function item(message, texts, acts) {
  const safety = message.outcome === "safety";
  const li = element("li", { class: `message from-${message.from}${safety ? " safety" : ""}` });
  li.append(who(message, texts));
  if (safety) li.append(element("h3", {}, texts.important));
  const { before, after } = parted(message);
  if (before.length) li.append(said(message, before));
  if (message.places?.length) {
    li.classList.add("has-places");
    li.append(placesOf(message, texts, acts.map));
  }
  if (after.length) li.append(said(message, after));
  if (message.places?.length && acts.map.attribution) {
    li.append(element("p", { class: "attribution" }, acts.map.attribution));
  }
  if (message.source_url) li.append(source(message, texts));
  if (message.ask === "location" && acts.share) li.append(shares(message, texts, acts.share));
  if (message.choices?.length) li.append(choices(message, texts, acts.choose));
  return li;
}

/** Return what a screen reader is told of a new message: its words, and that a list or choices are there. */
export function spoken(message, texts, { share }) {
  const parts = message.outcome === "safety" ? [`${texts.important}.`] : [];
  const { before, first } = parted(message);
  parts.push(`${texts[message.from]}:`, first === null ? message.text : before.join("\n\n"));
  const listed = message.places?.length;
  if (first !== null) parts.push(listed === 1 ? texts.place_follows : filled(texts.places_follow, { count: listed }));
  if (message.ask === "location" && share) parts.push(texts.can_share);
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

function said(message, paragraphs) {
  const box = element("div", { class: "said" });
  for (const paragraph of paragraphs) {
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

function shares(message, texts, share) {
  const id = `shares-${message.id}`;
  const button = element("button", { type: "button", "aria-describedby": id }, texts.share);
  button.addEventListener("click", share);
  return element("div", { class: "shares" }, button, element("p", { id }, texts.share_note));
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
