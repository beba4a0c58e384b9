// What this tab remembers until it is closed: the conversation's id and token, the draft, what is not sent yet.
// Never what was said. In a frame whose storage the browser blocks, the page itself remembers.

const memory = new Map();

export const kept = {
  get(name) {
    try {
      return JSON.parse(sessionStorage.getItem(`ask311.${name}`));
    } catch {
      return memory.get(name) ?? null;
    }
  },
  set(name, value) {
    try {
      if (value === null || value === "") sessionStorage.removeItem(`ask311.${name}`);
      else sessionStorage.setItem(`ask311.${name}`, JSON.stringify(value));
    } catch {
      memory.set(name, value);
    }
  },
};
