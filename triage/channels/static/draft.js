// What stands in the text box: kept in this tab until it is sent, and counted when it gets long.

import { filled } from "./elements.js";
import { kept } from "./kept.js";

const NEAR_LIMIT = 200;
const TELL_AFTER_MS = 1_000; // when somebody stops writing

/** The number of characters as people count them. */
export const lengthOf = (text) => [...text].length;

/** Return write(text), which puts words in the box; those of before a reload are there already. */
export function drafting({ box, counter, longest, texts, announce }) {
  let telling = 0;

  function note() {
    kept.set("draft", box.value);
    const left = longest - lengthOf(box.value);
    counter.hidden = left > NEAR_LIMIT;
    box.toggleAttribute("aria-invalid", left < 0);
    counter.textContent = counter.hidden ? "" : filled(left < 0 ? texts.over : texts.left, { count: Math.abs(left) });
    clearTimeout(telling);
    if (!counter.hidden) telling = setTimeout(() => announce(counter.textContent), TELL_AFTER_MS);
  }

  function write(text) {
    box.value = text;
    note();
  }

  box.addEventListener("input", note);
  write(kept.get("draft") ?? "");
  return { write };
}
