// The page of a conversation: new messages as they come, answers without leaving the page, texts put into the answer. All of
// it works without this, as plain forms.

const LENGTH_MS = 250; // after the last key

const transcript = document.getElementById("transcript");
const messages = document.getElementById("messages");
const base = transcript.dataset.conversation;
const notice = document.getElementById("notice");
document.documentElement.classList.add("is-scripted");
transcript.classList.add("is-live");

const lastSeq = () => Number(messages.lastElementChild?.dataset.seq ?? 0);
const toEnd = () => transcript.scrollTo({ top: transcript.scrollHeight });
toEnd();

/** Fetch a part of the page; whoever is signed out meanwhile goes to sign in. */
async function part(path, options = {}) {
  const response = await fetch(path, { ...options, headers: { "HX-Request": "true", "HX-Current-URL": location.href } });
  if (response.status === 401) location.assign(response.headers.get("HX-Redirect") ?? "/staff/sign-in");
  return response;
}

// ── what was said ──

let renewing = null;

// One at a time: what comes while it is under way is fetched after it.
async function renew() {
  const before = renewing;
  const mine = (renewing = (async () => {
    await before;
    if (renewing !== mine) return; // somebody else comes after this
    const isAtEnd = transcript.scrollHeight - transcript.scrollTop - transcript.clientHeight < 60;
    const [said, standing] = await Promise.all([part(`${base}/new?after=${lastSeq()}`), part(`${base}/standing`)]);
    if (!said.ok || !standing.ok) return tell("The line does not answer just now. Trying again by itself.");
    tell("");
    messages.insertAdjacentHTML("beforeend", await said.text());
    if (isAtEnd) toEnd();
    replace(document.getElementById("standing"), await standing.text());
    for (const field of document.querySelectorAll("input[name=seen]")) field.value = lastSeq();
  })().catch(() => tell("The connection is lost. Trying again by itself.")));
  await mine;
}

function tell(text) {
  if (notice.textContent !== text) notice.textContent = text;
}

// The focus stays on the button that it was on.
function replace(old, html) {
  const focused = old.contains(document.activeElement) ? document.activeElement.id : "";
  old.outerHTML = html;
  if (focused) document.getElementById(focused)?.focus();
}

const news = new EventSource(`${base}/events?after=${lastSeq()}`);
news.addEventListener("news", renew);
addEventListener("pagehide", () => news.close());

// ── the answer ──

const box = () => document.getElementById("text");

function put(text) {
  const answer = box();
  answer.value = [answer.value.trim(), text].filter(Boolean).join("\n\n");
  answer.focus();
  measure();
}

async function send(form) {
  const button = document.getElementById("send");
  button.disabled = true;
  try {
    const response = await part(form.action, { method: "POST", body: new FormData(form) });
    if (![200, 409, 422].includes(response.status)) throw new Error(response.status);
    form.outerHTML = await response.text();
    (document.getElementById("fault") ?? box()).focus();
    renew();
  } catch {
    tell("This was not sent. Your words are still in the box: try again.");
    button.disabled = false;
  }
}

async function search(form, to) {
  const response = await part(to, { method: "POST", body: new FormData(form) });
  if (response.ok) document.getElementById("found").innerHTML = await response.text();
  else tell("The search does not answer just now.");
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.id !== "reply") return;
  event.preventDefault();
  const button = event.submitter;
  const ready = document.getElementById("ready");
  if (button?.dataset.text) put(button.dataset.text);
  else if (button?.dataset.insertFrom) put(ready.selectedOptions[0]?.dataset.text ?? "");
  else if (button?.hasAttribute("formaction")) search(form, button.formAction);
  else send(form);
});

document.addEventListener("keydown", (event) => {
  const isSend = event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing;
  if (isSend && event.target.id === "text") event.target.form.requestSubmit(document.getElementById("send"));
});

// ── its length as text messages ──

let measuring = 0;

function measure() {
  clearTimeout(measuring);
  const length = document.getElementById("length");
  if (!length) return;
  measuring = setTimeout(async () => {
    const response = await part(length.dataset.length, { method: "POST", body: new FormData(box().form) });
    if (response.ok) length.textContent = (await response.text()).trim();
  }, LENGTH_MS);
}

document.addEventListener("input", (event) => event.target.id === "text" && measure());
