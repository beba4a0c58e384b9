// The phone: sends what is written to the stand-in for the carrier, and shows what came. The stand-in signs; no secret is here.

import { announcing } from "/static/now/announcer.js";
import { item, whose } from "./texts.js";

const LOOK_MS = 500;
const NEAR_END = 60;
const at = (id) => document.getElementById(id);
const [phone, log, list, nothing, box, picture, number, channel, place, down] =
  ["phone", "log", "texts", "nothing", "body", "picture", "number", "channel", "place", "down"].map(at);
const { lines, largestPicture } = JSON.parse(phone.dataset.told);
const { announce, hush } = announcing(at("announcer"));

let shown = new Map(); // the texts in the log, by their id
let seen = -1; // the version of what is shown
let isFresh = true; // what comes first is not new
let looking = null; // the look that counts: an older one's answer is for another phone

const line = () => lines[channel.value];
const name = () => `Phone ${number.selectedOptions[0].label}, by ${channel.selectedOptions[0].label} to ${line()}`;

async function ask(path, options = {}) {
  const answer = await fetch(path, { signal: AbortSignal.timeout(20_000), ...options });
  if (!answer.ok) throw new Error(answer.status);
  return answer.status === 204 ? null : answer.json();
}

const tell = (method, path, body) =>
  ask(path, { method, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

// ── what came ──

async function look() {
  const own = (looking = {});
  const query = new URLSearchParams({ number: number.value, channel: channel.value, seen });
  try {
    const told = await ask(`/demo/phone/texts?${query}`);
    if (looking !== own) return;
    seen = told.version;
    down.checked = told.down;
    if (told.texts) show(told.texts);
    trouble("");
  } catch {
    if (looking === own) trouble("The line does not answer. This page goes on by itself when it does.", true);
  }
}

function show(texts) {
  const there = new Set(texts.map((text) => text.sid));
  // The line was started again: its stand-in has forgotten what was.
  if ([...shown.keys()].some((sid) => !there.has(sid))) clear();
  const wasAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_END;
  let own = null;
  for (const text of texts) {
    const known = shown.get(text.sid);
    if (known) {
      known.show(text.status);
      continue;
    }
    const made = item(text, line());
    shown.set(text.sid, made);
    list.append(made.li);
    if (text.by === "phone") own = made.li;
    else if (!isFresh) announce(`From ${whose(text, line())}: ${text.body}`);
  }
  nothing.hidden = shown.size > 0;
  // At once: gliding, the log would not be at its end when the next one comes.
  if (isFresh || wasAtEnd || own) log.scrollTo({ top: log.scrollHeight, behavior: "instant" });
  // In a low window the page scrolls in the log's place.
  if (!isFresh) own?.scrollIntoView({ block: "nearest", behavior: "instant" });
  isFresh = false;
}

async function lookForEver() {
  while (true) {
    if (!document.hidden) await look();
    await new Promise((done) => setTimeout(done, LOOK_MS));
  }
}

function clear() {
  list.replaceChildren();
  [shown, isFresh] = [new Map(), true];
}

function take() {
  hush();
  clear();
  seen = -1;
  at("whose").textContent = name();
  if (place) place.hidden = channel.value !== "whatsapp";
  return look();
}

for (const choice of [number, channel]) {
  choice.addEventListener("change", () => {
    announce(name());
    take();
  });
}

// ── what is sent ──

let isSending = false;
let isOurTrouble = false; // told by a look, and taken back by the next one that succeeds

function trouble(words, ofLook = false) {
  const problem = at("problem");
  // What somebody did not manage to do stands until they try again.
  if (!isOurTrouble && (!words || problem.textContent)) return;
  isOurTrouble = ofLook;
  if (problem.textContent !== words) problem.textContent = words;
}

/** Send something; say whether that went well. */
async function send(what) {
  if (isSending) return false;
  isSending = true;
  at("problem").textContent = "";
  try {
    await tell("POST", "/demo/phone/texts", { number: number.value, channel: channel.value, ...what });
    await look();
    return true;
  } catch {
    isOurTrouble = false;
    at("problem").textContent = "Your text was not sent. Your words are still here: send them again.";
    return false;
  } finally {
    isSending = false;
  }
}

async function sendWritten() {
  const [file] = picture.files;
  const body = box.value;
  if (!body.trim() && !file) {
    at("problem").textContent = "Write something, or choose a photo.";
    box.focus();
    return;
  }
  if (file && file.size > largestPicture) {
    at("problem").textContent = `A text carries a photo of ${largestPicture / 1024 / 1024} MB at most.`;
    return;
  }
  const what = { body };
  if (file) what.picture = { type: file.type || "application/octet-stream", content: await inBase64(file) };
  if (!(await send(what))) return;
  if (box.value === body) box.value = "";
  picture.value = "";
  box.focus();
}

const inBase64 = (file) =>
  new Promise((done, failed) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => done(reader.result.split(",")[1] ?? ""));
    reader.addEventListener("error", () => failed(reader.error));
    reader.readAsDataURL(file);
  });

at("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  sendWritten();
});
box.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  sendWritten();
});
at("asks").addEventListener("click", ({ target }) => {
  if (target.matches("button")) send({ body: target.textContent });
});
place?.addEventListener("submit", (event) => {
  event.preventDefault();
  const [lat, long] = ["lat", "long"].map((id) => Number(at(id).value.trim() || NaN));
  if (Math.abs(lat) <= 90 && Math.abs(long) <= 180) send({ place: { lat, long } });
  else at("problem").textContent = "A location is a latitude from -90 to 90 and a longitude from -180 to 180.";
});
down.addEventListener("change", async () => {
  try {
    await tell("PUT", "/demo/phone/carrier", { down: down.checked });
  } catch {
    at("problem").textContent = "The carrier did not change.";
  }
});

take().then(lookForEver);
