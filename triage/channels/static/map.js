// Draws the map beside a list of places. Leaflet is loaded with the first one. Nothing comes from outside unless the
// line is set up with a server of map pictures.

import { element, filled } from "./elements.js";

const VENDOR = new URL("vendor/leaflet/", import.meta.url);
const NEAREST = 16; // as near as the map goes by itself

let leaflet = null;
const outlines = new Map(); // address -> its wards

function arrives(made) {
  return new Promise((done, fail) => {
    made.addEventListener("load", done, { once: true });
    made.addEventListener("error", () => fail(new Error("a file of the map did not load")), { once: true });
    document.head.append(made);
  });
}

// What failed may be tried again.
const once = (promise, forget) => promise.catch((fault) => {
  forget();
  throw fault;
});

function loaded() {
  leaflet ??= once(
    Promise.all([
      arrives(element("link", { rel: "stylesheet", href: new URL("leaflet.css", VENDOR).href })),
      arrives(element("script", { src: new URL("leaflet.js", VENDOR).href })),
    ]).then(() => window.L.noConflict()),
    () => (leaflet = null),
  );
  return leaflet;
}

function wards(address) {
  if (!outlines.has(address)) {
    const asked = fetch(address, { credentials: "omit" }).then((answer) => {
      if (!answer.ok) throw new Error(`no outlines: ${answer.status}`);
      return answer.json();
    });
    outlines.set(address, once(asked, () => outlines.delete(address)));
  }
  return outlines.get(address);
}

/**
 * Draw places, each with its number and its card in the list, into an element; return what removes them again.
 *
 * `location` is where the resident was taken to be, if the message says so.
 */
export async function draw(box, { places, location, texts, about }) {
  const [L, areas] = await Promise.all([loaded(), about.wards ? wards(about.wards) : null]);
  const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(box, {
    attributionControl: false, // told below the map, as text
    zoomControl: false,
    scrollWheelZoom: false, // the wheel, and one finger, scroll the conversation
    dragging: !matchMedia("(pointer: coarse)").matches,
    zoomAnimation: !isStill,
    fadeAnimation: !isStill,
    markerZoomAnimation: !isStill,
    inertia: !isStill,
  });
  const here = Number.isFinite(location?.lat) && Number.isFinite(location?.long) ? [location.lat, location.long] : null;
  const points = places.map((place) => [place.latitude, place.longitude]).concat(here ? [here] : []);
  // Before anything is added: Leaflet draws into a map that looks somewhere.
  map.fitBounds(L.latLngBounds(points), { padding: [40, 40], maxZoom: NEAREST, animate: false });
  // Outlines and names are to look at; the list tells what there is.
  for (const pane of [map.getPane("overlayPane"), map.createPane("names")]) pane.setAttribute("aria-hidden", "true");
  if (about.tiles) L.tileLayer(about.tiles, { maxZoom: 19 }).addTo(map);
  if (areas) addWards(L, map, areas);
  if (here) addHere(L, map, here, texts);
  // The first stands above the others where they are close together.
  places.forEach((place, n) => pin(L, place, texts, 1_000 * (places.length - n)).addTo(map));
  box.append(zoom(L, map, texts));
  const watching = new ResizeObserver(() => map.invalidateSize({ animate: false }));
  watching.observe(box);
  return () => {
    watching.disconnect();
    map.remove();
    box.replaceChildren();
  };
}

function addWards(L, map, areas) {
  L.geoJSON(areas, {
    style: { className: "ward", weight: 2 },
    interactive: false,
    onEachFeature: ({ properties }, layer) =>
      layer.bindTooltip(
        element("span", {}, `${properties.number} ${properties.name}`),
        name("center", { className: "ward-name" }),
      ),
  }).addTo(map);
}

function addHere(L, map, here, texts) {
  const icon = L.divIcon({ html: element("span", {}), className: "here", iconSize: [22, 22] });
  L.marker(here, { icon, keyboard: false, interactive: false, zIndexOffset: -1000 })
    .bindTooltip(element("span", {}, texts.here), name("bottom", { className: "here-name", offset: [0, 10] }))
    .addTo(map);
}

// Below the pins, which stand for what is in the list.
const name = (direction, more) => ({ permanent: true, pane: "names", direction, ...more });

// A button of its own, so that the keyboard and the finger reach it; it leads to the place's card in the list.
function pin(L, { latitude, longitude, number, name, card }, texts, zIndexOffset) {
  const label = filled(texts.pin, { number, name });
  const button = element("button", { type: "button", "aria-label": label }, element("span", {}, String(number)));
  button.addEventListener("click", () => {
    card.focus({ preventScroll: true });
    card.scrollIntoView({ block: "nearest" });
  });
  L.DomEvent.disableClickPropagation(button);
  const icon = L.divIcon({ html: button, className: "pin", iconSize: [44, 44] });
  return L.marker([latitude, longitude], { icon, keyboard: false, interactive: false, zIndexOffset });
}

function zoom(L, map, texts) {
  const nearer = element("button", { type: "button", "aria-label": texts.zoom_in }, "+");
  const farther = element("button", { type: "button", "aria-label": texts.zoom_out }, "−");
  nearer.addEventListener("click", () => map.zoomIn());
  farther.addEventListener("click", () => map.zoomOut());
  const box = element("div", { class: "zoom" }, nearer, farther);
  L.DomEvent.disableClickPropagation(box);
  return box;
}
