// Shows places: a list, and beside it a map, which is loaded when one is first opened. The list has all that the
// map has.

import { element, filled, hidden } from "./elements.js";
import { kept } from "./kept.js";
import { link, linkified, safe } from "./linkify.js";

const NUMBERED = /^(\d+)\. /;
const ROOM_FOR_A_MAP = "(min-width: 720px)";

export const paragraphs = (text) => text.split(/\n{2,}/).filter((paragraph) => paragraph.trim());

/**
 * Part the text of a message: what is said before its list of places, and after it.
 *
 * `first` is the number that the list begins with; null if the text has no list of just these places, and then
 * all of it is before.
 */
export function parted({ text, places }) {
  const all = paragraphs(text);
  const at = all.findIndex((paragraph) => NUMBERED.test(paragraph));
  const lines = (all[at] ?? "").split("\n").filter((line) => NUMBERED.test(line));
  if (!places?.length || lines.length !== places.length) return { before: all, after: [], first: null };
  const first = Number(NUMBERED.exec(lines[0])[1]);
  return { before: all.slice(0, at), after: all.slice(at + 1), first };
}

/**
 * Return the places of a message: in the place of the text's list, with a map; or, where the text tells about them in
 * other words, links to maps alone. `about` is what the page knows of maps (its data-map).
 */
export function placesOf(message, texts, about) {
  const { first } = parted(message);
  if (first === null) return links(message, texts);
  const places = message.places.map((place, n) => ({ ...place, number: first + n }));
  for (const place of places) place.card = card(place, texts);
  // A list without its own numbers is no list to some screen readers, unless they are told that it is one.
  const list = element("ol", { role: "list", class: "cards", start: first }, ...places.map((place) => place.card));
  const box = element("div", { class: "places" }, list);
  const marked = places.filter((place) => Number.isFinite(place.latitude) && Number.isFinite(place.longitude));
  if (marked.length) box.append(mapBox(box, message, marked, texts, about));
  return box;
}

function links(message, texts) {
  const box = element("div", { class: "ways" });
  for (const place of message.places) {
    const a = onAMap(place, texts);
    if (a) box.append(a);
  }
  return box;
}

function card(place, texts) {
  const li = element("li", { class: "card", tabindex: "-1" });
  li.append(element("h3", {}, element("span", { class: "number" }, String(place.number)), " ", place.name));
  const where = [Number.isFinite(place.metres) && distance(place.metres, texts), place.address].filter(Boolean);
  // The dot is for the eyes; some screen readers would say it.
  const dot = element("span", { "aria-hidden": "true" }, " · ");
  if (where.length) li.append(element("p", {}, where[0], ...where.slice(1).flatMap((words) => [dot, " ", words])));
  if (place.details?.length) {
    const known = place.details.map((detail) => element("li", {}, ...linkified(detail)));
    li.append(element("ul", { role: "list", class: "details" }, ...known));
  }
  const ways = [place.phone && element("span", {}, ...linkified(place.phone)), onAMap(place, texts)].filter(Boolean);
  if (ways.length) li.append(element("p", { class: "ways" }, ...ways));
  return li;
}

function onAMap({ map_url, name }, texts) {
  const href = map_url && safe(map_url);
  if (!href?.startsWith("https:")) return null;
  const a = link(href, texts.open_map);
  a.append(hidden(` ${filled(texts.of_place, { name })} ${texts.opens}`));
  return a;
}

// To ten metres, from a kilometre on to a tenth of one, as the message's own words have it.
function distance(metres, texts) {
  if (metres < 995) return filled(texts.metres, { count: Math.max(10, Math.round(metres / 10) * 10) });
  return filled(texts.kilometres, { count: (metres / 1000).toFixed(1) });
}

let closeOther = null; // one map at a time: the newest is what is looked at

function mapBox(box, message, marked, texts, about) {
  const id = `map-${message.id}`;
  const button = element("button", { type: "button", "aria-expanded": "false", "aria-controls": id }, texts.show_map);
  const map = element("div", { id, class: "map", role: "group", "aria-label": texts.map, hidden: "" });
  const told = element("p", { class: "map-told", hidden: "" });
  let remove = null;

  function close() {
    closeOther = null;
    turn(false);
    remove?.();
    remove = null;
  }

  async function open() {
    closeOther?.();
    closeOther = close;
    turn(true);
    told.textContent = about.tiles ? about.tiles_attribution : "";
    try {
      const { draw } = await import("./map.js");
      if (closeOther !== close || !map.isConnected) return;
      remove = await draw(map, { places: marked, location: message.location, texts, about });
      if (closeOther !== close) close();
    } catch (fault) {
      map.hidden = true;
      told.textContent = texts.map_failed;
      told.setAttribute("role", "status");
      console.warn("the map could not be loaded", fault);
    }
    told.hidden = !told.textContent;
  }

  function turn(isOpen) {
    button.setAttribute("aria-expanded", String(isOpen));
    box.classList.toggle("with-map", isOpen);
    map.hidden = !isOpen;
    told.hidden = !isOpen || !told.textContent;
  }

  button.addEventListener("click", () => {
    const isOpen = button.getAttribute("aria-expanded") === "true";
    kept.set("map", !isOpen);
    if (isOpen) close();
    else open();
  });
  if (kept.get("map") ?? matchMedia(ROOM_FOR_A_MAP).matches) open();
  return element("div", { class: "map-box" }, button, map, told);
}
