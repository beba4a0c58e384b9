// Has things said aloud by screen readers: in one place, and only what is new.

const GATHER_MS = 150; // what comes together is said together

/** Return announce(text), and hush(): what was said or is about to be is no longer new. */
export function announcing(region) {
  let news = [];
  let timer = 0;

  function announce(text) {
    news.push(text);
    clearTimeout(timer);
    timer = setTimeout(() => {
      region.replaceChildren(news.join(" "));
      news = [];
    }, GATHER_MS);
  }

  function hush() {
    clearTimeout(timer);
    news = [];
    region.replaceChildren();
  }

  return { announce, hush };
}
