// Shows a case: its reference, large and to be copied, how it stands, who deals with it, by when, what happens next.

import { element } from "./elements.js";

const OPEN = ["received", "in_progress", "waiting"];

/** Return the text of a message without what its card says: what happens next. */
export const besideCard = ({ text, case: one }) => (tellsNext(text, one) ? text.replace(one.next, "").trim() : text);

/** Return a text with its reference such that each character is said, with a pause between the groups. */
export const saidAloud = (text, { reference }) => text.replaceAll(reference, spelled(reference));

/** Return the card of a message with a case. `announce(text)` has it said aloud. */
export function cardOf(message, texts, announce) {
  const one = message.case;
  const title = one.service_name ? `${texts.case_report}: ${one.service_name}` : texts.case_report;
  return element("div", { class: "case" }, element("h3", {}, title), number(one, texts, announce), facts(message, texts));
}

const tellsNext = (text, { next }) => Boolean(next) && text.includes(next);

const spelled = (reference) => reference.split(/[^\p{L}\p{N}]+/u).map((group) => [...group].join(" ")).join(", ");

function number({ reference }, texts, announce) {
  const seen = element("span", { "aria-hidden": "true" }, reference);
  const said = element("span", { class: "visually-hidden" }, spelled(reference));
  const button = element("button", { type: "button" }, texts.copy);
  const told = element("span", { class: "copied", "aria-hidden": "true" });
  button.addEventListener("click", async () => {
    told.textContent = (await copied(reference, seen)) ? texts.copied : texts.not_copied;
    announce(told.textContent);
  });
  const label = element("span", { class: "label" }, texts.case_number);
  return element("div", { class: "case-number" }, element("p", {}, label, " ", element("strong", {}, seen, said)), button, told);
}

// In another site's frame, or over plain HTTP, browsers may lend no clipboard: then what is seen is selected and copied
// as if by hand; where even that fails it stays selected.
async function copied(reference, seen) {
  try {
    await navigator.clipboard.writeText(reference);
    return true;
  } catch {
    getSelection().selectAllChildren(seen);
    return document.execCommand("copy");
  }
}

function facts(message, texts) {
  const { status, division, due, next } = message.case;
  const rows = [
    [texts.case_status, status && standing(status, texts)],
    [texts.case_division, division],
    [texts.case_due, due && OPEN.includes(status) && promised(due, message.created_at, texts)],
    [texts.case_next, tellsNext(message.text, message.case) && next],
  ];
  const shown = rows.filter(([, value]) => value);
  return element("dl", {}, ...shown.map(([name, value]) => element("div", {}, element("dt", {}, name), element("dd", {}, value))));
}

function standing(status, texts) {
  const words = {
    received: texts.case_received,
    in_progress: texts.case_in_progress,
    waiting: texts.case_waiting,
    resolved: texts.case_resolved,
    closed: texts.case_closed,
    withdrawn: texts.case_withdrawn,
  };
  return words[status] ?? status;
}

// The city's own day, which `due` begins with. Whether it is over is told as of the message: later ones may tell otherwise.
function promised(due, told, texts) {
  const day = new Date(due.slice(0, 10));
  const isOver = new Date(due) < new Date(told);
  if (Number.isNaN(day.getTime())) return due;
  const year = due.slice(0, 4) === told.slice(0, 4) ? {} : { year: "numeric" };
  const options = { weekday: "long", month: "long", day: "numeric", timeZone: "UTC", ...year };
  const words = day.toLocaleDateString(document.documentElement.lang, options);
  return isOver ? `${words} (${texts.case_late})` : words;
}
