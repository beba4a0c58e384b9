// Messages on their way: one at a time and in order, sent again under the same id until they are accepted.
// What is not accepted yet is kept in this tab's storage, so that a reload loses no words. Photos are too large for that:
// a reload loses those, and `lost` says so. Words wait for a photo before them only for a moment: they may be of danger.

import { backoff, pause, Refused, send, sendPhoto, start } from "./connection.js";
import { kept } from "./kept.js";

const ATTEMPTS = 4;
const LONGEST_WAIT_SECONDS = 60;
const GONE = [401, 403, 404];
const FOR_A_PHOTO_MS = 4_000;

// Browsers offer randomUUID only over HTTPS and on this machine itself.
const newId = () =>
  crypto.randomUUID?.() ?? Array.from(crypto.getRandomValues(new Uint32Array(4)), (n) => n.toString(16)).join("-");

const isWorthAnother = (fault) => !(fault instanceof Refused) || fault.status >= 500 || fault.status === 408;

/**
 * The messages of one tab that are not accepted yet, in two lanes: words (with choices and locations), and photos.
 *
 * `on` has accepted(entry, answer), refused(entry, refusal), failed(entry), waiting(seconds), retrying(),
 * started(conversation) and gone().
 */
export class Outbox {
  #on;
  #entries = [];
  #photos = new Map(); // entry -> its photo, a promise; tried, a promise; and what says that it was tried
  #lanes = [true, false].map((isPhoto) => ({ isPhoto, isBusy: false, hasFailed: false }));
  #starting = null;

  constructor(on) {
    this.#on = on;
    const before = kept.get("unsent") ?? [];
    this.#keep(before.filter((entry) => !entry.isPhoto).map((entry) => ({ ...entry, isPhoto: false })));
    /** Whether a photo waited that is no longer there. */
    this.lost = before.length > this.#entries.length;
  }

  /** What was written and not accepted, as when the page is loaded again. */
  get entries() {
    return [...this.#entries];
  }

  /** What waits to be tried again, photos before words: {isPhoto}; undefined if nothing does. */
  get failed() {
    return this.#lanes.find((lane) => lane.hasFailed);
  }

  /**
   * Take a message, with the words to show: {text}, {choice_id} or {location}; or {} and the promise of a photo, which
   * may be broken by a Refused. Sends nothing yet.
   */
  add(message, shown, photo = null) {
    const entry = { shown, isPhoto: Boolean(photo), message: { client_message_id: newId(), ...message } };
    if (photo) {
      photo.catch(() => {}); // it is told when its turn comes
      let wasTried;
      const tried = new Promise((done) => (wasTried = done));
      this.#photos.set(entry, { photo, tried: Promise.race([tried, pause(FOR_A_PHOTO_MS)]), wasTried });
    }
    this.#keep([...this.#entries, entry]);
    return entry;
  }

  /** Send all that waits. */
  flush() {
    this.#lanes.forEach((lane) => this.#run(lane));
  }

  /** Forget all that waits. */
  clear() {
    this.#starting = null;
    this.#lanes.forEach((lane) => (lane.hasFailed = false));
    this.#keep([]);
  }

  #keep(entries) {
    this.#entries = entries;
    for (const [entry, { wasTried }] of this.#photos) {
      if (entries.includes(entry)) continue;
      this.#photos.delete(entry);
      wasTried();
    }
    kept.set("unsent", entries.length ? entries : null);
  }

  async #run(lane) {
    if (lane.isBusy) return;
    Object.assign(lane, { isBusy: true, hasFailed: false });
    try {
      for (let entry; (entry = this.#entries.find((one) => one.isPhoto === lane.isPhoto)); ) {
        if (!lane.isPhoto) await this.#photosBefore(entry);
        if (await this.#hand(entry)) continue;
        lane.hasFailed = true;
        this.#on.failed(entry);
        return;
      }
    } finally {
      lane.isBusy = false;
    }
  }

  async #photosBefore(entry) {
    const before = this.#entries.slice(0, this.#entries.indexOf(entry));
    await Promise.all(before.map((one) => this.#photos.get(one)?.tried));
  }

  // True when the next one may go.
  async #hand(entry) {
    for (let attempt = 1; ; attempt += 1) {
      // Cleared while it waited: then it must not go into the conversation that came after.
      if (!this.#entries.includes(entry)) return true;
      let conversation = null;
      try {
        const photo = await this.#photos.get(entry)?.photo;
        conversation = await this.#conversation();
        if (!this.#entries.includes(entry)) return true;
        const answer = await (photo ? sendPhoto(conversation, entry.message, photo) : send(conversation, entry.message));
        if (!this.#entries.includes(entry)) return true;
        this.#keep(this.#entries.filter((other) => other !== entry));
        this.#on.accepted(entry, answer);
        return true;
      } catch (fault) {
        if (!this.#entries.includes(entry)) return true;
        this.#photos.get(entry)?.wasTried();
        if (GONE.includes(fault.status) && conversation) {
          // The other lane may have found out before, and be in the next conversation already.
          if (kept.get("conversation")?.id === conversation.id) this.#on.gone();
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
          return false;
        } else {
          this.#keep(this.#entries.filter((other) => other !== entry));
          this.#on.refused(entry, fault);
          return true;
        }
      }
    }
  }

  // One for both lanes: the first message of either starts it. Null if all was cleared meanwhile.
  #conversation() {
    const known = kept.get("conversation");
    if (known) return known;
    if (this.#starting) return this.#starting;
    const mine = start(document.documentElement.lang.slice(0, 2))
      .then((conversation) => {
        if (this.#starting !== mine) return null;
        kept.set("conversation", conversation);
        this.#on.started(conversation);
        return conversation;
      })
      .finally(() => {
        if (this.#starting === mine) this.#starting = null;
      });
    return (this.#starting = mine);
  }
}
