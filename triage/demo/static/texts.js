// Shows the texts of a phone. All words go in as text.

import { element } from "/static/now/elements.js";

const CLASS = { phone: "from-resident", line: "from-assistant", carrier: "from-carrier" };
const STATUS = {
  "on its way": "On its way.",
  "handed over": "Handed over to the line.",
  "not handed over": "Not handed over. It is in the carrier's log.",
  "found in the log": "The line found it in the carrier's log.",
  queued: "Queued at the carrier.",
  sent: "Sent.",
  delivered: "Delivered.",
};

/** Return who a text is from, in words. */
export const whose = (text, line) => ({ phone: "You", line, carrier: "The carrier itself" })[text.by];

/** Return a text as a list item, and what says how far it is. */
export function item(text, line) {
  const at = new Date(text.at).toLocaleTimeString(document.documentElement.lang, { timeStyle: "short" });
  const said = element("div", { class: "said" });
  if (text.has_picture) said.append(element("img", { src: `/demo/phone/pictures/${text.sid}`, alt: "The photo that you sent" }));
  if (text.body) said.append(element("p", {}, text.body));
  if (text.place) said.append(element("p", {}, `A location: ${text.place.join(", ")}`));
  if (!said.childNodes.length) said.append(element("p", {}, "(no words)"));
  const status = element("span", {});
  const li = element(
    "li",
    { class: `message ${CLASS[text.by]}` },
    element("p", { class: "who" }, whose(text, line), " ", element("time", { datetime: text.at }, at)),
    said,
    element("p", { class: "count" }, counted(text), status),
  );
  const show = (how) => {
    const words = STATUS[how] ?? how;
    if (status.textContent !== words) status.textContent = words;
  };
  show(text.status);
  return { li, show };
}

// Only words are counted: a photo goes by MMS, a location by WhatsApp.
function counted({ body, segments, encoding, units, room }) {
  return body ? `${segments} ${segments === 1 ? "segment" : "segments"}, ${encoding}, ${units} of ${room}. ` : "";
}
