// Speaks with the web chat's endpoints: starts a conversation, hands messages in, follows what is said.
// Knows nothing of the page. Each message is handed in with its own id, so sending again is safe.

const API = "/api/chat/conversations";
const SEND_MS = 15_000;
const PHOTO_MS = 70_000; // the server reads a photo for 60 s
const SILENT_MS = 40_000; // the server shows every 15 s that a stream is alive
const FIRST_BYTES_MS = 6_000; // something on the way holds streams back: ask instead
const POLL_SECONDS = 25;
const LONGEST_PAUSE_MS = 30_000;

/** A refusal as the server has them: its status, the code of what is wrong, and when to come back, if it says so. */
export class Refused extends Error {
  constructor(status, { code = "", retryAfter = 0 } = {}) {
    super(`refused: ${status} ${code}`);
    Object.assign(this, { status, code, retryAfter });
  }
}

async function refusal(response) {
  const told = await response.json().catch(() => null); // whatever is on the way may answer in other forms
  const retryAfter = Number(response.headers.get("Retry-After")) || 0;
  return new Refused(response.status, { code: told?.error?.code, retryAfter });
}

export const pause = (ms, signal) =>
  new Promise((done) => {
    const timer = setTimeout(done, ms);
    signal?.addEventListener("abort", () => (clearTimeout(timer), done()), { once: true });
  });

/** Return how long to wait before the next attempt: longer each time, and not all clients at once. */
export const backoff = (attempt) =>
  Math.min(LONGEST_PAUSE_MS, 500 * 2 ** attempt) * (0.75 + Math.random() / 2);

async function call(path, options = {}) {
  const response = await fetch(API + path, { cache: "no-store", credentials: "omit", ...options });
  if (!response.ok) throw await refusal(response);
  return response;
}

// The body of the answer, all of it within `ms`; `as`: which form it is read in.
async function body(path, options, ms, { as = "json", signal } = {}) {
  const line = new AbortController();
  const stop = () => line.abort();
  const timer = setTimeout(stop, ms);
  signal?.addEventListener("abort", stop, { once: true });
  try {
    return await (await call(path, { ...options, signal: line.signal }))[as]();
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", stop);
  }
}

const bearer = ({ token }) => ({ Authorization: `Bearer ${token}` });
const post = (body, headers) => ({
  method: "POST",
  headers: { "Content-Type": "application/json", ...headers },
  body: JSON.stringify(body),
});

/** Start a conversation; return {id, token}. */
export async function start(language) {
  const started = await body("", post({ language }), SEND_MS);
  return { id: started.conversation_id, token: started.token };
}

/** Hand a message in; return {message_id, seq}. */
export const send = (conversation, message) =>
  body(`/${conversation.id}/messages`, post(message, bearer(conversation)), SEND_MS);

/** Hand a photo in, without the name of its file; return {message_id, seq}. */
export function sendPhoto(conversation, { client_message_id }, photo) {
  const form = new FormData();
  form.append("client_message_id", client_message_id);
  form.append("photo", photo, "photo");
  const options = { method: "POST", headers: bearer(conversation), body: form };
  return body(`/${conversation.id}/photos`, options, PHOTO_MS);
}

/** Say whether the answer with this number helped; return what became of the sentence. */
export const judge = (conversation, seq, given) =>
  body(`/${conversation.id}/messages/${seq}/feedback`, post(given, bearer(conversation)), SEND_MS);

/** Return a photo that was sent in this conversation. */
export const readPhoto = (conversation, id) =>
  body(`/${conversation.id}/photos/${encodeURIComponent(id)}`, { headers: bearer(conversation) }, PHOTO_MS, { as: "blob" });

/** Read what was said after message number `after`, waiting for it if told to. */
export const read = (conversation, after, { wait = 0, signal } = {}) =>
  body(
    `/${conversation.id}/messages?after=${after}&wait=${wait}`,
    { headers: bearer(conversation) },
    SEND_MS + wait * 1000,
    { signal },
  );

/**
 * Follow a conversation until `signal` ends it, coming back whenever the line breaks.
 *
 * `on` has message(m), state(s), lost(), alive() and gone(): the conversation cannot be opened (any more).
 * EventSource cannot send a token, so the stream is read by hand.
 */
export async function follow(conversation, after, on, signal) {
  let known = after;
  let failures = 0;
  let streams = true;
  const told = {
    ...on,
    message(m) {
      known = Math.max(known, m.seq);
      on.message(m);
    },
    alive() {
      failures = 0;
      on.alive();
    },
  };
  while (!signal.aborted) {
    const way = streams ? stream : poll;
    try {
      await way(conversation, known, told, signal);
    } catch (fault) {
      if (signal.aborted) return;
      if ([401, 403, 404].includes(fault.status)) return on.gone();
      if (fault.cause === "held back") {
        streams = false;
        continue;
      }
      failures += 1;
      if (failures > 1) on.lost();
      await Promise.race([pause(Math.max(backoff(failures), (fault.retryAfter ?? 0) * 1000), signal), online()]);
    }
  }
}

const online = () => new Promise((done) => addEventListener("online", done, { once: true }));

async function stream(conversation, after, on, signal) {
  const line = new AbortController();
  const stop = () => line.abort();
  signal.addEventListener("abort", stop, { once: true });
  let timer = setTimeout(stop, SEND_MS);
  let heard = false;
  try {
    const response = await call(`/${conversation.id}/events`, {
      headers: { ...bearer(conversation), Accept: "text/event-stream", "Last-Event-ID": String(after) },
      signal: line.signal,
    });
    if (!response.body) throw new Error("no stream", { cause: "held back" });
    clearTimeout(timer);
    timer = setTimeout(stop, FIRST_BYTES_MS);
    let rest = "";
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { value, done } = await reader.read();
      if (done) break;
      clearTimeout(timer);
      timer = setTimeout(stop, SILENT_MS);
      heard = true;
      on.alive();
      const events = (rest + value).split("\n\n");
      rest = events.pop();
      events.forEach((event) => dispatch(event, on));
    }
  } catch (fault) {
    const heldBack = line.signal.aborted && !signal.aborted && !heard && !(fault instanceof Refused);
    throw heldBack ? new Error("no stream", { cause: "held back" }) : fault;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
    stop();
  }
  // The server ended it, as it does when it restarts.
  await pause(1_000, signal);
}

function dispatch(event, on) {
  let kind = "message";
  let data = "";
  for (const line of event.split("\n")) {
    if (line.startsWith("event: ")) kind = line.slice(7);
    if (line.startsWith("data: ")) data += line.slice(6);
  }
  if (data) (kind === "state" ? on.state : on.message)(JSON.parse(data));
}

async function poll(conversation, after, on, signal) {
  // While an answer is to come the call returns with it; nothing new is no reason to hurry.
  const found = await read(conversation, after, { wait: POLL_SECONDS, signal });
  on.alive();
  found.messages.forEach(on.message);
  on.state({ state: found.state, pending: found.pending });
}
