// Under an answer: whether it helped, and a sentence about it for who likes to write one. It can be changed at any time.

import { judge } from "./connection.js";
import { element } from "./elements.js";
import { kept } from "./kept.js";

const LONGEST = 500; // as the server takes them

/** Say whether a message is an answer that can be judged, as the server sees it (conversations/feedback.py). */
const isAnswer = ({ from, outcome, service_id, places }) =>
  from === "assistant" && ((outcome === "answer" && service_id) || (outcome === "place" && places?.length));

/** Return what stands under an answer; nothing under other messages. `announce(text)` tells those who do not see it. */
export function feedbackOf(message, texts, announce) {
  if (!isAnswer(message)) return null;
  const label = element("p", { id: `feedback-${message.id}` }, texts.feedback);
  const told = element("p", { class: "feedback-told", id: `feedback-told-${message.id}` });
  const yes = element("button", { type: "button", "aria-pressed": "false" }, texts.feedback_yes);
  const no = element("button", { type: "button", "aria-pressed": "false" }, texts.feedback_no);
  const group = element("div", { class: "feedback", role: "group", "aria-labelledby": label.id }, label, yes, no, told);
  let form = null;

  function show(helpful) {
    yes.setAttribute("aria-pressed", String(helpful === true));
    no.setAttribute("aria-pressed", String(helpful === false));
  }

  function tell(text) {
    told.textContent = text;
    announce(text);
  }

  async function give(helpful, sentence) {
    const before = judged(message.id);
    show(helpful);
    try {
      const { is_answered } = await judge(kept.get("conversation"), message.seq, sentence ? { helpful, sentence } : { helpful });
      kept.set("judged", { ...kept.get("judged"), [message.id]: helpful });
      // What was written and not sent yet is not lost when they change their mind.
      const written = sentence ? "" : (form?.querySelector("textarea").value ?? "");
      form?.remove();
      form = null;
      if (sentence) return tell(is_answered ? texts.feedback_answered : texts.feedback_thanks);
      tell(`${texts.feedback_thanks} ${texts.feedback_more}`);
      form = sentenceForm(helpful, written);
      group.append(form);
    } catch {
      show(before);
      tell(texts.feedback_failed);
    }
  }

  function sentenceForm(helpful, written) {
    const id = `feedback-words-${message.id}`;
    const words = element("textarea", { id, rows: "2", maxlength: String(LONGEST), "aria-describedby": `${id}-hint` });
    words.value = written;
    const made = element(
      "form",
      { class: "feedback-words" },
      element("label", { for: id }, helpful ? texts.feedback_good : texts.feedback_missing),
      element("p", { id: `${id}-hint` }, texts.feedback_hint),
      words,
      element("button", { type: "submit" }, texts.feedback_send),
    );
    made.addEventListener("submit", (event) => {
      event.preventDefault();
      const sentence = words.value.replace(/[^\P{Cc}\n\t]/gu, "").trim();
      (helpful ? yes : no).focus();
      if (sentence) give(helpful, sentence);
      else made.remove();
    });
    return made;
  }

  yes.addEventListener("click", () => give(true));
  no.addEventListener("click", () => give(false));
  show(judged(message.id));
  return group;
}

// What was said of an answer earlier in this tab.
const judged = (id) => kept.get("judged")?.[id];
