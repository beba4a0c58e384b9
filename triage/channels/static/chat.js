// The resident's chat: puts connection, outbox and log together with the text box. See the other modules.

import { follow, read } from "./connection.js";
import { element, filled } from "./elements.js";
import { inFrame } from "./frame.js";
import { kept } from "./kept.js";
import { canLocate, sharing } from "./location.js";
import { item, spoken } from "./log.js";
import { Outbox } from "./outbox.js";

const NEAR_LIMIT = 200;
const WRITING_AFTER_MS = 700; // most answers are there before; then nobody needs to hear of it
const GATHER_MS = 150; // messages that come together are announced together

const $ = (id) => document.getElementById(id);
const texts = JSON.parse($("chat").dataset.texts);
const acts = { choose, share: canLocate ? share : null, map: JSON.parse($("chat").dataset.map) };
const longest = Number($("chat").dataset.longest);
const box = $("text");
const shown = new Map(); // message id -> its list item
const onTheirWay = new Map(); // entry of the outbox -> its list item
let following = null;
let known = 0; // the number of the last message that is shown here
let heard = kept.get("heard") ?? 0; // and of the last that was announced, also before a reload
let firstReply = null; // to the newest question
let state = "assistant";
let isPending = false;

// ── what is said aloud: one place, only the newest ──

let news = [];
let announcing = 0;

function announce(text) {
  news.push(text);
  clearTimeout(announcing);
  announcing = setTimeout(() => {
    $("announcer").replaceChildren(news.join(" "));
    news = [];
  }, GATHER_MS);
}

// ── what is seen ──

// Moves to the end, but never past the beginning of what answers the newest question: it may be taller than
// the window of the log, and what comes first may be what matters most. Whether it glides is the style sheet's
// to say. In a low window the log does not scroll by itself, but with the page.
function show(li, { isReply }) {
  $("messages").append(li);
  if (!isReply) firstReply = null;
  else firstReply ??= li;
  const from = firstReply ?? li;
  const isTall = li.offsetTop + li.offsetHeight - from.offsetTop > Math.min($("log").clientHeight, innerHeight) - 24;
  if (!scrolls()) li.scrollIntoView({ block: isTall ? "start" : "nearest" });
  else if (isTall) $("log").scrollTo({ top: from.offsetTop - $("log").offsetTop - 12 });
  else toEnd();
}

const scrolls = () => $("log").scrollHeight > $("log").clientHeight;
const toEnd = () => $("log").scrollTo({ top: $("log").scrollHeight });

// When the text box or a notice takes room from the log, its end stays in sight if it was.
function keepTheEndInSight() {
  const log = $("log");
  let isAtEnd = false;
  log.addEventListener("scroll", () => (isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 40));
  new ResizeObserver(() => isAtEnd && log.scrollTo({ top: log.scrollHeight, behavior: "instant" })).observe(log);
}

function add(message) {
  known = Math.max(known, message.seq);
  const isNew = known > heard;
  if (isNew) kept.set("heard", (heard = known));
  if (shown.has(message.id)) return;
  if (message.from === "resident") return addOwn(message);
  withdrawShares();
  const li = item(message, texts, acts);
  shown.set(message.id, li);
  show(li, { isReply: true });
  if (!isNew) return;
  announce(spoken(message, texts, acts));
  tell("news");
}

// Only the newest question for a location has its button.
function withdrawShares() {
  for (const asked of $("messages").querySelectorAll(".shares")) {
    if (asked.contains(document.activeElement)) box.focus();
    asked.remove();
  }
}

// One's own message may come back on the stream before its acceptance does.
function addOwn(message) {
  const mine = [...onTheirWay].find(([entry]) => entry.shown === message.text);
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
  $("problem").textContent = text;
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

const outbox = new Outbox({
  started: listen,
  accepted(entry, { message_id, seq }) {
    problem("");
    const li = onTheirWay.get(entry);
    if (li) settle(entry, li, { id: message_id, seq });
    listen(kept.get("conversation"));
  },
  refused(entry, status) {
    onTheirWay.get(entry)?.remove();
    onTheirWay.delete(entry);
    if (entry.message.location) return problem(texts.location_refused);
    // The words go back where they can be changed, before anything written since.
    write([entry.shown, box.value].filter(Boolean).join("\n"));
    problem(status === 413 ? texts.too_long : texts.refused);
  },
  failed() {
    mark(texts.unsent);
    problem(texts.not_sent, { canTryAgain: true });
  },
  waiting: (seconds) => problem(filled(texts.wait, { seconds })),
  retrying: () => problem(texts.retrying),
  gone: ended,
});

function mark(text) {
  for (const li of onTheirWay.values()) li.querySelector(".delivery").textContent = text;
}

// The server does not know the conversation (any more): the next message starts another.
function ended() {
  leave();
  kept.set("conversation", null);
  const words = element("div", { class: "said" }, element("p", {}, texts.gone));
  $("messages").append(element("li", { class: "message from-system" }, words));
  announce(texts.gone);
}

function put(entry) {
  const message = { from: "resident", text: entry.shown, created_at: new Date().toISOString() };
  const li = item(message, texts, acts);
  li.append(element("p", { class: "delivery" }, texts.sending));
  onTheirWay.set(entry, li);
  show(li, { isReply: false });
}

function say(message, words) {
  problem("");
  clearTimeout(announcing);
  news = [];
  $("announcer").replaceChildren();
  put(outbox.add(message, words));
  mark(texts.sending);
  $("fresh").hidden = false;
  outbox.flush();
}

function submit() {
  // Characters that nobody sees, such as come with pasted text, would be refused.
  const text = box.value.replace(/[^\P{Cc}\n\t]/gu, "").trim();
  const over = [...text].length - longest;
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

// ── the draft ──

function write(text) {
  box.value = text;
  noteDraft();
}

function noteDraft() {
  kept.set("draft", box.value);
  const left = longest - [...box.value].length;
  const counter = $("counter");
  counter.hidden = left > NEAR_LIMIT;
  box.toggleAttribute("aria-invalid", left < 0);
  counter.textContent = counter.hidden ? "" : filled(left < 0 ? texts.over : texts.left, { count: Math.abs(left) });
  clearTimeout(noteDraft.timer);
  if (!counter.hidden) noteDraft.timer = setTimeout(() => announce(counter.textContent), 1_000);
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
  shown.clear();
  onTheirWay.clear();
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
  outbox.entries.forEach(put);
  outbox.flush();
}

// ── the page ──

const tell = inFrame({ onOpen: () => box.focus() });

$("broken").remove();
keepTheEndInSight();
$("composer").hidden = false;
write(kept.get("draft") ?? "");
box.addEventListener("input", noteDraft);
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
