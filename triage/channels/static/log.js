// Shows messages. All words go in as text; links are built as elements (linkify.js).

import { besideCard, cardOf, saidAloud } from "./case.js";
import { element, filled, hidden } from "./elements.js";
import { feedbackOf } from "./feedback.js";
import { link, linkified, safe } from "./linkify.js";
import { picture } from "./photo.js";
import { paragraphs, parted, placesOf } from "./places.js";

/**
 * Return a message as a list item.
 *
 * `acts` has choose(choice, button), called when one is tapped; share(), unless this browser cannot tell where it is;
 * photograph(); announce(text); and map, what the page knows of maps.
 */
export function item(message, texts, acts) {
  const safety = message.outcome === "safety";
  const li = element("li", { class: `message from-${message.from}${safety ? " safety" : ""}` });
  li.append(who(message, texts));
  if (safety) li.append(element("h3", {}, texts.important));
  const { before, after } = arranged(message);
  if (message.photo) li.append(element("div", { class: "said" }, picture(message.photo, texts)));
  else if (before.length) li.append(said(message, before));
  if (message.case) li.append(cardOf(message, texts, acts.announce));
  if (message.places?.length) {
    li.classList.add("has-places");
    li.append(placesOf(message, texts, acts.map));
  }
  if (after.length) li.append(said(message, after));
  if (message.places?.length && acts.map.attribution) {
    li.append(element("p", { class: "attribution" }, acts.map.attribution));
  }
  if (message.source_url) li.append(source(message, texts));
  const help = helpOf(message, texts, acts);
  if (help) li.append(offer(message, help));
  if (message.choices?.length) li.append(choices(message, texts, acts.choose));
  const feedback = feedbackOf(message, texts, acts.announce);
  if (feedback) li.append(feedback);
  return li;
}

/** Return what a screen reader is told of a new message: its words, a list by its length, and that choices are there. */
export function spoken(message, texts, acts) {
  const parts = message.outcome === "safety" ? [`${texts.important}.`] : [];
  const text = message.case ? saidAloud(message.text, message.case) : message.text;
  const { before, after, first } = parted({ ...message, text });
  const listed = message.places?.length;
  parts.push(`${speaker(message, texts)}:`, ...before);
  if (first !== null) parts.push(listed === 1 ? texts.place_follows : filled(texts.places_follow, { count: listed }));
  // How old the list is stands below it, and counts no less.
  parts.push(...after);
  if (message.case) parts.push(texts.can_copy);
  const help = helpOf(message, texts, acts);
  if (help) parts.push(help.told);
  const count = message.choices?.length;
  if (count) parts.push(filled(texts.choices_follow, { count }));
  return parts.join(" ");
}

// What stands above a card or a list of places, and what below it.
function arranged(message) {
  if (!message.case) return parted(message);
  const [first, ...after] = paragraphs(besideCard(message));
  return { before: first ? [first] : [], after };
}

// What this page can help with where something is asked for.
function helpOf({ ask }, texts, { share, photograph }) {
  if (ask === "location" && share) return { act: share, label: texts.share, note: texts.share_note, told: texts.can_share };
  if (ask === "photo") return { act: photograph, label: texts.photo, note: texts.photo_note, told: texts.can_photo };
  return null;
}

// A person is named beside what they are.
function speaker({ from, name }, texts) {
  const known = texts[from] ?? texts.system;
  return name ? `${known}, ${name}` : known;
}

function who(message, texts) {
  const at = new Date(message.created_at);
  const p = element("p", { class: "who" }, speaker(message, texts));
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

function offer(message, { act, label, note }) {
  const id = `offer-${message.id}`;
  const button = element("button", { type: "button", "aria-describedby": id }, label);
  button.addEventListener("click", act);
  return element("div", { class: "offer" }, button, element("p", { id }, note));
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
