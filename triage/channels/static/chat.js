// The resident's chat: puts connection, outbox and log together with the text box. See the other modules.

import { announcing } from "./announcer.js";
import { follow, read } from "./connection.js";
import { drafting, lengthOf } from "./draft.js";
import { element, filled } from "./elements.js";
import { inFrame } from "./frame.js";
import { kept } from "./kept.js";
import { canLocate, sharing } from "./location.js";
import { item, spoken } from "./log.js";
import { Outbox } from "./outbox.js";
import { choosing, letGo, prepared, shown as pictured } from "./photo.js";
import { scrolling } from "./scroll.js";

const WRITING_AFTER_MS = 700; // most answers are there before; then nobody needs to hear of it

const $ = (id) => document.getElementById(id);
const texts = JSON.parse($("chat").dataset.texts);
const box = $("text");
const { announce, hush } = announcing($("announcer"));
const acts = { choose, share: canLocate ? share : null, photograph, announce, map: JSON.parse($("chat").dataset.map) };
const longest = Number($("chat").dataset.longest);
const mostOfPhoto = JSON.parse($("chat").dataset.photo);
const { toShow, toEnd } = scrolling($("log"));
const { write } = drafting({ box, counter: $("counter"), longest, texts, announce });
const shown = new Map(); // message id -> its list item
const onTheirWay = new Map(); // entry of the outbox -> its list item
let following = null;
let known = 0; // the number of the last message that is shown here
let heard = kept.get("heard") ?? 0; // and of the last that was announced, also before a reload
let firstReply = null; // to the newest question
let state = "assistant";
let isPending = false;

// ── what is seen ──

function show(li, { isReply }) {
  $("messages").append(li);
  if (!isReply) firstReply = null;
  else firstReply ??= li;
  toShow(li, firstReply ?? li);
}

function add(message) {
  known = Math.max(known, message.seq);
  const isNew = known > heard;
  if (isNew) kept.set("heard", (heard = known));
  if (shown.has(message.id)) return;
  if (message.from === "resident") return addOwn(message);
  withdrawOffers();
  const li = item(message, texts, acts);
  shown.set(message.id, li);
  show(li, { isReply: true });
  if (!isNew) return;
  announce(spoken(message, texts, acts));
  tell("news");
}

// Only the newest question for a location or a photo has its button.
function withdrawOffers() {
  for (const asked of $("messages").querySelectorAll(".offer")) {
    if (asked.contains(document.activeElement)) box.focus();
    asked.remove();
  }
}

// One's own message may come back on the stream before its acceptance does.
function addOwn(message) {
  const isMine = (entry) => entry.shown === message.text && entry.isPhoto === Boolean(message.photo);
  const mine = [...onTheirWay].find(([entry]) => isMine(entry));
  if (mine) return settle(...mine, message);
  const li = item(message, texts, acts);
  shown.set(message.id, li);
  show(li, { isReply: false });
}

function settle(entry, li, message) {
  onTheirWay.delete(entry);
  shown.set(message.id, li);
  li.querySelector(".delivery")?.remove();
}

function problem(text, { canTryAgain = false } = {}) {
  if ($("problem").textContent !== text) $("problem").textContent = text; // an alert is said again each time
  $("again").hidden = !canTryAgain;
}

function standing(text) {
  $("standing").textContent = text;
  $("standing").hidden = !text;
}

let writing = 0;

function pending(is) {
  if (is === isPending) return;
  isPending = is;
  clearTimeout(writing);
  $("writing").hidden = true;
  if (!is) return;
  writing = setTimeout(() => {
    $("writing").hidden = false;
    announce(`${texts.writing}.`);
    toEnd();
  }, WRITING_AFTER_MS);
}

const STANDING = { queued: texts.queued, person: texts.with_person, closed: texts.closed };

function stands(now) {
  pending(now.pending);
  if (now.state === state) return;
  state = now.state;
  standing(STANDING[state] ?? "");
  announce(STANDING[state] ?? texts.with_assistant);
}

// ── sending ──

const REFUSED_PHOTO = {
  photo_too_large: texts.photo_too_large,
  photo_type_unknown: texts.photo_type_unknown,
  photo_too_many_pixels: texts.photo_too_many_pixels,
  photo_damaged: texts.photo_damaged,
};

const outbox = new Outbox({
  started: listen,
  accepted(entry, { message_id, seq }) {
    tellFailed();
    const li = onTheirWay.get(entry);
    if (li) settle(entry, li, { id: message_id, seq });
    listen(kept.get("conversation"));
  },
  refused(entry, { status, code }) {
    onTheirWay.get(entry)?.remove();
    onTheirWay.delete(entry);
    if (entry.isPhoto) return problem(REFUSED_PHOTO[code] ?? texts.photo_refused);
    if (entry.message.location) return problem(texts.location_refused);
    // The words go back where they can be changed, before anything written since.
    write([entry.shown, box.value].filter(Boolean).join("\n"));
    problem(status === 413 ? texts.too_long : texts.refused);
  },
  failed({ isPhoto }) {
    mark(texts.unsent, (entry) => entry.isPhoto === isPhoto);
    tellFailed();
  },
  waiting: (seconds) => problem(filled(texts.wait, { seconds })),
  retrying: () => problem(texts.retrying),
  gone: ended,
});

// Says what was not sent; nothing, if nothing waits to be tried again.
function tellFailed() {
  if (!outbox.failed) return problem("");
  problem(outbox.failed.isPhoto ? texts.photo_not_sent : texts.not_sent, { canTryAgain: true });
}

function mark(text, which = () => true) {
  for (const [entry, li] of onTheirWay) if (which(entry)) li.querySelector(".delivery").textContent = text;
}

// The server does not know the conversation (any more): the next message starts another.
function ended() {
  leave();
  kept.set("conversation", null);
  notice(texts.gone);
}

function notice(text) {
  const words = element("div", { class: "said" }, element("p", {}, text));
  const li = element("li", { class: "message from-system" }, words);
  show(li, { isReply: false });
  announce(text);
}

function put(entry, photo = null) {
  const message = { from: "resident", text: entry.shown, photo, created_at: new Date().toISOString() };
  const li = item(message, texts, acts);
  li.append(element("p", { class: "delivery" }, texts.sending));
  onTheirWay.set(entry, li);
  show(li, { isReply: false });
}

function say(message, words, photo = null) {
  problem("");
  hush();
  const entry = outbox.add(message, words, photo && prepared(photo, mostOfPhoto));
  put(entry, photo && { url: pictured(photo) });
  mark(texts.sending);
  $("fresh").hidden = false;
  outbox.flush();
}

function submit() {
  // Characters that nobody sees, such as come with pasted text, would be refused.
  const text = box.value.replace(/[^\P{Cc}\n\t]/gu, "").trim();
  const over = lengthOf(text) - longest;
  if (!text) return problem(texts.empty);
  if (over > 0) return problem(filled(texts.over, { count: over }));
  write("");
  say({ text }, text);
}

function choose(choice, button) {
  for (const other of button.parentElement.querySelectorAll("button")) other.removeAttribute("aria-pressed");
  button.setAttribute("aria-pressed", "true");
  box.focus();
  say({ choice_id: choice.choice_id }, choice.label);
}

// ── sharing a location ──

const locating = sharing(texts, {
  finding(is) {
    $("finding").hidden = !is;
    if (is) announce(texts.finding);
  },
  found: (location) => say({ location }, texts.location_shared),
  failed: problem,
});

function share() {
  problem("");
  locating.share();
}

// ── sending a photo ──

const chooser = choosing({
  chosen(photo) {
    say({}, texts.photo_sent, photo);
    announce(texts.photo_sending);
  },
  refused: () => problem(texts.photo_type_unknown),
});

function photograph() {
  problem("");
  chooser.choose();
}

// ── following ──

function listen(conversation) {
  if (following || !conversation) return;
  following = new AbortController();
  const mine = following;
  const heard = {
    message: add,
    state: stands,
    alive() {
      if ($("standing").textContent === texts.lost) {
        standing(STANDING[state] ?? "");
        announce(texts.back);
      }
    },
    lost() {
      if ($("standing").textContent === texts.lost) return;
      standing(texts.lost);
      announce(texts.lost);
    },
    gone: () => mine === following && ended(),
  };
  follow(conversation, known, heard, following.signal);
}

function pauseListening() {
  following?.abort();
  following = null;
}

function leave() {
  pauseListening();
  known = heard = 0;
  kept.set("heard", null);
  pending(false);
  state = "assistant";
  standing("");
}

function fresh() {
  locating.stop();
  leave();
  outbox.clear();
  kept.set("conversation", null);
  kept.set("judged", null);
  shown.clear();
  onTheirWay.clear();
  letGo();
  $("messages").replaceChildren($("messages").firstElementChild);
  $("fresh").hidden = true;
  problem("");
  announce(texts.fresh_done);
  box.focus();
}

// What was said before a reload is shown again; nobody needs to hear it all again.
async function resume() {
  const conversation = kept.get("conversation");
  if (conversation) {
    $("fresh").hidden = false;
    try {
      for (let more = true; more; ) {
        const found = await read(conversation, known);
        found.messages.forEach(add);
        more = found.messages.length > 0;
        stands(found);
      }
    } catch (fault) {
      if ([401, 403, 404].includes(fault.status)) kept.set("conversation", null);
      // Otherwise the stream brings it, as soon as there is one.
    }
    listen(kept.get("conversation"));
  }
  if (outbox.lost || chooser.wasAway) notice(texts.photo_lost);
  outbox.entries.forEach((entry) => put(entry));
  outbox.flush();
}

// ── the page ──

const tell = inFrame({ onOpen: () => box.focus() });

$("broken").remove();
$("composer").hidden = false;
box.addEventListener("keydown", (event) => {
  // 229: an input method is at work, in browsers that do not say so otherwise.
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  submit();
});
$("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  submit();
  box.focus();
});
$("again").addEventListener("click", () => {
  problem("");
  mark(texts.sending);
  box.focus();
  outbox.flush();
});
addEventListener("online", () => outbox.flush());
$("fresh").addEventListener("click", fresh);
$("share").hidden = !canLocate;
$("share").addEventListener("click", share);
$("photograph").addEventListener("click", photograph);
const asks = $("asks");
if (asks) {
  asks.hidden = false;
  for (const button of asks.querySelectorAll("button")) {
    button.addEventListener("click", () => {
      write(button.textContent);
      box.focus();
    });
  }
}
// A browser opens few connections to one server: tabs that nobody looks at leave theirs to others.
document.addEventListener("visibilitychange", () => {
  if (document.hidden && !isPending) pauseListening();
  else if (!document.hidden) listen(kept.get("conversation"));
});
resume();
