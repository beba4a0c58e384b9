// Messages on their way: one at a time and in order, sent again under the same id until they are accepted.
// What is not accepted yet is kept in this tab's storage, so that a reload loses no words.

import { backoff, pause, Refused, send, start } from "./connection.js";
import { kept } from "./kept.js";

const ATTEMPTS = 4;
const LONGEST_WAIT_SECONDS = 60;
const GONE = [401, 403, 404];

// Browsers offer randomUUID only over HTTPS and on this machine itself.
const newId = () =>
  crypto.randomUUID?.() ?? Array.from(crypto.getRandomValues(new Uint32Array(4)), (n) => n.toString(16)).join("-");

const isWorthAnother = (fault) => !(fault instanceof Refused) || fault.status >= 500 || fault.status === 408;

/**
 * The messages of one tab that are not accepted yet.
 *
 * `on` has accepted(entry, answer), refused(entry, status), failed(), waiting(seconds), retrying(),
 * started(conversation) and gone().
 */
export class Outbox {
  #on;
  #entries = kept.get("unsent") ?? [];
  #isBusy = false;

  constructor(on) {
    this.#on = on;
  }

  /** What was written and not accepted, as when the page is loaded again. */
  get entries() {
    return [...this.#entries];
  }

  /** Take a message: {text} or {choice_id}, with the words to show. Sends it, and what waits before it. */
  add(message, shown) {
    const entry = { shown, message: { client_message_id: newId(), ...message } };
    this.#keep([...this.#entries, entry]);
    return entry;
  }

  /** Send all that waits. */
  async flush() {
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      while (this.#entries.length) if (!(await this.#hand(this.#entries[0]))) return;
    } finally {
      this.#isBusy = false;
    }
  }

  /** Forget all that waits. */
  clear() {
    this.#keep([]);
  }

  #keep(entries) {
    this.#entries = entries;
    kept.set("unsent", entries.length ? entries : null);
  }

  // True when the next one may go.
  async #hand(entry) {
    for (let attempt = 1; ; attempt += 1) {
      // Cleared while it waited: then it must not go into the conversation that came after.
      if (!this.#entries.includes(entry)) return true;
      try {
        const answer = await this.#send(entry);
        if (!this.#entries.includes(entry)) return true;
        this.#keep(this.#entries.filter((other) => other !== entry));
        this.#on.accepted(entry, answer);
        return true;
      } catch (fault) {
        if (!this.#entries.includes(entry)) return true;
        if (GONE.includes(fault.status) && kept.get("conversation")) {
          this.#on.gone();
          attempt = 0;
          // A choice was offered in the conversation that is gone; its words still say what is meant.
          if (entry.message.choice_id) {
            entry.message = { client_message_id: newId(), text: entry.shown };
            this.#keep(this.#entries);
          }
        } else if (fault.status === 429 && fault.retryAfter <= LONGEST_WAIT_SECONDS) {
          const seconds = fault.retryAfter || 2;
          this.#on.waiting(seconds);
          await pause(seconds * 1000);
        } else if (isWorthAnother(fault) && attempt < ATTEMPTS) {
          this.#on.retrying();
          await pause(Math.max(backoff(attempt), (fault.retryAfter ?? 0) * 1000));
        } else if (isWorthAnother(fault) || fault.status === 429) {
          this.#on.failed();
          return false;
        } else {
          this.#keep(this.#entries.filter((other) => other !== entry));
          this.#on.refused(entry, fault.status);
          return true;
        }
      }
    }
  }

  async #send(entry) {
    let conversation = kept.get("conversation");
    if (!conversation) {
      conversation = await start(document.documentElement.lang.slice(0, 2));
      if (!this.#entries.includes(entry)) return null;
      kept.set("conversation", conversation);
      this.#on.started(conversation);
    }
    return send(conversation, entry.message);
  }
}
